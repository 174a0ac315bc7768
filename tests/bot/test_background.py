import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot import lifecycle
from bot.background import BACKGROUND, Background
from bot.sandbox.telegram import ADMIN, GUEST
from model.common.health import OK
from model.common.queue import keys
from tests.helpers.bot.running import Parts
from tests.helpers.redis import KEYRING, connect
from tests.helpers.waiting import until


async def ends() -> None:
    await asyncio.sleep(0)


async def fails() -> None:
    raise ValueError("an answer that nobody expected")


async def lasts() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize(("work", "finite"), [(fails, False), (fails, True), (ends, False)])
async def test_a_task_that_dies_is_logged_and_told(
    work: Callable[[], Coroutine[Any, Any, None]], finite: bool, caplog: pytest.LogCaptureFixture
) -> None:
    background = Background()
    with caplog.at_level(logging.CRITICAL):
        background.start(work(), "answers", finite=finite)
        assert await asyncio.wait_for(background.died(), 5) == "answers died"
    assert background.state == "answers died"
    assert "'answers' died" in caplog.text


async def test_a_task_may_be_ended_and_a_finite_one_may_end() -> None:
    background = Background()
    lasting, ending = background.start(lasts(), "a"), background.start(ends(), "b", finite=True)
    lasting.cancel()
    await asyncio.gather(lasting, ending, return_exceptions=True)
    background.end()
    await background.start(ends(), "c")
    assert background.state == OK


async def test_the_end_cancels_what_lasts_and_leaves_what_is_finite() -> None:
    background = Background()
    lasting, finite = background.start(lasts(), "a"), background.start(lasts(), "b", finite=True)
    background.end()
    await asyncio.gather(lasting, return_exceptions=True)
    assert lasting.cancelled() and not finite.done()
    finite.cancel()


async def unexpected(*_: Any, **__: Any) -> None:
    raise ValueError("unexpected")


PARTS = {
    "notices": "model.common.queue.notices.NoticeStream.take",
    "refusals": "model.common.queue.refusals.RefusalLog.all",
}


@pytest.mark.parametrize("name", PARTS)
async def test_the_bot_ends_when_a_part_of_it_dies(
    parts: Parts, name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ended: list[str] = []
    monkeypatch.setattr(lifecycle, "crash", lambda: ended.append("crashed"))
    monkeypatch.setattr(PARTS[name], unexpected)
    await asyncio.wait_for(lifecycle.run(parts.settings), 20)
    assert ended == ["crashed"]
    assert f"{name!r} died" in caplog.text


async def test_an_answer_that_nobody_expected_is_not_left_without_a_word(parts: Parts) -> None:
    """The sender of one chat: its answers would never be handed out again."""
    async with parts.bot() as application:
        background: Background = application.bot_data[BACKGROUND]
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("model.common.queue.answer_stream.AnswerStream.done", unexpected)
            async with parts.worker.working():
                await parts.send_photo()
                assert await asyncio.wait_for(background.died(), 20) == f"chat {GUEST.id} died"


# Whatever lies in Redis, put there by a fault or by hand.
JUNK = [b"", b"null", b"[" * 100_000, b'{"id": ' * 100_000, b"\xff\xfe{", b"5"]


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
async def test_no_part_dies_of_what_lies_in_redis(parts: Parts, junk: bytes) -> None:
    with connect(parts.settings.redis_address) as client:
        entry: Any = {b"meta": junk, b"body": b"", b"notice": junk}
        for key in (keys.ANSWERS, keys.NOTICES, keys.PHOTOS, keys.DEAD):
            client.xadd(key, entry)
        for key in (keys.UPDATES, keys.REFUSED, keys.WORKERS, keys.TRAINERS, keys.MODELS):
            client.hset(key, junk, junk)
        client.hset(keys.RETRAINING, "job", junk)
        client.lpush(keys.MODEL_HISTORY, junk)
        client.hset(keys.ADMIN_LANGUAGES, KEYRING.person(ADMIN.id), junk)
        async with parts.bot() as application, parts.worker.working():
            assert await parts.said(await parts.send_photo()) == "👟 Sneaker, 93%"
            for command in ("/status", "/models", "/retrain"):
                sent = await parts.sandbox.send_text(ADMIN.id, command)
                assert await parts.sandbox.next_bot_message(ADMIN.id, after=sent["message_id"])
            await until(lambda: client.xlen(keys.NOTICES) == 0)
            await until(lambda: client.hlen(keys.REFUSED) == 0)
            assert application.bot_data[BACKGROUND].state == OK
        letters = [fields[b"of"] for _, fields in client.xrange(keys.DEAD) if b"of" in fields]
        assert {b"answers", b"notices", b"updates", b"refusals", b"photos"} <= set(letters)
