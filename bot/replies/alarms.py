"""Alarms: admins are told once when something needs them, and once when it is over.

Redis remembers what was told, so that a restart does not repeat it.
"""

import asyncio
import logging
import time
from functools import partial

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from bot.replies.admin_notices import Notices
from bot.replies.captions import class_name
from bot.transport.outage import Outage
from model.common.corrections.book import CorrectionBook
from model.common.labels import LABELS
from model.common.languages.sentences import say
from model.common.queue import keys
from model.common.queue.photo_queue import PhotoQueue
from model.common.registry.registry import Registry

log = logging.getLogger(__name__)

LOOK_EVERY = 10.0  # seconds
# Seconds without a worker after which it is an alarm: a restart takes less.
NO_WORKER_SECONDS = 60.0
# Seconds between two counts of all corrections.
COUNT_EVERY = 600.0
# New corrections of one class that are worth a retraining.
MANY_CORRECTIONS = 100
PROBE_SECONDS = 60

Values = dict[str, str | int | float]
# An alarm's name, and the values of its sentence; None if nothing is wrong.
Found = dict[str, Values | None]


class Alarms:
    """Looks for alarms."""

    def __init__(
        self,
        redis: Redis,
        queue: PhotoQueue,
        notices: Notices,
        *,
        registry: Registry,
        book: CorrectionBook,
    ) -> None:
        self._redis = redis
        self._queue = queue
        self._notices = notices
        self._registry = registry
        self._book = book
        self._count_at = 0.0
        self._worker_seen_at = 0.0
        self._told: set[str] = set()
        self._outage = Outage("Looking for what needs an admin")

    async def run(self) -> None:
        """Look for ever."""
        self._worker_seen_at = time.monotonic()
        self._told = await self._outage.outlast(self._kept)
        while True:
            found = await self._outage.outlast(self._look)
            for name, values in found.items():
                if (values is not None) != (name in self._told):
                    await self._tell(name, values)
            await asyncio.sleep(LOOK_EVERY)

    async def _kept(self) -> set[str]:
        names: set[bytes] = await self._redis.smembers(keys.ALARMS)  # type: ignore[misc]
        return {name.decode(errors="replace") for name in names}

    async def _look(self) -> Found:
        now = time.monotonic()
        if await self._queue.workers():
            self._worker_seen_at = now
        away = now - self._worker_seen_at
        dead = (await self._queue.load()).dead
        found: Found = {
            "no-worker": {} if away >= NO_WORKER_SECONDS else None,
            "dead-letters": {"dead": dead} if dead else None,
            "writes-refused": await self._refused(),
        }
        if now >= self._count_at:
            self._count_at = now + COUNT_EVERY
            since = await asyncio.to_thread(self._registry.learned_until)
            new = await self._book.new_by_label(since)
            for label in LABELS:
                many = new[label.index] >= MANY_CORRECTIONS
                values: Values = {"label": label.index, "count": new[label.index]}
                found[f"corrections:{label.index}"] = values if many else None
        return found

    async def _refused(self) -> Values | None:
        """The reason why Redis takes no writes: a full disk or full memory."""
        try:
            await self._redis.set(keys.PROBE, "", ex=PROBE_SECONDS)
        except ResponseError as error:
            return {"reason": str(error)[:200]}
        return None

    async def _tell(self, name: str, values: Values | None) -> None:
        """Tell admins that this began, or that it is over where there are no values."""
        if values is not None:
            log.warning("Admins are told of an alarm: %s %s", name, values)
            await self._notices.tell(partial(beginning, name, values))
        else:
            log.info("An alarm is over: %s", name)
            if not name.startswith("corrections:"):
                await self._notices.tell(lambda language: say(language, f"alarm-over-{name}"))
        self._told ^= {name}
        note = self._redis.srem if values is None else self._redis.sadd
        try:
            await note(keys.ALARMS, name)  # type: ignore[misc]
        except (RedisError, OSError) as error:
            log.info("What admins were told is not kept, so a restart may repeat it: %s", error)


def beginning(name: str, values: Values, language: str) -> str:
    """Say that something needs an admin."""
    kind, _, label = name.partition(":")
    if label:
        garment = class_name(LABELS[int(label)], language)
        return say(language, "alarm-corrections", garment=garment, count=values["count"])
    return say(language, f"alarm-{kind}", **values)
