"""Changes of the registry, each of them one transaction in Redis."""

from collections.abc import Callable
from typing import TypeVar

import redis

from model.common.redis_tools.connection import Client, SealingPipeline

T = TypeVar("T")
# Times that a change is tried while others change the same.
ATTEMPTS = 20


class Transactions:
    """A part of the registry that reads and changes it through this client."""

    def __init__(self, client: Client) -> None:
        self._redis = client

    def _change(self, change: Callable[[SealingPipeline], T], *watched: str) -> T:
        """What `change` returns, its commands after `multi()` done at once, on what it had read.

        Raises redis.WatchError if others change the same again and again, or Redis is unwilling.
        """
        pipe = self._redis.pipeline(transaction=True)
        with pipe:
            for attempt in range(ATTEMPTS):
                try:
                    pipe.watch(*watched)  # type: ignore[no-untyped-call]
                    value = change(pipe)
                    pipe.execute()
                except redis.WatchError:
                    if attempt == ATTEMPTS - 1:
                        raise
                else:
                    return value
        raise AssertionError("the loop above returns or raises")
