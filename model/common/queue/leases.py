"""Leases on the entries that a worker has in hand, so that no other takes them over."""

import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import redis

from model.common.queue.keys import PHOTOS, WORKERS_GROUP

# Nothing takes this long. A worker that hangs loses its photos to another after this many seconds.
LONGEST_WORK = 120.0


class Leases:
    """Renews, from its own thread, the lease on every entry passed to `hold`.

    An entry's lease is its idle time in the consumer group: once it reaches `idle_limit` seconds,
    another worker takes the entry over. XCLAIM … JUSTID sets it back to zero and leaves the count
    of deliveries as it is. It is done four times per limit, so one lost renewal does no harm.

    A lease can still be lost (a worker stopped for longer than the limit, say, and then continued).
    Then two workers do the same work and the first to finish wins: see `JobStream.finish`.
    """

    def __init__(self, client: redis.Redis, consumer: str, idle_limit: float) -> None:
        self._redis = client
        self._consumer = consumer
        self._every = idle_limit / 4
        self._held: dict[bytes, float] = {}  # entry id → when it was taken, by the monotonic clock
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="leases", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def hold(self, entry_ids: Iterable[bytes]) -> None:
        """Keep these entries from now on."""
        now = time.monotonic()
        with self._lock:
            self._held.update(dict.fromkeys(entry_ids, now))

    def release(self, entry_ids: Iterable[bytes]) -> None:
        """Keep these entries no longer; unfinished ones come back once they reach the limit."""
        with self._lock:
            for entry_id in entry_ids:
                self._held.pop(entry_id, None)

    def close(self) -> None:
        """End the thread, and with it every lease."""
        self._closed.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._closed.wait(self._every):
            oldest = time.monotonic() - LONGEST_WORK
            with self._lock:
                held: list[Any] = [name for name, taken in self._held.items() if taken > oldest]
            # Where Redis is away, or its group is, the worker's own loop meets the same and says
            # so; an entry that another takes over meanwhile still gets one answer.
            with suppress(redis.RedisError):
                if held:
                    self._redis.xclaim(PHOTOS, WORKERS_GROUP, self._consumer, 0, held, justid=True)
