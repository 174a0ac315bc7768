"""The log that Redis keeps on disk: after a deletion it still has what was deleted."""

import asyncio
import logging
from typing import Any

import redis
import redis.asyncio

logger = logging.getLogger(__name__)

# A rewriting that is under way began before the deletion: it is waited for, this long.
ATTEMPTS, PAUSE = 60, 1.0  # seconds


async def rewrite(client: redis.asyncio.Redis) -> None:
    """Have Redis write its append-only file anew, without what is no longer there. Best effort.

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
