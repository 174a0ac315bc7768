"""Daily counts for `/stats`, without any person, chat or photo.

They are written every few seconds; a crash loses the last few.
"""

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from redis.asyncio import Redis
from redis.exceptions import RedisError

from model.common.labels import LABELS
from model.common.queue import keys
from model.common.queue.messages import Answer

log = logging.getLogger(__name__)

WRITE_EVERY = 2.0  # seconds
# Days that a day's counts are kept for.
KEPT_DAYS = 8
DAYS = 7


@dataclass(frozen=True, slots=True)
class Day:
    """The counts of one day in UTC."""

    date: date
    counts: Counter[str] = field(default_factory=Counter)


class DayCounts:
    """Counts in memory, and adds them up in Redis in the background until it is stopped.

    The fields: "photos" that came, "not_taken" of them; answers by the class ("class:3"), "unsure",
    "none" or "failed", and their "milliseconds"; "right" and "wrong" answers as people said.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._pending: dict[date, Counter[str]] = {}

    async def run(self) -> None:
        """Write the counts now and then, for ever."""
        while True:
            await asyncio.sleep(WRITE_EVERY)
            await self.write()

    def add(self, name: str, count: int = 1) -> None:
        """Count an event."""
        self._pending.setdefault(_today(), Counter())[name] += count

    def add_answer(self, answer: Answer, seconds: float) -> None:
        """Count an answer that was sent `seconds` after its photo came."""
        prediction = answer.prediction
        if prediction is None:
            self.add("failed")
        elif prediction.verdict == "sure":
            self.add(f"class:{prediction.said}")
        else:
            self.add(prediction.verdict)
        self.add("milliseconds", round(1000 * seconds))

    async def week(self) -> list[Day]:
        """The last DAYS days, today last. Raises redis.RedisError."""
        await self.write()
        today = _today()
        days = [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
        async with self._redis.pipeline(transaction=False) as reading:
            for day in days:
                reading.hgetall(_key(day))
            found = await reading.execute()
        return [
            Day(day, Counter({name.decode(): int(count) for name, count in counts.items()}))
            for day, counts in zip(days, found, strict=True)
        ]

    async def write(self) -> None:
        """Write the counts that are not written yet, if Redis takes them."""
        pending, self._pending = self._pending, {}
        if not pending:
            return
        try:
            async with self._redis.pipeline(transaction=True) as writing:
                for day, counts in pending.items():
                    for name, count in counts.items():
                        writing.hincrby(_key(day), name, count)
                    writing.expire(_key(day), KEPT_DAYS * 24 * 3600)
                await writing.execute()
        except (RedisError, OSError) as error:
            log.info("The day's counts wait for Redis: %s", error)
            for day, counts in pending.items():
                self._pending.setdefault(day, Counter()).update(counts)


def answered(counts: Counter[str]) -> int:
    """The number of answers."""
    names = [f"class:{label.index}" for label in LABELS]
    return sum(counts[name] for name in (*names, "unsure", "none", "failed"))


def _today() -> date:
    return datetime.now(UTC).date()


def _key(day: date) -> str:
    return f"{keys.DAY}{day.isoformat()}"
