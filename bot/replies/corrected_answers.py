"""Corrected answers: a worker redraws the chart, and the message shows the new one."""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from telegram import InlineKeyboardMarkup, InputMediaPhoto, Message
from telegram.error import BadRequest, ChatMigrated, InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot.replies import keyboards
from bot.replies.albums.summary import Finding, summary
from bot.replies.captions import corrected
from bot.transport.delivery import unchanged
from bot.transport.downloads import download
from bot.transport.outage import Outage
from model.common.corrections.answer_record import AnswerRecord, AnswerSummary
from model.common.corrections.book import CorrectionBook
from model.common.queue.messages import Answer, Correction, PhotoJob
from model.common.queue.photo_queue import PhotoQueue, QueueFull

log = logging.getLogger(__name__)

# Seconds between two attempts to queue a photo for which there is no room.
TRY_AGAIN_SECONDS = 0.5


class Redrawer:
    """Has corrected answers redrawn, and shows them."""

    def __init__(self, bot: ExtBot[int], book: CorrectionBook, queue: PhotoQueue) -> None:
        self._book = book
        self._bot = bot
        self._queue = queue
        self._outage = Outage("Redrawing corrected answers")

    async def redraw(self, record: AnswerRecord, edits: int, *, patience: float = 0.0) -> None:
        """Queue the photo, for the message `edits` to show what was said of its answer.

        Once for each turn, however often it is called. Where Telegram no longer gives the photo,
        only the words change; also if the queue is full and a correction was taken back.
        Raises QueueFull for any other, if there is still no room after `patience` seconds.
        """
        answered, choice = record.answered, record.choice
        correction = Correction(
            answer_id=answered.id,
            edits=edits,
            turn=record.turn,
            label=choice.label if choice else None,
            prediction=answered.prediction,
        )
        name = f"{answered.id}-c{record.turn}"
        image = await download(self._bot, answered.address.file_id, what=name)
        if image is None:
            await self.say(correction, record)
            return
        if choice:
            # Read after the choice was written: a consent given in between counts, see `allow`.
            consent = await self._outage.outlast(
                partial(self._book.consent, answered.address.user_id)
            )
            keep = consent == "yes" and record.verdict == "wrong"
            correction = replace(correction, keep=keep, made_at=choice.made_at, by=choice.by)
        job = PhotoJob(id=name, address=answered.address, image=image, correction=correction)
        try:
            await self._submit(job, time.monotonic() + patience)
        except QueueFull:
            if choice:
                raise
            await self.say(correction, record)

    async def _submit(self, job: PhotoJob, give_up: float) -> None:
        while True:
            try:
                await self._outage.outlast(lambda: self._queue.submit(job))
            except QueueFull:
                if time.monotonic() >= give_up:
                    raise
                await asyncio.sleep(TRY_AGAIN_SECONDS)
            else:
                return

    async def show(self, answer: Answer, correction: Correction) -> None:
        """Put the answer's new picture into its message, unless more was said of it since.

        Raises telegram.error.TelegramError if another attempt may help, or Telegram forbids it.
        """
        record = await self._outage.outlast(lambda: self._book.find(correction.answer_id))
        if record is None or record.turn != correction.turn:
            # Forgotten, or a later picture is on its way: this one must not cover it.
            log.info("Answer %s is out of date.", answer.id)
            return
        picture = await self._picture(answer, record)
        if picture:
            caption = await self._caption(record, corrected(correction, answer.address.language))
            photo = InputMediaPhoto(picture, caption=caption, filename="answer.jpg")
            try:
                edited = await self._bot.edit_message_media(
                    photo,
                    chat_id=answer.address.chat_id,
                    message_id=correction.edits,
                    reply_markup=await self._buttons(record),
                    rate_limit_args=1,
                )
            except ChatMigrated as error:
                # The message stayed behind in the group that the supergroup was.
                await self._bot.send_photo(
                    error.new_chat_id, picture, caption=caption, rate_limit_args=1
                )
                return
            except (BadRequest, InvalidToken) as error:
                if unchanged(error):
                    return
                # No pictures in this chat, or a server that does not know the method.
                log.info("Answer %s is edited without its picture: %s", answer.id, error)
            else:
                if record.answered.album and isinstance(edited, Message):
                    await self.note_sheet(record.answered, edited)
                return
        await self.say(correction, record)

    async def say(self, correction: Correction, record: AnswerRecord) -> None:
        """Correct the words alone: the caption, or the text of a message without a picture."""
        to = record.answered.address
        text = await self._caption(record, corrected(correction, to.language))
        options: dict[str, Any] = {
            "chat_id": to.chat_id,
            "message_id": correction.edits,
            "reply_markup": await self._buttons(record),
            "rate_limit_args": 1,
        }
        try:
            await self._bot.edit_message_caption(caption=text, **options)
        except (BadRequest, InvalidToken) as error:
            if unchanged(error):
                return
            try:
                await self._bot.edit_message_text(text, **options)
            except (BadRequest, InvalidToken) as problem:
                if not unchanged(problem):
                    # Deleted, or too old to be edited: then nobody misses it.
                    log.info("Message %d cannot be edited: %s", correction.edits, problem)

    async def show_buttons(self, record: AnswerRecord, edits: int) -> None:
        """Put the buttons that fit now under the answer, at once; a courtesy, as all else holds."""
        buttons = await self._buttons(record)
        await self.put(record.answered.address.chat_id, edits, buttons)

    async def turn_to(self, record: AnswerRecord, edits: int) -> None:
        """Open the buttons of one photo of an album below its message, or close them again."""
        answered = record.answered
        records = await self._album(answered)
        if first := _first(records):
            number = answered.album.index(answered.id) + 1
            selected = 0 if first.selected == number else number
            await self._book.select(first.answered.id, selected)
            buttons = keyboards.album(records, selected)
            await self.put(answered.address.chat_id, edits, buttons)

    async def close(self, record: AnswerRecord) -> None:
        """Close the buttons of an album's photo: something was said of it."""
        if first := _first(await self._album(record.answered)):
            await self._book.select(first.answered.id, 0)

    async def note_sheet(self, answered: AnswerSummary, sent: Message) -> None:
        """Remember which picture the message shows, to paste corrected photos into."""
        first = _first(await self._album(answered))
        if first and sent.photo:
            await self._outage.outlast(
                lambda: self._book.show_sheet(first.answered.id, sent.photo[-1].file_id)
            )

    async def _album(self, answered: AnswerSummary) -> list[AnswerRecord | None]:
        return await self._outage.outlast(lambda: self._book.album(answered))

    async def _buttons(self, record: AnswerRecord) -> InlineKeyboardMarkup:
        """The buttons that fit now below the message of this answer."""
        if not record.answered.album:
            return keyboards.of_record(record)
        records = await self._album(record.answered)
        first = _first(records)
        return keyboards.album(records, first.selected if first else 0)

    async def _caption(self, record: AnswerRecord, alone: str) -> str:
        """What is said of the answer `alone`; of an album, what its photos show."""
        if not record.answered.album:
            return alone
        records = await self._album(record.answered)
        findings = [Finding.of_record(each) for each in records]
        language = record.answered.address.language
        return summary(findings, language, correctable=True)

    async def _picture(self, answer: Answer, record: AnswerRecord) -> bytes:
        """The message's new picture, which for an album is its old one with another tile."""
        album = record.answered.album
        if not album or not answer.picture:
            return answer.picture
        first = _first(await self._album(record.answered))
        sheet = None
        if first and first.sheet:
            sheet = await download(self._bot, first.sheet, what=answer.id)
        if sheet is None:
            return b""
        from bot.replies.albums.sheet import replaced  # noqa: PLC0415 - brings the typeface in

        place, tile = album.index(record.answered.id), answer.picture
        return await asyncio.to_thread(replaced, sheet, place, len(album), tile)

    async def put(self, chat_id: int, edits: int, buttons: InlineKeyboardMarkup | None) -> None:
        """Put these buttons, or none, under a message, where Telegram allows it."""
        try:
            await self._bot.edit_message_reply_markup(chat_id, edits, reply_markup=buttons)
        except TelegramError as error:
            if not unchanged(error):
                log.info("The buttons of message %d could not be edited: %s", edits, error)


def _first(records: Sequence[AnswerRecord | None]) -> AnswerRecord | None:
    """The answer that keeps what there is to know of an album's message."""
    return next((record for record in records if record), None)
