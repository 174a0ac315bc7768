import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis
from telegram import Bot, Update
from telegram.error import NetworkError

from bot.intake import ChatByChat, Intake, mark
from model.queue import keys
from model.queue.streams import connect_async

BOT = Bot("1:no-calls-are-made")


def update(number: int, text: str = "hello", chat: int = 5, **more: Any) -> Update:
    message = {
        "message_id": number,
        "date": 1_700_000_000,
        "chat": {"id": chat, "type": "private", "first_name": "Guest"},
        "from": {"id": chat, "is_bot": False, "first_name": "Guest"},
        "text": text,
    } | more
    made = Update.de_json({"update_id": number, "message": message}, BOT)
    assert made is not None
    return made


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Redis]:
    client = connect_async(redis_url)
    yield client
    await client.aclose()


async def pending(client: Redis) -> list[str]:
    names: list[bytes] = await client.hkeys(keys.UPDATES)  # type: ignore[misc]
    return sorted(name.decode() for name in names)


async def test_an_update_is_in_redis_from_put_until_done(client: Redis) -> None:
    intake = Intake(client)
    hello = update(1)
    await intake.put(hello)
    assert await pending(client) == [mark(hello)]
    assert await intake.get() is hello
    await intake.done(hello)
    assert await pending(client) == []


async def test_a_second_delivery_is_not_queued(client: Redis) -> None:
    intake = Intake(client)
    await intake.put(update(1))
    await intake.put(update(1))
    assert intake.qsize() == 1
    await intake.done(update(1))
    await intake.put(update(1))
    assert intake.qsize() == 1
    assert await pending(client) == []


async def test_a_second_delivery_after_a_restart_is_not_queued(client: Redis) -> None:
    before = Intake(client)
    await before.put(update(1))
    await before.done(update(1))
    after = Intake(client)
    await after.put(update(1))
    assert after.empty()


async def test_another_update_under_the_same_id_is_queued(client: Redis) -> None:
    intake = Intake(client)
    await intake.put(update(1, "before the server started again"))
    await intake.done(update(1, "before the server started again"))
    await intake.put(update(1, "after it"))
    assert intake.qsize() == 2


async def test_the_stop_signal_of_the_application_passes(client: Redis) -> None:
    intake = Intake(client)
    signal = object()
    await intake.put(signal)
    assert intake.get_nowait() is signal


async def test_without_redis_the_updater_is_told_to_poll_again() -> None:
    intake = Intake(connect_async("unix:///nowhere/redis.sock"))
    with pytest.raises(NetworkError):
        await intake.put(update(1))
    assert intake.empty()


async def test_an_update_that_failed_half_way_is_queued_when_it_comes_again(client: Redis) -> None:
    """As when Redis wrote it, but its reply was lost."""
    await client.hset(keys.UPDATES, mark(update(1)), update(1).to_json())  # type: ignore[misc]
    intake = Intake(client)
    await intake.put(update(1))
    assert intake.qsize() == 1


async def test_unfinished_updates_are_taken_up_in_order(client: Redis) -> None:
    before = Intake(client)
    for number in (10, 9, 100):
        await before.put(update(number))
    await client.hset(keys.UPDATES, "u7-broken", "{")  # type: ignore[misc]
    after = Intake(client)
    assert await after.restore(BOT) == 3
    taken = [after.get_nowait() for _ in range(3)]
    assert [item.update_id for item in taken if isinstance(item, Update)] == [9, 10, 100]
    await after.put(update(9))  # delivered again as well
    assert after.empty()
    assert "u7-broken" not in await pending(client)


@given(text=st.text(min_size=1), caption=st.text(), name=st.text(min_size=1))
def test_the_mark_survives_redis(text: str, caption: str, name: str) -> None:
    sizes = [{"file_id": name, "file_unique_id": "b", "width": 90, "height": 60}]
    before = update(1, text, photo=sizes, caption=caption, a_field_of_the_future={"name": name})
    after = Update.de_json(json.loads(before.to_json()), BOT)
    assert after is not None
    assert mark(after) == mark(before)


async def test_a_chat_is_served_in_order_and_chats_at_the_same_time(client: Redis) -> None:
    processor = ChatByChat(Intake(client))
    gates = {1: asyncio.Event(), 2: asyncio.Event(), 3: asyncio.Event()}
    finished = []

    async def handle(number: int) -> None:
        await gates[number].wait()
        finished.append(number)

    tasks = [
        asyncio.create_task(processor.process_update(update(1, chat=5), handle(1))),
        asyncio.create_task(processor.process_update(update(2, chat=5), handle(2))),
        asyncio.create_task(processor.process_update(update(3, chat=6), handle(3))),
    ]
    gates[2].set()
    gates[3].set()
    await tasks[2]
    assert finished == [3]
    gates[1].set()
    await asyncio.gather(*tasks)
    assert finished == [3, 1, 2]


async def test_what_is_cut_off_at_the_end_stays_for_the_next_start(client: Redis) -> None:
    intake = Intake(client)
    processor = ChatByChat(intake)

    async def hang() -> None:
        await asyncio.Event().wait()

    tasks = []
    for number in (1, 2):  # one that is handled, one that waits for its turn
        await intake.put(update(number))
        tasks.append(asyncio.create_task(processor.process_update(update(number), hang())))
    await asyncio.sleep(0)
    await processor.shutdown()
    assert all(task.cancelled() for task in tasks)
    assert await pending(client) == sorted([mark(update(1)), mark(update(2))])
