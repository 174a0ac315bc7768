"""Who waits for Telegram's pace keeps nobody else waiting."""

import asyncio

import pytest

from bot.sandbox.telegram import ADMIN, GUEST
from bot.transport.rate_limiter import Rates
from bot.transport.slots import given_back, taken
from tests.helpers.bot.running import Parts
from tests.helpers.waiting import until


async def test_chats_that_telegram_slows_down_keep_nobody_waiting(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.transport.chat_by_chat.MOST_CHATS", 1)
    async with parts.worker.working(), parts.bot():
        parts.sandbox.faults.add("sendMessage", "429", retry_after=600)
        await parts.sandbox.send_text(GUEST.id, "hello")
        await until(lambda: not parts.sandbox.faults.waiting)
        assert await parts.said(await parts.send_photo(who=ADMIN.id), ADMIN.id) == "👟 Sneaker, 93%"
    assert parts.from_bot() == []


async def test_a_group_that_is_served_too_fast_keeps_nobody_waiting() -> None:
    rates, slots = Rates(), asyncio.Semaphore(1)

    async def send() -> str:
        return "sent"

    async def serve(chat_id: int) -> None:
        async with taken(slots):
            await rates.process_request(send, (), {}, "sendMessage", {"chat_id": chat_id}, None)

    group = [asyncio.create_task(serve(-7)) for _ in range(21)]
    async with asyncio.timeout(2):
        await asyncio.gather(*group[:20])
        await serve(-8)
    assert not group[20].done()
    group[20].cancel()


async def test_only_the_task_that_has_a_slot_gives_it_back() -> None:
    slots, order = asyncio.Semaphore(1), []

    async def courtesy() -> None:
        async with given_back():
            order.append("courtesy")
            await asyncio.sleep(0.01)

    async def other() -> None:
        async with taken(slots):
            order.append("other")

    async with taken(slots):
        waiting = asyncio.create_task(other())
        await asyncio.create_task(courtesy())
        order.append("first")
    await waiting
    assert order == ["courtesy", "first", "other"]


async def test_one_that_is_cancelled_while_it_waits_leaves_no_slot_too_many() -> None:
    slots = asyncio.Semaphore(1)

    async def wait() -> None:
        async with taken(slots), given_back():
            await asyncio.Event().wait()

    waiting = asyncio.create_task(wait())
    await asyncio.sleep(0)
    async with taken(slots):
        waiting.cancel()
        await asyncio.sleep(0)
        waiting.cancel()  # it was about to take its slot again
        await asyncio.gather(waiting, return_exceptions=True)
    async with taken(slots):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01), taken(slots):
                pass
