"""Tells people what of theirs was not taken, and why: one message for many photos.

A refusal is recorded in the transaction that refuses, so a crash loses none.
"""

import asyncio
import logging
import time
from contextlib import suppress

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.background import Background
from bot.transport.delivery import KEEP_TRYING_SECONDS, deliver
from bot.transport.outage import Outage
from bot.transport.rate_limiter import FIRST
from model.common.languages.sentences import say
from model.common.queue.refusals import RefusalLog, RefusedPhotos
from model.common.redis_tools.connection import AsyncClient

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds
# Seconds until a person who keeps sending is told again, of all since; more of them the more people
# there are, so that those told again take no more than a third of Telegram's pace.
APART, MOST_MORE = 5.0, 25.0
TOLD_AGAIN_PER_SECOND = 10.0
# Presses answered at the same time. Of more, Telegram stops the clocks by itself, some time later.
MOST_PRESSES = 20


class Refusals:
    """Reports refused photos; no chat waits for another. Stops the clocks of refused presses."""

    def __init__(self, redis: AsyncClient, bot: ExtBot[int], background: Background) -> None:
        self._background = background
        self._refused = RefusalLog(redis)
        self._bot = bot
        self._telling: dict[str, asyncio.Task[None]] = {}
        self._told_at: dict[str, float] = {}  # by the monotonic clock
        self._presses: set[asyncio.Task[None]] = set()
        self._redis_outage = Outage("Looking for refused photos in Redis")
        self._telegram_outage = Outage("Reporting refused photos on Telegram")

    async def run(self) -> None:
        """Report for ever. What was not told is told at the next start."""
        try:
            await self._look()
        finally:
            for task in (*self._telling.values(), *self._presses):
                task.cancel()

    def stop_clock(self, update: Update) -> None:
        """Answer the press of a button that was refused, as far as that holds nothing up."""
        query = update.callback_query
        if query and len(self._presses) < MOST_PRESSES:
            answering = self._answer(query.id)
            task = self._background.start(answering, "a refused press", finite=True)
            self._presses.add(task)
            task.add_done_callback(self._presses.discard)

    async def _answer(self, query_id: str) -> None:
        # A courtesy: it may be too late, or Telegram away.
        with suppress(TelegramError):
            await self._bot.answer_callback_query(query_id, rate_limit_args=1)

    async def _look(self) -> None:
        while True:
            apart = APART + min(MOST_MORE, len(self._told_at) / TOLD_AGAIN_PER_SECOND)
            lately = time.monotonic() - apart
            self._told_at = {who: when for who, when in self._told_at.items() if when > lately}
            # Neither those who are being told just now, nor those who were a moment ago.
            waiting = await self._redis_outage.outlast(
                lambda: self._refused.all(but=self._telling.keys() | self._told_at.keys())
            )
            for name, photos in waiting.items():
                telling = self._tell(name, photos)
                task = self._background.start(telling, f"refusal {name}", finite=True)
                self._telling[name] = task
            await asyncio.sleep(LOOK_EVERY)

    async def _tell(self, name: str, photos: RefusedPhotos) -> None:
        try:
            await self._send(name, photos)
            self._told_at[name] = time.monotonic()
            # At-least-once: a crash before this line tells of the same photos again.
            await self._redis_outage.outlast(lambda: self._refused.told(name, photos.count))
        finally:
            del self._telling[name]

    async def _send(self, name: str, photos: RefusedPhotos) -> None:
        """Return when Telegram accepted it, or when there is no hope that it will."""
        chat_id, _, *topic = name.split(":")
        error = await deliver(
            lambda: self._bot.send_message(
                int(chat_id),
                sentence(photos),
                reply_to_message_id=photos.message_id,
                allow_sending_without_reply=True,
                message_thread_id=int(topic[0]) if topic else None,
                rate_limit_args=FIRST,  # sooner said than the answers before it
            ),
            what=f"What chat {chat_id} is told of refused photos",
            outage=self._telegram_outage,
            give_up_at=photos.since + KEEP_TRYING_SECONDS,
        )
        if error:
            log.warning("Refused photos cannot be reported to chat %s: %s", chat_id, error)


def sentence(photos: RefusedPhotos) -> str:
    """Say how many photos were not taken, why, and what to do."""
    language, number = photos.language, photos.count
    if photos.reason == "too_fast":
        # A minute has room for `limit` photos; somebody who was refused more waits longer.
        others = min(number, photos.limit) - 1
        seconds = photos.seconds + round(others * 60 / photos.limit)
        return say(language, "refused-too-fast", count=number, limit=photos.limit, seconds=seconds)
    if photos.reason == "too_many":
        return say(language, "refused-too-many", count=number, limit=photos.limit)
    if photos.reason == "at_once":
        return say(language, "refused-at-once", count=number)
    return say(language, "refused-full", count=number, ahead=photos.ahead)
