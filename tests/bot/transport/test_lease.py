"""Of several bots with the same Redis one serves, and the next takes over when it is gone."""

import asyncio
import logging
import math
import sys
from collections.abc import AsyncIterator

import pytest

from bot.background import LEASE
from bot.transport import lease
from bot.transport.lease import Lease, LeaseLostError
from model.common.queue import keys
from tests.helpers.bot.running import Parts
from tests.helpers.redis import AsyncClient, Client, connect_async
from tests.helpers.waiting import LIMIT, until


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEW_EVERY", 0.05)
    monkeypatch.setattr(lease, "LOOK_EVERY", 0.02)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[AsyncClient]:
    client = connect_async(redis_url)
    yield client
    await client.aclose()


def elsewhere(redis: AsyncClient, name: str) -> Lease:
    """The lease of a bot on another machine."""
    other = Lease(redis)
    other._name = f"{name} 1 x "
    return other


async def waiting(other: Lease) -> asyncio.Task[None]:
    task = asyncio.create_task(other.take())
    await until(lambda: other.state == "another bot serves: this one waits")
    return task


async def test_the_second_waits_until_the_first_gives_it_back(
    redis: AsyncClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LASTS", 3600.0)  # it is not taken for silent
    first, second = elsewhere(redis, "a"), elsewhere(redis, "b")
    await first.take()
    assert first.state == "ok"
    taking = await waiting(second)
    assert "Another bot serves with this Redis: this one waits" in caplog.text
    await first.give_back()
    async with asyncio.timeout(LIMIT):
        await taking
    assert second.state == "ok"


async def test_a_holder_that_is_silent_is_replaced_whatever_the_clock_says(
    redis: AsyncClient, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = elsewhere(redis, "a"), elsewhere(redis, "b")
    await first.take()
    keeping = asyncio.create_task(first.keep())
    taking = await waiting(second)
    client.pexpire(keys.LEASE, 5_000)
    await until(lambda: client.pttl(keys.LEASE) > 5_000)  # type: ignore[operator]
    assert not taking.done(), "it is renewed"
    monkeypatch.setattr(lease, "LASTS", 0.5)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    await redis.persist(keys.LEASE)  # as if the clock had been set back
    await taking
    with pytest.raises(LeaseLostError):
        await first.keep()
    assert first.state == "another bot serves"


async def test_a_dead_process_of_this_machine_is_replaced_at_once(redis: AsyncClient) -> None:
    ended = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await ended.wait()
    first, second = Lease(redis), Lease(redis)
    machine, _, token = first._name.split(" ", 2)
    first._name = f"{machine} {ended.pid} {token}"
    await first.take()
    async with asyncio.timeout(lease.LASTS / 2):
        await second.take()


async def test_a_lease_that_was_not_renewed_lets_nothing_be_sent(
    redis: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = elsewhere(redis, "a")
    await first.take()
    await first.valid()
    monkeypatch.setattr(lease, "LASTS", 0.2)
    await first.take()
    await asyncio.sleep(0.3)
    late = asyncio.create_task(first.valid())
    await asyncio.sleep(0.2)
    assert not late.done()
    keeping = asyncio.create_task(first.keep())
    await late
    keeping.cancel()


async def test_an_emptied_redis_costs_nobody_the_lease(redis: AsyncClient, client: Client) -> None:
    first, second = elsewhere(redis, "a"), elsewhere(redis, "b")
    await first.take()
    await redis.flushall()
    keeping = asyncio.create_task(first.keep())
    await until(lambda: client.exists(keys.LEASE))
    taking = await waiting(second)
    assert not keeping.done()
    keeping.cancel()
    taking.cancel()


async def test_no_answer_is_sent_while_the_lease_may_be_anothers(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEW_EVERY", 3600.0)
    async with parts.bot() as application, parts.worker.working():
        held = application.bot_data[LEASE]
        held._valid_until = 0.0
        number = await parts.send_photo()
        await until(lambda: parts.worker.jobs)
        await asyncio.sleep(0.5)
        assert not parts.from_bot()
        held._valid_until = math.inf
        await parts.reply(number)


async def test_two_bots_answer_a_photo_once(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(lease, "_is_gone", lambda *_: False)  # both are in this process
    async with parts.worker.working(), parts.bot():
        second = parts.bot()
        starting = asyncio.create_task(second.__aenter__())
        await until(lambda: "this one waits" in caplog.text)
        assert await parts.said(await parts.send_photo()) == "👟 Sneaker, 93%"
    async with parts.worker.working():
        await starting  # the first has stopped
        assert await parts.said(await parts.send_photo()) == "👟 Sneaker, 93%"
        await second.__aexit__(None, None, None)
    assert len(parts.from_bot()) == 2
