"""Admins are told once of what needs them, and once when it is over."""

import asyncio

import pytest
import redis

from bot.replies import alarms
from bot.sandbox.telegram import ADMIN
from model.common.queue import keys
from model.common.queue.heartbeats import WORKERS, WorkerStatus
from tests.helpers.bot.corrections import KEEP, Correcting
from tests.helpers.bot.running import Parts
from tests.helpers.waiting import until


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarms, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(alarms, "NO_WORKER_SECONDS", 0.2)


@pytest.fixture
def working(client: redis.Redis) -> None:
    """A worker shows itself, so that its absence is no alarm."""
    WORKERS.publish(client, WorkerStatus(name="w", model="m", answered=0))


def told(parts: Parts) -> list[str]:
    return [message["text"] for message in parts.from_bot(ADMIN.id)]


async def test_no_worker_is_told_once_and_so_is_its_end(parts: Parts, client: redis.Redis) -> None:
    async with parts.bot():
        await until(lambda: len(told(parts)) == 1)
        assert told(parts)[0].startswith("⚠️ No worker has been running for a minute")
        await until(lambda: client.sismember(keys.ALARMS, "no-worker"))
        await asyncio.sleep(0.5)  # some more looks
        assert len(told(parts)) == 1
    # A restart does not tell it again.
    async with parts.bot():
        WORKERS.publish(client, WorkerStatus(name="w", model="m", answered=0))
        await until(lambda: len(told(parts)) == 2)
        assert told(parts)[1] == "✅ A worker is running again."
        await until(lambda: not client.exists(keys.ALARMS))


@pytest.mark.usefixtures("working")
async def test_photos_set_aside_are_told(parts: Parts, client: redis.Redis) -> None:
    client.xadd(keys.DEAD, {"reason": "poison", "of": "photos", "body": b""})
    parts.sandbox.set_language(ADMIN.id, "es")
    async with parts.bot():
        await parts.sandbox.send_text(ADMIN.id, "hola")
        await until(lambda: any(text.startswith("⚠️ 1 ") for text in told(parts)))
        client.delete(keys.DEAD)
        await until(lambda: told(parts)[-1].startswith("✅"))


@pytest.mark.usefixtures("working")
async def test_a_redis_that_refuses_writes_is_told(parts: Parts, client: redis.Redis) -> None:
    async with parts.bot():
        await until(lambda: client.exists(keys.PROBE))
        client.config_set("maxmemory", "1")
        try:
            await until(lambda: len(told(parts)) == 1)
        finally:
            client.config_set("maxmemory", "0")
        assert told(parts)[0].startswith("⚠️ Redis takes no more data")
        assert "maxmemory" in told(parts)[0]
        await until(lambda: told(parts)[-1] == "✅ Redis takes data again.")


@pytest.mark.usefixtures("working")
async def test_many_corrections_of_a_class_are_worth_a_retraining(
    chat: Correcting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "MANY_CORRECTIONS", 1)
    monkeypatch.setattr(alarms, "COUNT_EVERY", 0.0)
    await chat.press(await chat.asked(), KEEP)
    await chat.until_kept(1)
    await until(lambda: bool(told(chat.parts)))
    [text] = told(chat.parts)
    assert text == "💡 The model doesn’t know 1 corrections to 👡 Sandal yet: worth a /retrain."
