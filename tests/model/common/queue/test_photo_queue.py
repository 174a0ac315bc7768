import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from redis.crc import key_slot

from model.common.queue import keys
from model.common.queue.answer_stream import AnswerStream
from model.common.queue.heartbeats import WorkerStatus
from model.common.queue.limits import Limits
from model.common.queue.messages import Address, Answer, PhotoJob
from model.common.queue.photo_queue import PhotoQueue, QueueFull
from tests.helpers.redis import KEYRING, AsyncClient, connect, connect_async


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[AsyncClient]:
    client = connect_async(redis_url)
    yield client
    await client.aclose()


def job(number: int = 1) -> PhotoJob:
    return PhotoJob(
        id=f"job-{number}",
        address=Address(chat_id=10, message_id=number, user_id=30, language="es"),
        image=b"\xff\xd8 no text\r\n\x00",
    )


async def answered(client: AsyncClient, *numbers: int) -> list[Answer]:
    """Answers put into the stream as a worker does."""
    answers = [Answer.to(job(number), refusal="unreadable") for number in numbers]
    for answer in answers:
        await client.xadd(keys.ANSWERS, answer.to_fields(KEYRING))  # type: ignore[arg-type]
    return answers


def test_all_keys_are_in_one_slot_of_a_cluster() -> None:
    names = [
        value
        for name, value in vars(keys).items()
        if name.isupper() and isinstance(value, str) and not name.endswith("GROUP")
    ]
    assert len(names) > 5
    assert {key_slot(name.encode()) for name in [*names, keys.SUBMITTED + "job}-{1"]} == {
        key_slot(b"modista")
    }


def test_both_clients_speak_in_bytes(redis_url: str) -> None:
    with connect(redis_url) as client:
        client.set("key", b"\xff")
        assert client.get("key") == b"\xff"


async def test_submit_says_how_many_stand_before(client: AsyncClient) -> None:
    queue = PhotoQueue(client)
    assert [await queue.submit(job(number)) for number in (1, 2, 3)] == [0, 1, 2]
    assert (await queue.load()).photos == 3


async def test_photos_wait_in_their_order_and_unchanged(client: AsyncClient) -> None:
    queue = PhotoQueue(client)
    jobs = [job(number) for number in (3, 1, 2)]
    for each in jobs:
        await queue.submit(each)
    entries = await client.xrange(keys.PHOTOS)
    assert [PhotoJob.from_fields(fields, KEYRING) for _, fields in entries] == jobs


async def test_the_same_photo_is_queued_once(client: AsyncClient) -> None:
    queue = PhotoQueue(client)
    for number in (1, 2, 1):
        ahead = await queue.submit(job(number))
    assert ahead == 1
    assert (await queue.load()).photos == 2


async def test_an_answered_photo_is_not_queued_again(client: AsyncClient) -> None:
    queue = PhotoQueue(client)
    await queue.submit(job())
    await client.delete(keys.PHOTOS)
    assert await queue.submit(job()) == 0
    assert (await queue.load()).photos == 0
    assert await client.ttl(keys.SUBMITTED + job().id) > 0


async def test_a_full_queue_refuses_new_photos_only(client: AsyncClient) -> None:
    queue = PhotoQueue(client, Limits(photos=2))
    await queue.submit(job(1))
    await queue.submit(job(2))
    with pytest.raises(QueueFull) as full:
        await queue.submit(job(3))
    assert (full.value.reason, full.value.waiting) == ("full", 2)
    assert await queue.submit(job(2)) == 1
    await client.delete(keys.PHOTOS)
    assert await queue.submit(job(4)) == 0
    with pytest.raises(QueueFull):
        await queue.submit(job(3))  # its sender is told that it was refused, so it stays so


async def test_the_oldest_photos_age(client: AsyncClient) -> None:
    queue = PhotoQueue(client)
    assert (await queue.load()).oldest == 0
    an_hour_ago = int((time.time() - 3600) * 1000)
    await client.xadd(keys.PHOTOS, job().to_fields(KEYRING), id=f"{an_hour_ago}-0")  # type: ignore[arg-type]
    assert 3500 < (await queue.load()).oldest < 3700


async def test_only_workers_seen_lately_are_shown(client: AsyncClient) -> None:
    now, _ = await client.time()
    for name, ago in {"b": 1, "a": 20, "dead": 40, "junk": 1, "clock": -3600}.items():
        text = WorkerStatus(name=name, model="m", answered=1).to_json()
        await client.hset(keys.WORKERS, name, "no JSON" if name == "junk" else text)  # type: ignore[misc]
        await client.zadd(keys.SEEN + "workers", {name: now - ago})
    workers = await PhotoQueue(client).workers()
    assert [(worker.name, round(worker.silent, -1)) for worker in workers] == [("a", 20), ("b", 0)]


async def test_answers_come_in_order_and_once(client: AsyncClient) -> None:
    answers = await answered(client, 1, 2, 3)
    stream = AnswerStream(client)
    taken = await stream.take(2, 1) + await stream.take(2, 1)
    assert [answer for _, answer in taken] == answers
    assert await stream.take(2, 1) == []


async def test_an_answer_put_before_the_group_is_made_arrives(client: AsyncClient) -> None:
    await answered(client, 1)
    assert len(await AnswerStream(client).take(1, 1)) == 1


async def test_after_a_crash_unsent_answers_come_first(client: AsyncClient) -> None:
    one, two, three = await answered(client, 1, 2, 3)
    before = AnswerStream(client)
    (sent, _), _ = await before.take(2, 1)
    await before.done(sent)
    after = AnswerStream(client)
    assert [answer for _, answer in await after.take(5, 1)] == [two]
    assert [answer for _, answer in await after.take(5, 1)] == [three]
    assert one not in (two, three)


async def test_a_done_answer_is_gone(client: AsyncClient) -> None:
    await answered(client, 1)
    stream = AnswerStream(client)
    [(entry_id, _)] = await stream.take(1, 1)
    await stream.done(entry_id)
    assert await client.xlen(keys.ANSWERS) == 0
    assert (await client.xpending(keys.ANSWERS, keys.BOTS_GROUP))["pending"] == 0


async def test_an_answer_whose_delivery_was_lost_on_the_way_is_handed_out_later(
    client: AsyncClient,
) -> None:
    stream = AnswerStream(client)
    stream.look_back_every = 0.0
    first, lost = await answered(client, 1, 2)
    assert [answer for _, answer in await stream.take(1, 1)] == [first]
    # Redis has handed the second one out, and the connection broke.
    await client.xreadgroup(keys.BOTS_GROUP, stream.consumer, {keys.ANSWERS: ">"})
    assert [answer for _, answer in await stream.take(5, 1)] == [lost]
    assert await stream.take(5, 1) == []


async def test_an_answer_sent_while_looking_back_is_not_handed_out_again(
    client: AsyncClient,
) -> None:
    class Interrupted(AnswerStream):
        """Something is done while the reply of Redis is on its way."""

        async def _grouped(self, call: Callable[[], Awaitable[Any]]) -> Any:
            reply = await super()._grouped(call)
            for entry_id in list(self._in_hand):
                await self.done(entry_id)
            return reply

    await answered(client, 1)
    stream = Interrupted(client)
    stream.look_back_every = 0.0
    assert len(await stream.take(1, 1)) == 1
    assert await stream.take(1, 1) == []


async def test_an_entry_that_is_no_answer_goes_to_the_dead_letters(
    client: AsyncClient,
) -> None:
    await client.xadd(keys.ANSWERS, {"not": "ours"})
    [answer] = await answered(client, 1)
    assert [taken for _, taken in await AnswerStream(client).take(5, 1)] == [answer]
    [(_, dead)] = await client.xrange(keys.DEAD)
    assert dead[b"not"] == b"ours"
    assert b"not a message" in dead[b"reason"]
    assert await client.xlen(keys.ANSWERS) == 1
    assert (await PhotoQueue(client).load()).dead == 1


async def test_everything_is_made_again_after_flushall(client: AsyncClient) -> None:
    stream = AnswerStream(client)
    await stream.take(1, 1)
    await client.flushall()
    [answer] = await answered(client, 1)
    assert [taken for _, taken in await stream.take(1, 1)] == [answer]


async def test_looking_back_reads_only_what_is_not_in_hand(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two thousand answers in hand weigh 200 MB, and are looked back at every 30 seconds."""
    picture = bytes(100_000)
    for number in range(20):
        answer = Answer.to(job(number), picture=picture)
        await client.xadd(keys.ANSWERS, answer.to_fields(KEYRING))  # type: ignore[arg-type]
    stream = AnswerStream(client)
    stream.look_back_every = 0.0
    assert len(await stream.take(20, 1)) == 20
    before = (await client.info("stats"))["total_net_output_bytes"]
    for _ in range(5):
        assert await stream.take(20, 1) == []
    after = (await client.info("stats"))["total_net_output_bytes"]
    assert after - before < 100_000
    await client.xdel(keys.ANSWERS, (await client.xrange(keys.ANSWERS, count=1))[0][0])
    restarted = AnswerStream(client)
    assert len(await restarted.take(50, 1)) == 19
