"""The check at start that Redis is suitable."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import redis
import redis.asyncio

from model.common.queue import keys
from model.common.redis_tools.connection import AsyncClient, Client
from model.common.redis_tools.keyring import Keyring, Unsealable

logger = logging.getLogger(__name__)

OLDEST = (6, 2)  # the first that has XAUTOCLAIM
# Seconds between this machine's clock and Redis's that are worth a line.
CLOCKS_APART = 5.0


class UnsuitableServerError(Exception):
    """A Redis that would lose photos or never answer them. str() is a sentence."""


def check(client: Client) -> None:
    """Look at the server. Raises UnsuitableServerError, redis.RedisError; warns of the rest."""
    # Their stubs would have them awaitable.
    info: Any = client.info()
    seconds: Any = client.time()
    _judge(info, seconds[0])
    check_key(client)
    with suppress(redis.RedisError):  # hosted servers may not show it
        _judge_fsync(info, client.config_get("appendfsync"))


def check_key(client: Client) -> None:
    """See whether DATA_KEY is the one by which the data are sealed.

    Raises UnsuitableServerError, redis.RedisError.
    """
    found: Any = client.get(keys.KEY_CHECK)
    seal = _judged(client.keyring, found)
    with suppress(redis.OutOfMemoryError):  # the next start does it
        client.set(keys.KEY_CHECK, seal)


async def check_async(client: AsyncClient) -> None:
    """The same for an event loop."""
    info: Any = await client.info()
    seconds: Any = await client.time()
    _judge(info, seconds[0])
    await check_key_async(client)
    with suppress(redis.RedisError):
        _judge_fsync(info, await client.config_get("appendfsync"))


async def check_key_async(client: AsyncClient) -> None:
    """The same for an event loop."""
    seal = _judged(client.keyring, await client.get(keys.KEY_CHECK))
    with suppress(redis.OutOfMemoryError):
        await client.set(keys.KEY_CHECK, seal)


@contextmanager
def sentences_about_redis() -> Iterator[None]:
    """Inside, a Redis that is unsuitable or wants another password ends the program: SystemExit."""
    try:
        yield
    except UnsuitableServerError as error:
        raise SystemExit(str(error)) from None
    except redis.AuthenticationError as error:
        raise SystemExit(f"Redis refuses us ({error}): check the password in REDIS_URL.") from None


def _judge(info: Mapping[str, Any], now: float) -> None:
    version = str(info.get("redis_version", "0"))
    if _numbers(version) < OLDEST:
        raise UnsuitableServerError(
            f"Redis is too old ({version}): install 6.2 or newer, or Valkey, or name another by "
            "REDIS_URL."
        )
    policy = str(info.get("maxmemory_policy", "noeviction"))
    if policy.startswith("allkeys"):
        raise UnsuitableServerError(
            "Redis would drop photos that wait when its memory is full (its maxmemory-policy is "
            f"{policy}): set maxmemory-policy to noeviction."
        )
    if policy != "noeviction":
        logger.warning(
            "Redis drops what expires when its memory is full (its maxmemory-policy is %s): people "
            "may get answers twice, and lose corrections. Set maxmemory-policy to noeviction.",
            policy,
        )
    if not info.get("aof_enabled"):
        logger.warning(
            "Redis keeps no append-only file: when it restarts, photos that wait are lost. Set "
            "appendonly to yes."
        )
    apart = time.time() - now
    if abs(apart) > CLOCKS_APART:
        logger.warning(
            "This machine's clock is %.0f seconds %s Redis's: times that people are shown may be "
            "wrong. Set both by NTP.",
            abs(apart),
            "ahead of" if apart > 0 else "behind",
        )


def _judged(keyring: Keyring, found: bytes | None) -> bytes:
    """What is to be found from now on, sealed by the first key. Raises UnsuitableServerError.

    It is a name that the last key gave, or nothing where an earlier release sealed it.
    """
    named = keyring.digest("key").encode()
    try:
        if found is not None and keyring.open(found, keys.KEY_CHECK) not in (b"", named):
            raise UnsuitableServerError(
                "DATA_KEY no longer ends with the key that gave people their names in this Redis: "
                "put that one last again, or nothing would be found of anybody, and /forget would "
                f"leave it all. If it must go, first delete {keys.KEY_CHECK} in redis-cli."
            )
    except Unsealable:
        raise UnsuitableServerError(
            "DATA_KEY is not the key by which the data in this Redis are sealed: give all programs "
            "the same, and behind it, after a comma, the one that it replaces."
        ) from None
    return keyring.seal(named, keys.KEY_CHECK)


def _judge_fsync(info: Mapping[str, Any], found: Any) -> None:
    setting = str(found.get("appendfsync", "always"))
    if info.get("aof_enabled") and setting != "always":
        logger.warning(
            "Redis writes to its disk a little later (appendfsync %s): a machine that loses its "
            "power, or a Redis that is killed while its disk is slow, loses what it took last. Set "
            "appendfsync to always.",
            setting,
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())
