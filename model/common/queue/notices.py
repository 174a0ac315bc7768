"""Notices to the bot's admins, from any process."""

import logging
import time
from dataclasses import dataclass, field
from typing import Any

import redis
import redis.asyncio

from model.common.queue.dead_letters import bury_value
from model.common.queue.keys import NOTICES
from model.common.redis_tools.serialization import Serializable

logger = logging.getLogger(__name__)

# Kept while no bot is there to tell them; older ones go first.
MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Serializable):
    """One thing to tell: `kind` is an id that the bot has a sentence for, `values` fill it."""

    kind: str
    values: dict[str, str | int | float] = field(default_factory=dict)
    at: float = field(default_factory=time.time)


def add(client: redis.Redis, notice: Notice) -> None:
    """Keep a notice until a bot has told it; `client` may be a transaction."""
    client.xadd(NOTICES, {"notice": notice.to_json()}, maxlen=MOST, approximate=False)


class NoticeStream:
    """The bot's end: `take` gives what was not `done` yet, again and again."""

    def __init__(self, redis: redis.asyncio.Redis) -> None:
        self._redis = redis

    async def take(self, block_ms: int) -> tuple[bytes, Notice] | None:
        """The oldest notice; None if there is none, or if it cannot be read and is buried.

        It waits `block_ms` for one, at most 10,000.
        """
        reply: Any = await self._redis.xread({NOTICES: "0"}, 1, block_ms)
        if not reply:
            return None
        [(entry_id, fields)] = reply[0][1]
        try:
            return entry_id, Notice.from_json(fields[b"notice"])
        except KeyError:
            reason = "it holds no notice"
        except ValueError as error:
            reason = str(error)
        await self.bury(entry_id, reason)
        return None

    async def bury(self, entry_id: bytes, reason: str) -> None:
        """Give up a notice that cannot be told."""
        logger.error("notice buried entry=%s: %s", entry_id.decode(), reason)
        await bury_value(self._redis, NOTICES, entry_id, of="notices", reason=reason)

    async def done(self, entry_id: bytes) -> None:
        """Every admin was told, or can never be: forget it."""
        # At least once: dying just before this line tells it again.
        await self._redis.xdel(NOTICES, entry_id)
