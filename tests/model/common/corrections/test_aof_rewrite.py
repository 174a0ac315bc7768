"""Deleted values leave the file on disk too."""

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import pytest
import redis

from bot.launcher import redis_server
from model.common.corrections import aof_rewrite as redis_log
from tests.helpers.redis import connect_async
from tests.helpers.waiting import until


@pytest.fixture
def own_redis(tmp_path: Path) -> Any:
    """A server of the test's own, with its file next to it."""
    command = redis_server.command(tmp_path / "redis.sock")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    yield tmp_path
    process.terminate()
    process.wait()


async def test_what_is_deleted_leaves_the_file_on_disk_too(own_redis: Path) -> None:
    def on_disk() -> bytes:
        return b"".join(file.read_bytes() for file in own_redis.rglob("*aof*") if file.is_file())

    async with connect_async(f"unix://{own_redis}/redis.sock") as connection:
        client: Any = connection
        for _ in range(500):
            try:
                await client.set("secret", "of a person")
                break
            except redis.ConnectionError:
                continue
        await client.delete("secret")
        assert b"of a person" in on_disk()
        await redis_log.rewrite(connection)
        await until(lambda: b"of a person" not in on_disk())


async def test_a_rewriting_that_began_before_is_waited_for(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_log, "PAUSE", 0.0)
    calls = []
    async with connect_async(redis_url) as connection:

        async def rewriting() -> None:
            calls.append(1)
            if len(calls) < 3:
                raise redis.ResponseError(
                    "Background append only file rewriting already in progress"
                )

        monkeypatch.setattr(connection, "bgrewriteaof", rewriting)
        await redis_log.rewrite(connection)
    assert len(calls) == 3


async def test_a_redis_that_forbids_it_is_no_error(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connect_async(redis_url) as connection:

        async def forbidden() -> None:
            raise redis.ResponseError("NOPERM this user has no permissions")

        monkeypatch.setattr(connection, "bgrewriteaof", forbidden)
        await redis_log.rewrite(connection)


async def test_many_who_ask_share_a_rewriting_and_without_any_there_is_one_an_hour(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []

    async def rewriting(_client: object) -> None:
        begun.append(1)

    monkeypatch.setattr(redis_log, "rewrite", rewriting)
    monkeypatch.setattr(redis_log, "APART", 0.05)
    async with connect_async(redis_url) as connection:
        rewriter = redis_log.AofRewriter(connection)
        task = asyncio.create_task(rewriter.run())
        for _ in range(25):
            rewriter.ask()
        await until(lambda: len(begun) == 1)
        await asyncio.sleep(0.2)
        assert len(begun) == 1
        rewriter.ask()
        await until(lambda: len(begun) == 2)
        monkeypatch.setattr(redis_log, "EVERY", 0.01)
        rewriter.ask()  # the hour that it waits for already is a long one
        await until(lambda: len(begun) >= 5)
        task.cancel()
