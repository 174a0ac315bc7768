"""Follows the retraining in the slot: one message that is edited as it goes, then its outcome."""

import asyncio
import logging
import time
from contextlib import suppress

from telegram.error import RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.retraining import progress_text
from bot.retraining.outcome import GONE, REFUSED, OutcomeTeller, put
from bot.transport.outage import Outage
from bot.transport.rate_limiter import retry_seconds
from model.common.queue.heartbeats import TRAINERS, TrainerStatus
from model.common.redis_tools.connection import AsyncClient
from model.common.retraining.job_slot import ChatSlot, Snapshot

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds
EDIT_EVERY = 3.0  # seconds
# Most messages sent to replace deleted ones; after these only the outcome is sent.
MOST_MESSAGES = 5


class Retrainings:
    """Shows a retraining's progress to the admin who asked for it, then its outcome.

    All state is in Redis, so a restarted bot resumes where it was. Retrainings of a shell are left
    alone: the shell follows them itself.
    """

    def __init__(self, redis: AsyncClient, bot: ExtBot[int]) -> None:
        self.slot = ChatSlot(redis)
        self._redis = redis
        self._bot = bot
        self._outcomes = OutcomeTeller(self.slot, bot)
        self._look_now = asyncio.Event()
        self._followed: Snapshot | None = None
        self._shown = ""
        self._edit_at = 0.0
        self._messages = 0
        self._outage = Outage("Following the retraining")

    def look_now(self) -> None:
        """Something changed: show it now, not in a second."""
        self._look_now.set()

    async def trainers(self) -> list[TrainerStatus]:
        """The trainers that are alive."""
        return await TRAINERS.alive_async(self._redis)

    async def run(self) -> None:
        """Follow for ever. What is not told is left to the next start."""
        while True:
            self._look_now.clear()
            # Whatever is wrong, somebody waits for the outcome.
            await self._outage.outlast(self._show, passing=(Exception,))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look_now.wait(), LOOK_EVERY)

    async def _show(self) -> None:
        """Show what is in the slot; what was followed and is not there any more is said first."""
        found, followed = await self.slot.look(), self._followed
        if followed and (found is None or found.job.id != followed.job.id):
            await self._outcomes.lost(followed)
            self._followed = None
        if found is None or not found.job.chat_id:
            return
        if found.state == "finished":
            await self._outcomes.tell(found)
            self._followed = None
            return
        if self._followed is None:
            self._shown, self._edit_at, self._messages = "", 0.0, 0
        self._followed = found
        text = progress_text.progress(found, len(await self.trainers()), found.job.language)
        if text != self._shown and time.monotonic() >= self._edit_at:
            await self._edit(found, text)

    async def _edit(self, found: Snapshot, text: str) -> None:
        """Put the text into the message. Where Telegram does not take it, the next one may do."""
        self._edit_at = time.monotonic() + EDIT_EVERY
        try:
            resend = GONE if self._messages < MOST_MESSAGES else ()
            instead = await put(self._bot, found, text, resend=resend)
        except RetryAfter as error:
            self._edit_at = time.monotonic() + retry_seconds(error)
            return
        except REFUSED as error:
            log.info("Retraining %s is not shown: %s", found.job.id, error)
        except TelegramError as error:
            log.info("Retraining %s is not shown for now: %s", found.job.id, error)
            return
        else:
            if instead:
                self._messages += 1
                await self.slot.follow_in(found.job.id, instead)
        self._shown = text
