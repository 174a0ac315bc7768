import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, Update
from telegram.error import NetworkError

from bot.transport.chat_by_chat import ChatByChat
from bot.transport.intake import Intake
from bot.transport.updates import MARK, mark, read
from model.common.queue import keys
from tests.helpers.redis import KEYRING, AsyncClient, connect_async

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
async def client(redis_url: str) -> AsyncIterator[AsyncClient]:
    client = connect_async(redis_url)
    yield client
    await client.aclose()


async def pending(client: AsyncClient) -> list[str]:
    names: list[bytes] = await client.hkeys(keys.UPDATES)  # type: ignore[misc]
    return sorted(name.decode() for name in names)


async def keep_as(client: AsyncClient, name: str) -> None:
    """The update 1 is in Redis under this name."""
    sealed: Any = KEYRING.seal(update(1).to_json().encode(), keys.UPDATES + name)
    await client.hset(keys.UPDATES, name, sealed)  # type: ignore[misc]


async def test_an_update_is_in_redis_from_keep_until_done(client: AsyncClient) -> None:
    intake = Intake(client)
    hello = update(1)
    await intake.keep([hello])
    assert await pending(client) == [mark(hello)]
    assert b"hello" not in b"".join(await client.hvals(keys.UPDATES))  # type: ignore[misc]
    assert await intake.get() is hello
    await intake.done(hello)
    assert await pending(client) == []


async def test_a_second_delivery_is_not_queued(client: AsyncClient) -> None:
    intake = Intake(client)
    await intake.keep([update(1)])
    await intake.keep([update(1)])
    assert intake.qsize() == 1
    await intake.done(update(1))
    await intake.keep([update(1)])
    assert intake.qsize() == 1
    assert await pending(client) == []


async def test_a_second_delivery_after_a_restart_is_not_queued(client: AsyncClient) -> None:
    before = Intake(client)
    await before.keep([update(1)])
    await before.done(update(1))
    after = Intake(client)
    await after.keep([update(1)])
    assert after.empty()


async def test_what_comes_while_the_bot_stops_waits_for_the_next_start(client: AsyncClient) -> None:
    intake = Intake(client)
    intake.close()

    await intake.keep([update(1)])

    assert intake.empty()
    assert await Intake(client).restore(BOT) == 1


async def test_another_update_under_the_same_id_is_queued(client: AsyncClient) -> None:
    intake = Intake(client)
    await intake.keep([update(1, "before the server started again")])
    await intake.done(update(1, "before the server started again"))
    await intake.keep([update(1, "after it")])
    assert intake.qsize() == 2


async def test_the_stop_signal_of_the_application_passes(client: AsyncClient) -> None:
    intake = Intake(client)
    signal = object()
    await intake.put(signal)
    assert intake.get_nowait() is signal


async def test_without_redis_the_updater_is_told_to_poll_again() -> None:
    intake = Intake(connect_async("unix:///nowhere/redis.sock"))
    with pytest.raises(NetworkError):
        await intake.keep([update(1)])
    assert intake.empty()


async def test_an_update_that_failed_half_way_is_queued_when_it_comes_again(
    client: AsyncClient,
) -> None:
    """As when Redis wrote it, but its reply was lost."""
    await keep_as(client, mark(update(1)))
    intake = Intake(client)
    await intake.keep([update(1)])
    assert intake.qsize() == 1


async def test_unfinished_updates_are_taken_up_in_order(client: AsyncClient) -> None:
    before = Intake(client)
    for number in (10, 9, 100):
        await before.keep([update(number)])
    await client.hset(keys.UPDATES, "u7-broken", "{")  # type: ignore[misc]
    after = Intake(client)
    assert await after.restore(BOT) == 3
    taken = [after.get_nowait() for _ in range(3)]
    assert [item.update_id for item in taken if isinstance(item, Update)] == [9, 10, 100]
    await after.keep([update(9)])  # delivered again as well
    assert after.empty()
    assert "u7-broken" not in await pending(client)


async def test_what_another_version_kept_is_taken_up_once(client: AsyncClient) -> None:
    """Its name was made of other fields; under the old one nobody would ever forget it."""
    await keep_as(client, "u1-00000000")
    intake = Intake(client)
    assert await intake.restore(BOT) == 1
    assert await pending(client) == [mark(update(1))]
    await intake.done(update(1))
    assert await pending(client) == []


async def test_the_same_update_at_the_same_time_is_queued_once(client: AsyncClient) -> None:
    """As a webhook's posts come; none is told that it is kept before it is in Redis."""
    intake = Intake(client)

    async def keep() -> list[str]:
        await intake.keep([update(1)])
        return await pending(client)

    assert await asyncio.gather(*(keep() for _ in range(20))) == [[mark(update(1))]] * 20
    assert intake.qsize() == 1


@given(text=st.text(min_size=1), caption=st.text(), name=st.text(min_size=1))
def test_the_mark_survives_redis(text: str, caption: str, name: str) -> None:
    sizes = [{"file_id": name, "file_unique_id": "b", "width": 90, "height": 60}]
    before = update(1, text, photo=sizes, caption=caption, a_field_of_the_future={"name": name})
    after = Update.de_json(json.loads(before.to_json()), BOT)
    assert after is not None
    assert mark(after) == mark(before)


def test_updates_of_the_same_id_are_told_apart() -> None:
    """To the library they are equal."""
    before, after = update(1, "before the server started again"), update(1, "after it")
    assert before == after
    assert mark(before) != mark(after)
    assert mark(before) == mark(update(1, "before the server started again"))


def test_what_telegram_sends_carries_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = update(1).to_dict()
    read_update = read(sent | {MARK: "u1-forged00"}, BOT)
    assert read_update.api_kwargs[MARK] == mark(read(sent, BOT)) == mark(update(1))
    monkeypatch.setattr(Update, "to_dict", None)  # what finding the name takes
    assert mark(read_update) == mark(read_update)


async def test_a_chat_is_served_in_order_and_chats_at_the_same_time(client: AsyncClient) -> None:
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


async def test_what_is_cut_off_at_the_end_stays_for_the_next_start(client: AsyncClient) -> None:
    intake = Intake(client)
    processor = ChatByChat(intake)

    async def hang() -> None:
        await asyncio.Event().wait()

    tasks = []
    for number in (1, 2):  # one that is handled, one that waits for its turn
        await intake.keep([update(number)])
        tasks.append(asyncio.create_task(processor.process_update(update(number), hang())))
    await asyncio.sleep(0)
    await processor.shutdown()
    assert all(task.cancelled() for task in tasks)
    assert await pending(client) == sorted([mark(update(1)), mark(update(2))])


async def test_what_is_remembered_of_handled_updates_is_bounded(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.transport.intake.MOST_SEEN", 3)
    intake = Intake(client)
    handled = [update(number) for number in range(6)]
    for each in handled:
        await intake.keep([each])
        await client.set(keys.SUBMITTED + mark(each), "")
        await intake.done(each)
    assert await client.zrange(keys.UPDATES_SEEN, 0, -1) == [
        mark(each).encode() for each in handled[-3:]
    ]
    assert not await client.keys(keys.SUBMITTED + "*")


class TestAPollsUpdates:
    async def test_they_are_in_redis_and_queued_together(self, client: AsyncClient) -> None:
        intake = Intake(client)
        polled = [update(number) for number in range(3)]
        await intake.keep(polled)
        assert await pending(client) == sorted(map(mark, polled))
        for each in polled:
            await intake.put(each)  # the library has them as well, and queues nothing by it
        assert intake.qsize() == 3
        assert [intake.get_nowait() for _ in polled] == polled

    async def test_what_was_handled_is_not_kept_again(self, client: AsyncClient) -> None:
        intake = Intake(client)
        await intake.keep([update(1)])
        await intake.done(update(1))
        again = Intake(client)
        await again.keep([update(1), update(2)])
        assert await pending(client) == [mark(update(2))]
        assert again.get_nowait() == update(2)
        assert again.qsize() == 0

    async def test_a_poll_that_comes_again_is_queued_once(self, client: AsyncClient) -> None:
        intake = Intake(client)
        for _ in range(2):
            await intake.keep([update(1)])
        assert intake.qsize() == 1

    async def test_without_redis_none_is_taken(self, client: AsyncClient) -> None:
        intake = Intake(client)
        await client.set(keys.UPDATES, "no hash")
        with pytest.raises(NetworkError):
            await intake.keep([update(1)])
        assert intake.held == 0
        assert intake.empty()
        await client.delete(keys.UPDATES)
        await intake.keep([update(1)])
        assert intake.qsize() == 1
