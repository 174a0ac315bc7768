"""Outages and crashes: Redis or Telegram goes away, comes back, and work resumes."""

import asyncio
import logging
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import redis

from bot.launcher import redis_server
from bot.sandbox.telegram import GUEST
from bot.transport.downloads import download
from bot.transport.intake import Intake
from bot.transport.outage import Outage
from model.common.queue import keys
from tests.helpers.bot.faults import FaultKind
from tests.helpers.bot.running import Parts, assembled
from tests.helpers.redis import connect
from tests.helpers.waiting import until

SNEAKER = "👟 Sneaker, 93%"


class OwnRedis:
    """A redis-server that can be stopped and started again on the same data."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.url = f"unix://{self.socket}"
        self.process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        self._launch()
        await until(self._is_up)

    def _launch(self) -> None:
        command = redis_server.command(self.socket)
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def _is_up(self) -> bool:
        try:
            return bool(redis.Redis(unix_socket_path=str(self.socket)).ping())
        except redis.ConnectionError:
            return False

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture
async def own_redis() -> AsyncIterator[OwnRedis]:
    with TemporaryDirectory(prefix="modista-") as folder:
        own = OwnRedis(Path(folder))
        yield own
        own.stop()


async def test_redis_may_come_up_after_the_bot(own_redis: OwnRedis) -> None:
    async def later() -> None:
        await asyncio.sleep(0.3)
        await own_redis.start()

    async with assembled(own_redis.url) as parts:
        number = await parts.send_photo()
        starting = asyncio.create_task(later())
        async with parts.bot():
            assert starting.done()
            async with parts.worker.working():
                assert await parts.said(number) == SNEAKER


async def test_a_photo_survives_an_outage_of_redis(own_redis: OwnRedis) -> None:
    await own_redis.start()
    async with assembled(own_redis.url) as parts, parts.bot():
        before = await parts.send_photo()
        async with parts.worker.working():
            assert await parts.said(before) == SNEAKER
        own_redis.stop()
        during = await parts.send_photo()
        await asyncio.sleep(0.3)
        await own_redis.start()
        async with parts.worker.working():
            assert await parts.said(during, timeout=30) == SNEAKER
            after = await parts.send_photo()
            assert await parts.said(after, timeout=30) == SNEAKER
        assert len(parts.from_bot()) == 3


async def test_redis_may_go_between_taking_a_photo_in_and_queueing_it(
    own_redis: OwnRedis, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fetch_and_lose_redis(*file: Any, **more: Any) -> bytes | None:
        image = await download(*file, **more)
        own_redis.stop()
        return image

    monkeypatch.setattr("bot.handlers.photos.download", fetch_and_lose_redis)
    await own_redis.start()
    async with assembled(own_redis.url) as parts, parts.bot():
        number = await parts.send_photo()
        await until(lambda: "Queueing photos in Redis" in caplog.text)
        await own_redis.start()
        async with parts.worker.working():
            assert await parts.said(number, timeout=30) == SNEAKER
        assert len(parts.from_bot()) == 1


async def test_an_update_that_was_taken_in_before_a_crash_is_handled_after_it(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The crash: the update is in Redis and confirmed to Telegram, no handler ever saw it."""

    async def never(self: Intake) -> None:
        await asyncio.Event().wait()

    with monkeypatch.context() as crashing:
        crashing.setattr(Intake, "get", never)
        async with parts.bot():
            number = await parts.send_photo()
            with connect(parts.settings.redis_address) as client:
                await until(lambda: client.hlen(keys.UPDATES) == 1)
    parts.sandbox.updates.pending.clear()
    async with parts.bot(), parts.worker.working():
        assert await parts.said(number) == SNEAKER


async def test_an_update_that_telegram_delivers_again_is_answered_once(parts: Parts) -> None:
    async with parts.worker.working():
        async with parts.bot():
            number = await parts.send_photo()
            [update] = parts.sandbox.updates.pending
            assert await parts.said(number) == SNEAKER
        parts.sandbox.updates.pending.insert(0, update)
        async with parts.bot():
            again = await parts.send_photo()
            assert await parts.said(again) == SNEAKER
    assert len(parts.from_bot()) == 2


async def test_polling_goes_on_after_trouble(served: Parts) -> None:
    kinds: list[FaultKind] = ["500", "drop", "429", "unknown"]
    for kind in kinds:
        served.sandbox.faults.add("getUpdates", kind)
    await served.sandbox.send_text(GUEST.id, "hello")
    assert await served.said(await served.send_photo(), timeout=30) == SNEAKER


async def test_the_bot_says_once_that_something_is_away_and_once_that_it_is_back(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr("bot.transport.outage.time.monotonic", lambda: clock[0])
    outage = Outage("Reaching the moon")
    with caplog.at_level(logging.INFO, "bot.transport.outage"):
        outage.failed(OSError("too far"))
        outage.over()
        assert caplog.messages == []
        for _ in range(100):
            clock[0] += 0.5
            outage.failed(OSError("too far"))
        outage.over()
        outage.over()
    assert caplog.messages == [
        "Reaching the moon: too far. Trying again until it works.",
        "Reaching the moon: it works again.",
    ]
