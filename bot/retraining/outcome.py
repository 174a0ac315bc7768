"""Tells the outcome of a retraining: the message that followed it, an album, the verdict."""

import html
import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from telegram import InputMediaPhoto
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot.retraining.candidate_buttons import under_verdict
from bot.retraining.progress_text import ending
from bot.transport.delivery import KEEP_TRYING_SECONDS, deliver, unchanged
from bot.transport.delivery import REFUSED as NEVER_TAKEN
from bot.transport.outage import Outage
from model.common.languages.sentences import say
from model.common.retraining.job_slot import ChatSlot, Snapshot
from model.common.retraining.messages import Outcome
from model.common.retraining.outcome_text import headline, learned, reason, remarks, table

log = logging.getLogger(__name__)

# An album is not worth that long a wait: until the outcome is told, no other retraining begins.
ALBUM_SECONDS = 900
MOST_PICTURES = 10  # of an album
# A message that was deleted, or stayed behind in the group that the supergroup was.
GONE: tuple[type[TelegramError], ...] = (BadRequest, ChatMigrated)
# A small server of the Bot API may lack a method (404, which the library takes for a wrong token).
REFUSED: tuple[type[TelegramError], ...] = (*NEVER_TAKEN, InvalidToken)


async def put(
    bot: ExtBot[int], found: Snapshot, text: str, *, resend: tuple[type[TelegramError], ...]
) -> int | None:
    """Put the text into the message that follows the job, without its buttons.

    A message that cannot be edited, by one of the errors `resend`, is replaced by a new one: its
    number is returned. Raises the other TelegramErrors.
    """
    try:
        await bot.edit_message_text(text, found.job.chat_id, found.message_id)
        return None
    except TelegramError as error:
        if unchanged(error):
            return None
        if not isinstance(error, resend):
            raise
    sent = await bot.send_message(
        found.job.chat_id, text, message_thread_id=found.job.topic, rate_limit_args=1
    )
    return sent.message_id


class OutcomeTeller:
    """Tells each outcome at least once, step by step, and then clears the slot.

    Each finished step is recorded in the slot: a bot that dies in the middle repeats at most one.
    """

    def __init__(self, slot: ChatSlot, bot: ExtBot[int]) -> None:
        self._slot = slot
        self._bot = bot
        self._redis_outage = Outage("Telling the retraining's outcome")
        self._telegram_outage = Outage("Sending the retraining's outcome to Telegram")

    async def tell(self, found: Snapshot) -> None:
        """Return once Telegram has it all, or will never take it, and the slot is free."""
        steps = (self._end, self._album, self._verdict)
        for done, step in enumerate(steps[found.told :], start=found.told + 1):
            seconds = ALBUM_SECONDS if step == self._album else KEEP_TRYING_SECONDS
            await self._accepted(found, step, seconds)
            # At least once: Telegram has it, and only now is it noted. A crash before this line
            # sends it a second time.
            await self._redis_outage.outlast(partial(self._slot.note_told, found.job.id, done))
        await self._redis_outage.outlast(partial(self._slot.clear, found.job.id))

    async def lost(self, found: Snapshot) -> None:
        """Say that a retraining is no more: it left Redis without an outcome."""
        await self._accepted(found, self._end, KEEP_TRYING_SECONDS)

    async def _end(self, found: Snapshot) -> None:
        text = ending(found, found.job.language)
        await put(self._bot, found, text, resend=(*GONE, InvalidToken))

    async def _album(self, found: Snapshot) -> None:
        pictures = await self._redis_outage.outlast(self._slot.album)
        if not pictures:
            return
        caption = say(found.job.language, "retrain-album")
        options: dict[str, Any] = {"caption": caption, **_below(found)}
        if len(pictures) == 1:
            await self._bot.send_photo(photo=pictures[0], **options, rate_limit_args=1)
            return
        media = [InputMediaPhoto(picture) for picture in pictures[:MOST_PICTURES]]
        await self._bot.send_media_group(media=media, **options)

    async def _verdict(self, found: Snapshot) -> None:
        # Who cancelled knows, and the message that followed it says so to all others.
        outcome, language = found.outcome, found.job.language
        if outcome is None or outcome.verdict == "cancelled":
            return
        aside = outcome.version if outcome.verdict == "kept" else None
        # A message of its own, as Telegram notifies nobody of an edit.
        await self._bot.send_message(
            text=verdict(outcome, language),
            parse_mode=ParseMode.HTML,
            reply_markup=under_verdict(aside, language) if aside else None,
            rate_limit_args=1,
            **_below(found),
        )

    async def _accepted(
        self, found: Snapshot, step: Callable[[Snapshot], Awaitable[None]], seconds: float
    ) -> None:
        """Return when Telegram accepted the step, or when there is no hope that it will."""
        error = await deliver(
            lambda: step(found),
            what=f"A part of retraining {found.job.id}",
            outage=self._telegram_outage,
            give_up_at=time.time() + seconds,
            refused=REFUSED,
        )
        if error:
            log.warning("A part of retraining %s's outcome is given up: %s", found.job.id, error)


def verdict(outcome: Outcome, language: str) -> str:
    """The figures of the old and the new model side by side, and the reason; HTML."""
    lines = [f"<b>{html.escape(headline(outcome, language))}</b>", learned(outcome, language)]
    if figures := table(outcome, language):
        lines.append(f"<pre>{html.escape(figures)}</pre>")
    lines += [*remarks(outcome, language), html.escape(reason(outcome, language))]
    return "\n".join(filter(None, lines))


def _below(found: Snapshot) -> dict[str, Any]:
    """Where its outcome goes: in reply to the message that followed it, if that is still there."""
    return {
        "chat_id": found.job.chat_id,
        "reply_to_message_id": found.message_id,
        "allow_sending_without_reply": True,
        "message_thread_id": found.job.topic,
    }
