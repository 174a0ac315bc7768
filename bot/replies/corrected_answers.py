"""Corrected answers: a worker redraws the chart, and the message shows the new one."""

import asyncio
import logging
import time
from dataclasses import replace
from typing import Any

from telegram import InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import BadRequest, ChatMigrated, InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot.replies import keyboards
from bot.replies.captions import corrected
from bot.transport.downloads import download
from bot.transport.retry import Outage
from model.common.corrections.answer_record import AnswerRecord
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
        only the words change; also where the queue is full and a correction was taken back.
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
                lambda: self._book.consent(answered.address.user_id)
            )
            keep = consent == "yes" and record.verdict == "wrong"
            correction = replace(correction, keep=keep, made_at=choice.made_at)
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

        Raises telegram.error.TelegramError where another attempt may help, or Telegram forbids it.
        """
        record = await self._outage.outlast(lambda: self._book.find(correction.answer_id))
        if record is None or record.turn != correction.turn:
            # Forgotten, or a later picture is on its way: this one must not cover it.
            log.info("Answer %s is out of date.", answer.id)
            return
        if answer.picture:
            photo = InputMediaPhoto(
                answer.picture,
                caption=corrected(correction, answer.address.language),
                filename="answer.jpg",
            )
            try:
                await self._bot.edit_message_media(
                    photo,
                    chat_id=answer.address.chat_id,
                    message_id=correction.edits,
                    reply_markup=keyboards.of_record(record),
                    rate_limit_args=1,
                )
            except ChatMigrated as error:
                # The message stayed behind in the group that the supergroup was.
                await self._bot.send_photo(
                    error.new_chat_id, answer.picture, caption=photo.caption, rate_limit_args=1
                )
                return
            except (BadRequest, InvalidToken) as error:
                if unchanged(error):
                    return
                # No pictures in this chat, or a server that does not know the method.
                log.info("Answer %s is edited without its picture: %s", answer.id, error)
            else:
                return
        await self.say(correction, record)

    async def say(self, correction: Correction, record: AnswerRecord) -> None:
        """Correct the words alone: the caption, or the text of a message without a picture."""
        to = record.answered.address
        text = corrected(correction, to.language)
        options: dict[str, Any] = {
            "chat_id": to.chat_id,
            "message_id": correction.edits,
            "reply_markup": keyboards.of_record(record),
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
        await self.put(record.answered.address.chat_id, edits, keyboards.of_record(record))

    async def put(self, chat_id: int, edits: int, buttons: InlineKeyboardMarkup | None) -> None:
        """Put these buttons, or none, under a message, where Telegram allows it."""
        try:
            await self._bot.edit_message_reply_markup(chat_id, edits, reply_markup=buttons)
        except TelegramError as error:
            if not unchanged(error):
                log.info("The buttons of message %d stay as they are: %s", edits, error)


def unchanged(error: TelegramError) -> bool:
    """Whether Telegram refuses an edit because the message is like that already."""
    return "not modified" in error.message.lower()
