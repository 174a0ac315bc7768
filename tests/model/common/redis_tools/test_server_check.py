import logging
import time
from typing import Any

import pytest
import redis

from model.common.queue import keys
from model.common.redis_tools.keyring import Keyring
from model.common.redis_tools.server_check import (
    UnsuitableServerError,
    check,
    check_async,
    sentences_about_redis,
)
from tests.helpers.redis import KEY, KEYRING, Client, connect_async

OTHER = "another key of 32 characters or more"
GOOD = {"redis_version": "6.2.14", "maxmemory_policy": "noeviction", "aof_enabled": 1}


class Server:
    """As a client of a server that says this of itself."""

    def __init__(self, *, fsync: str = "always", ahead: float = 0.0, **info: Any) -> None:
        self._info = GOOD | info
        self._fsync = fsync
        self._ahead = ahead
        self.keyring = KEYRING

    def info(self) -> dict[str, Any]:
        return self._info

    def time(self) -> tuple[int, int]:
        return round(time.time() + self._ahead), 0

    def get(self, _name: str) -> None: ...

    def set(self, _name: str, _value: bytes) -> None: ...

    def config_get(self, _name: str) -> dict[str, str]:
        if not self._fsync:
            raise redis.ResponseError("ERR unknown command 'CONFIG'")
        return {"appendfsync": self._fsync}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"redis_version": "6.0.16"}, "too old (6.0.16)"),
        ({"redis_version": "5"}, "too old"),
        ({"maxmemory_policy": "allkeys-lru"}, "allkeys-lru"),
        ({"maxmemory_policy": "allkeys-random"}, "maxmemory-policy to noeviction"),
    ],
)
def test_an_unsuitable_server_is_refused_in_a_sentence(said: dict[str, Any], words: str) -> None:
    server: Any = Server(**said)
    with pytest.raises(UnsuitableServerError) as refused:
        check(server)
    assert words in str(refused.value)
    with pytest.raises(SystemExit, match=r"."), sentences_about_redis():
        check(server)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"maxmemory_policy": "volatile-lru"}, "volatile-lru"),
        ({"aof_enabled": 0}, "Set appendonly to yes"),
        ({"fsync": "everysec"}, "Set appendfsync to always"),
        ({"ahead": 3600.0}, "3600 seconds behind Redis's"),
        ({"ahead": -60.0}, "60 seconds ahead of Redis's"),
    ],
)
def test_what_is_less_than_good_is_warned_of(
    said: dict[str, Any], words: str, caplog: pytest.LogCaptureFixture
) -> None:
    server: Any = Server(**said)
    with caplog.at_level(logging.WARNING):
        check(server)
    [record] = caplog.records
    assert words in record.getMessage()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"redis_version": "8.2.1"},
        {"redis_version": "7.2.4", "valkey_version": "8.0.1"},
        {"fsync": ""},
        {"redis_version": "7.0.0-rc1"},
    ],
)
def test_a_good_server_is_not_spoken_of(
    said: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    server: Any = Server(**said)
    with caplog.at_level(logging.WARNING):
        check(server)
    assert not caplog.records


async def test_the_bot_looks_as_well(client: Client, redis_url: str) -> None:
    check(client)
    client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        async with connect_async(redis_url) as waiting:
            with pytest.raises(UnsuitableServerError):
                await check_async(waiting)
    finally:
        client.config_set("maxmemory-policy", "noeviction")


async def test_another_key_is_refused_in_a_sentence(client: Client, redis_url: str) -> None:
    check(client)
    check(client)
    client.keyring = Keyring(OTHER)
    with pytest.raises(UnsuitableServerError, match="DATA_KEY is not the key by which"):
        check(client)
    async with connect_async(redis_url) as waiting:
        await check_async(waiting)
        waiting.keyring = Keyring(OTHER)
        with pytest.raises(UnsuitableServerError, match="DATA_KEY"):
            await check_async(waiting)


def test_a_new_key_comes_first_and_the_one_that_gives_names_stays_last(client: Client) -> None:
    check(client)
    client.keyring = Keyring(OTHER, KEY)
    check(client)
    for keyring in (Keyring(OTHER), Keyring(KEY, OTHER)):
        client.keyring = keyring
        with pytest.raises(UnsuitableServerError, match="no longer ends with the key that gave"):
            check(client)
    client.keyring = KEYRING
    with pytest.raises(UnsuitableServerError, match="DATA_KEY is not the key by which"):
        check(client)
    client.delete(keys.KEY_CHECK)
    client.keyring = Keyring(OTHER)
    check(client)


def test_what_an_earlier_release_sealed_is_taken(client: Client) -> None:
    client.set(keys.KEY_CHECK, KEYRING.seal(b"", keys.KEY_CHECK))
    check(client)
    client.keyring = Keyring(KEY, OTHER)
    with pytest.raises(UnsuitableServerError):
        check(client)


def test_a_redis_without_memory_takes_no_seal_and_is_used(client: Client) -> None:
    client.config_set("maxmemory", 1)
    try:
        check(client)
    finally:
        client.config_set("maxmemory", 0)
    assert not client.exists(keys.KEY_CHECK)
