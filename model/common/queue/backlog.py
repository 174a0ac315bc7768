"""The backlog: the queue's figures for `/status` and the metrics."""

from dataclasses import dataclass
from typing import Any, Self

import redis
import redis.asyncio

from model.common.lua import lua_script
from model.common.queue import keys

_KEYS = [*keys.QUEUE, keys.ANSWERS, keys.DEAD]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The state of the queue at one moment.

    `photos` have no answer yet, the oldest of them for `oldest` seconds (0 if there is none).
    `answers` were not accepted by Telegram yet. `dead` entries were given up lately: in the last 12
    hours, 24 at most. `bytes` is what photos and answers weigh.
    """

    photos: int
    oldest: float
    answers: int
    dead: int
    bytes: int

    @classmethod
    def read(cls, client: redis.Redis) -> Self:
        """The current state, in one round trip."""
        return cls._of(client.eval(lua_script("photos/load"), len(_KEYS), *_KEYS))

    @classmethod
    async def read_async(cls, client: redis.asyncio.Redis) -> Self:
        """The same for an event loop."""
        return cls._of(await client.eval(lua_script("photos/load"), len(_KEYS), *_KEYS))  # type: ignore[misc]

    @classmethod
    def _of(cls, reply: Any) -> Self:
        photos, oldest_ms, answers, dead, size = reply
        return cls(photos=photos, oldest=oldest_ms / 1000, answers=answers, dead=dead, bytes=size)
