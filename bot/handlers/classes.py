"""/classes: the ten kinds of garment, with a picture of each."""

import asyncio

from telegram import Message
from telegram.error import BadRequest, InvalidToken

from model.common.labels import LABELS
from model.common.languages.sentences import say
from model.common.pictograms import classes_picture


class Classes:
    """Shows the classes. The picture is uploaded once per language; then its file_id does."""

    def __init__(self) -> None:
        self._file_ids: dict[str, str] = {}

    async def show(self, message: Message, language: str) -> None:
        """Reply with the picture, the names under it."""
        names = "\n".join(f"{label.emoji} {label.in_language(language)}" for label in LABELS)
        caption = say(language, "classes", list=names)
        if file_id := self._file_ids.get(language):
            try:
                await message.reply_photo(file_id, caption=caption)
            except BadRequest:
                del self._file_ids[language]  # another server, which does not know the file
            else:
                return
        await self._upload(message, language, caption)

    async def _upload(self, message: Message, language: str, caption: str) -> None:
        picture = await asyncio.to_thread(classes_picture, language)
        try:
            sent = await message.reply_photo(picture, caption=caption, filename="classes.png")
        except (BadRequest, InvalidToken):
            # No pictures in this chat, or a server that does not know sendPhoto (404).
            await message.reply_text(caption)
            return
        if sent.photo:
            self._file_ids[language] = sent.photo[-1].file_id
