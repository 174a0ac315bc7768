"""Rewrites of Redis's append-only file, which still holds deleted values until then."""

import asyncio
import logging
from contextlib import suppress
from typing import Any

import redis
import redis.asyncio

logger = logging.getLogger(__name__)

# A rewrite that is under way began before the deletion: we wait this long for it to end.
ATTEMPTS, PAUSE = 60, 1.0  # seconds
# Seconds between two rewrites: at least APART, however many ask; at most EVERY, if nobody does,
# because answered photos are deleted and must leave the disk, too.
APART, EVERY = 60.0, 3600.0


class AofRewriter:
    """Has Redis rewrite its file soon after a request, and every hour."""

    def __init__(self, client: redis.asyncio.Redis) -> None:
        self._redis = client
        self._asked = asyncio.Event()

    def ask(self) -> None:
        """Something was deleted that must leave the disk. Concurrent requests share a rewrite."""
        self._asked.set()

    async def run(self) -> None:
        """Rewrite until cancelled."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), EVERY)
            # A request from here on starts another rewrite after this one.
            self._asked.clear()
            await rewrite(self._redis)
            await asyncio.sleep(APART)


async def rewrite(client: redis.asyncio.Redis) -> None:
    """Have Redis rewrite its append-only file, without deleted data. Best effort.

    A server without such a file is left as it is. One that forbids the command, as hosted ones
    may, rewrites the file by itself some day.
    """
    server: Any = client
    try:
        if not (await server.info("persistence")).get("aof_enabled"):
            return
        for _ in range(ATTEMPTS):
            try:
                await server.bgrewriteaof()
            except redis.ResponseError as error:
                if "in progress" not in str(error):
                    raise
                await asyncio.sleep(PAUSE)
            else:
                return
    except redis.RedisError as error:
        logger.info("Redis does not rewrite its append-only file now: %s", error)
