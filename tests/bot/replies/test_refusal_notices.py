"""People are told of every photo that is not taken, with one message for many."""

import asyncio
import logging
from typing import Any

import pytest
from prometheus_client import REGISTRY

from bot.replies import fair_share, refusal_notices
from bot.sandbox.telegram import ADMIN, GUEST
from bot.transport.intake import Intake
from model.common.queue import keys
from model.common.queue.photo_queue import PhotoQueue
from model.common.queue.refusals import RefusedPhotos
from tests.helpers.bot.running import Parts
from tests.helpers.redis import KEYRING, Client
from tests.helpers.waiting import until

SNEAKER = "👟 Sneaker, 93%"


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusal_notices, "LOOK_EVERY", 0.01)


def texts(parts: Parts, who: int = GUEST.id) -> list[str]:
    return [message["text"] for message in parts.from_bot(who)]


def noted(client: Client) -> int:
    """How many photos wait to be told of."""
    values: Any = client.hvals(keys.REFUSED)
    return sum(RefusedPhotos.from_json(text).count for text in values)


def fetched(parts: Parts) -> int:
    return [request.method for request in parts.sandbox.requests].count("getFile")


def refused(reason: str) -> float:
    return REGISTRY.get_sample_value("modista_photos_refused_total", {"reason": reason}) or 0


async def queued(parts: Parts, client: Client, *, who: int = GUEST.id) -> int:
    """Somebody sends a photo, and it is in the queue: the message's number."""
    before: Any = client.xlen(keys.PHOTOS)
    number = await parts.send_photo(who=who)
    await until(lambda: client.xlen(keys.PHOTOS) == before + 1)
    return number


async def test_a_full_queue_is_said_and_costs_no_download(parts: Parts, client: Client) -> None:
    before = refused("full")
    async with parts.bot(queue_photos=2):
        first, second = [await queued(parts, client) for _ in range(2)]
        said = await parts.said(await parts.send_photo())
        assert said == (
            "Busy: about 2 photos are ahead. I couldn’t take your photo; please send it again in "
            "a few minutes."
        )
        assert fetched(parts) == 2
        assert refused("full") == before + 1
        async with parts.worker.working():
            for number in (first, second):
                assert await parts.said(number) == SNEAKER
            await until(lambda: client.xlen(keys.ANSWERS) == 0)
            assert await parts.said(await parts.send_photo()) == SNEAKER
    await until(lambda: not client.exists(keys.REFUSED))


async def test_who_sends_too_fast_is_told_when_to_go_on(parts: Parts, client: Client) -> None:
    async with parts.worker.working(), parts.bot(photos_per_minute=2):
        for _ in range(2):
            assert await parts.said(await parts.send_photo()) == SNEAKER
        before = refused("too_fast")
        said = await parts.said(await parts.send_photo())
        assert said.startswith("That’s more than 2 photos in a minute. I couldn’t take your last")
        assert refused("too_fast") == before + 1
        assert await parts.said(await parts.send_photo(who=ADMIN.id), ADMIN.id) == SNEAKER


async def test_who_has_too_many_waiting_is_told_so(parts: Parts, client: Client) -> None:
    before = refused("too_many")
    async with parts.bot(photos_waiting=1):
        parts.sandbox.set_language(GUEST.id, "es")
        await queued(parts, client)
        said = await parts.said(await parts.send_photo())
        assert said.startswith("Tienes 1 foto esperando respuesta")
        assert refused("too_many") == before + 1
        await queued(parts, client, who=ADMIN.id)
        async with parts.worker.working():
            await until(lambda: client.xlen(keys.PHOTOS) == 0)
            assert await parts.said(await parts.send_photo()) == "👟 Zapatilla, 93 %"


async def test_a_photo_whose_room_is_gone_once_it_is_fetched_is_refused(
    parts: Parts, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def admit(*_: object, **_more: object) -> bool:
        return True

    monkeypatch.setattr(PhotoQueue, "admit", admit)
    async with parts.bot(photos_waiting=1):
        await queued(parts, client)
        assert "waiting for an answer" in await parts.said(await parts.send_photo())
    assert fetched(parts) == 2


async def test_many_refused_photos_are_one_message(
    parts: Parts, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusal_notices, "APART", 3600.0)
    async with parts.bot(photos_waiting=1):
        await queued(parts, client)
        assert "I left out your last one" in await parts.said(await parts.send_photo())
        numbers = [await parts.send_photo() for _ in range(5)]
        await until(lambda: noted(client) == 5)
        # Another person's first message does not wait for that.
        await queued(parts, client, who=ADMIN.id)
        await parts.said(await parts.send_photo(who=ADMIN.id), ADMIN.id)
        assert len(texts(parts)) == 1
        monkeypatch.setattr(refusal_notices, "APART", 0.0)
        assert "I left out your last 5; please" in await parts.said(numbers[0])
        await until(lambda: noted(client) == 0)
    assert len(texts(parts)) == 2


async def test_the_more_are_told_the_longer_each_waits_to_be_told_again(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusal_notices, "APART", 0.0)
    monkeypatch.setattr(refusal_notices, "TOLD_AGAIN_PER_SECOND", 0.001)
    monkeypatch.setattr(fair_share, "MANY_WAITING", 0)
    monkeypatch.setattr(fair_share, "FEW_PHOTOS", 0)
    async with parts.bot():
        await parts.said(await parts.send_photo())
        await parts.send_photo()
        # Another is told meanwhile, and the first not again.
        await parts.said(await parts.send_photo(who=ADMIN.id), ADMIN.id)
        assert len(texts(parts)) == 1


async def test_each_person_is_told_in_their_own_chat(parts: Parts, client: Client) -> None:
    async with parts.bot(queue_photos=1):
        await queued(parts, client)
        for who in (GUEST.id, ADMIN.id):
            assert "Busy" in await parts.said(await parts.send_photo(who=who), who)


async def test_what_could_not_be_told_is_told_at_the_next_start(
    parts: Parts, client: Client
) -> None:
    parts.sandbox.faults.add("sendMessage", "500", times=None)
    async with parts.bot(photos_waiting=1):
        await queued(parts, client)
        number = await parts.send_photo()
        await until(lambda: noted(client) == 1)
    parts.sandbox.faults.waiting.clear()
    async with parts.bot(photos_waiting=1):
        assert "waiting for an answer" in await parts.said(number)
        await until(lambda: noted(client) == 0)


async def test_an_update_that_is_handled_again_is_not_counted_again(
    parts: Parts, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    with monkeypatch.context() as dying:
        dying.setattr(Intake, "done", never)
        async with parts.bot(queue_photos=1):
            await queued(parts, client, who=ADMIN.id)
            await parts.said(await parts.send_photo())
            await until(lambda: noted(client) == 0)
    assert client.hlen(keys.UPDATES) == 2
    async with parts.bot(queue_photos=1):
        await until(lambda: client.hlen(keys.UPDATES) == 0)
        assert noted(client) == 0
    assert len(texts(parts)) == 1
    assert client.xlen(keys.PHOTOS) == 1


@pytest.mark.parametrize("kind", ["429", "502", "drop"])
async def test_telegrams_bad_moments_are_outlasted(parts: Parts, client: Client, kind: Any) -> None:
    async with parts.bot(photos_waiting=1):
        await queued(parts, client)
        parts.sandbox.faults.add("sendMessage", kind)
        assert "waiting for an answer" in await parts.said(await parts.send_photo())


async def test_a_chat_that_forbids_it_is_given_up(
    parts: Parts, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    async with parts.bot(photos_waiting=1):
        await queued(parts, client)
        parts.sandbox.faults.add("sendMessage", "forbidden")
        await parts.send_photo()
        await until(lambda: "Refused photos cannot be reported" in caplog.text)
        await until(lambda: noted(client) == 0)
    assert texts(parts) == []


async def test_a_slow_chat_does_not_hold_up_another(parts: Parts, client: Client) -> None:
    parts.sandbox.faults.add("sendMessage", "429", times=None, retry_after=600, chat_id=GUEST.id)
    async with parts.bot(queue_photos=1):
        await queued(parts, client)
        await parts.send_photo()
        await until(lambda: noted(client) == 1)
        assert "Busy" in await parts.said(await parts.send_photo(who=ADMIN.id), ADMIN.id)
        assert texts(parts) == []


async def test_a_note_that_cannot_be_read_is_dropped(parts: Parts, client: Client) -> None:
    note = RefusedPhotos(
        count=1, message_id=1, language="en", reason="full", limit=60, ahead=9, seconds=1, since=0
    )
    client.hset(keys.REFUSED, "1:1", "no JSON")
    client.hset(keys.REFUSED, KEYRING.seal_name("nobody:1"), note.to_json())  # type: ignore[arg-type]
    async with parts.bot():
        await until(lambda: not client.exists(keys.REFUSED))


async def test_a_bot_that_does_not_keep_up_goes_on_with_a_few(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fair_share, "MANY_WAITING", 1)
    monkeypatch.setattr(fair_share, "FEW_PHOTOS", 1)
    before = refused("full")
    # The first one's file takes its time; meanwhile there is no room for another's.
    parts.sandbox.faults.add("getFile", "delay", seconds=1.0)
    async with parts.worker.working(), parts.bot():
        first = await parts.send_photo()
        await until(lambda: fetched(parts) == 1)
        said = await parts.said(await parts.send_photo(who=ADMIN.id), ADMIN.id)
        assert said.startswith("Busy: about 1 photo is ahead. I couldn’t take your photo")
        assert refused("full") == before + 1
        assert await parts.said(first) == SNEAKER
        assert await parts.said(await parts.send_photo(who=ADMIN.id), ADMIN.id) == SNEAKER


async def test_the_surplus_of_one_is_told_and_delays_nobody(
    parts: Parts, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    before = refused("at_once")
    parts.sandbox.faults.add("sendMessage", "delay", times=None, seconds=0.2, chat_id=GUEST.id)
    many = 3 * fair_share.MOST_WAITING
    for number in range(many):
        await parts.sandbox.send_text(GUEST.id, f"hello {number}")
    async with parts.worker.working(), parts.bot():
        assert await parts.said(await parts.send_photo(who=ADMIN.id), ADMIN.id) == SNEAKER
        assert len(texts(parts)) < many / 2
        parts.sandbox.faults.clear()
        left_out = many - fair_share.MOST_WAITING
        await until(lambda: any(f"your last {left_out};" in text for text in texts(parts)))
        await until(lambda: not client.exists(keys.UPDATES))
        assert refused("at_once") == before + left_out
        assert f"{left_out} updates are left out reason=at_once: u" in caplog.text
        assert len(texts(parts)) == fair_share.MOST_WAITING + 1
        assert await parts.said(await parts.send_photo()) == SNEAKER
