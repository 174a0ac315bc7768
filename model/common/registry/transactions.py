"""Changes of the registry, each of them one transaction in Redis."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import redis

from model.common.redis_tools.connection import Client, SealingPipeline

# Times that a change is tried while others change the same.
ATTEMPTS = 20


class Transactions:
    """A part of the registry that reads and changes it through this client."""

    def __init__(self, client: Client) -> None:
        self._redis = client


S = TypeVar("S", bound=Transactions)
P = ParamSpec("P")
T = TypeVar("T")
Change = Callable[Concatenate[S, SealingPipeline, P], T]


def transaction(*watched: str) -> Callable[[Change[S, P, T]], Callable[Concatenate[S, P], T]]:
    """Make a method a transaction: it reads through a pipeline, then queues after `pipe.multi()`.

    What it queued takes effect as a whole if no `watched` key changed meanwhile; else the method
    runs again. Callers leave the pipeline out. Raises redis.WatchError if others change the same
    again and again, or Redis is unwilling.
    """

    def decorate(change: Change[S, P, T]) -> Callable[Concatenate[S, P], T]:
        @wraps(change)
        def changed(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
            pipe = self._redis.pipeline(transaction=True)
            with pipe:
                for attempt in range(ATTEMPTS):
                    try:
                        pipe.watch(*watched)  # type: ignore[no-untyped-call]
                        value = change(self, pipe, *args, **kwargs)
                        pipe.execute()
                    except redis.WatchError:
                        if attempt == ATTEMPTS - 1:
                            raise
                    else:
                        return value
            raise AssertionError("the loop above returns or raises")

        return changed

    return decorate
