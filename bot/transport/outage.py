"""Exponential waits during an outage, with one log line."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from itertools import count
from typing import TypeVar

from redis.exceptions import RedisError

T = TypeVar("T")
log = logging.getLogger(__name__)

# Shorter outages are not worth a line; in a program that is ending, its parts do not go in order.
GRACE = 1.0
# Failures further apart than this many seconds are different outages.
APART = 60.0
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 15.0


class Outage:
    """Logs once that something is down, however many wait for it, and once that it is back.

    `what` begins the log line, such as "Polling Telegram".
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._since: float | None = None
        self._last = 0.0
        self._told = False

    def failed(self, error: Exception) -> None:
        """Note a failed attempt."""
        now = time.monotonic()
        if self._since is None or now - self._last > APART:
            self._since, self._told = now, False
        self._last = now
        if not self._told and now - self._since >= GRACE:
            self._told = True
            log.warning("%s: %s. Trying again until it works.", self._what, error)

    @property
    def lasts(self) -> bool:
        """Whether it was logged that something is down, and not that it is back."""
        return self._told

    def over(self) -> None:
        """Note an attempt that worked."""
        if self._told:
            log.info("%s: it works again.", self._what)
        self._since, self._told = None, False

    async def outlast(
        self,
        call: Callable[[], Awaitable[T]],
        *,
        passing: tuple[type[Exception], ...] = (RedisError, OSError),
        fatal: tuple[type[Exception], ...] = (),
    ) -> T:
        """Await `call()` until it works, however long errors that are `passing` last.

        By default, until Redis answers it. Raises those that are `fatal`, and all others.
        """
        for attempt in count():
            try:
                result = await call()
            except fatal:
                raise
            except passing as error:
                # The asyncio client of redis-py makes a ConnectionError of whatever a new
                # connection meets, a refused password too.
                if isinstance(error.__cause__, fatal):
                    raise error.__cause__ from None
                await self.wait(error, attempt)
            else:
                self.over()
                return result
        raise AssertionError("count() does not end")

    async def wait(self, error: Exception, attempt: int) -> None:
        """Note that attempt number `attempt`, counted from 0, failed; sleep before the next."""
        self.failed(error)
        await asyncio.sleep(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempt, 10)))
