"""Answers reach people whatever Telegram and Redis do meanwhile."""

import logging
import time

import pytest
import redis

from bot.sandbox.telegram import ADMIN, GUEST
from model.common.corrections.answer_record import AnswerSummary
from model.common.corrections.book import CorrectionBook
from model.common.queue import keys
from model.common.queue.messages import Address, Answer
from tests.helpers.bot.corrections import JUDGE, Correcting
from tests.helpers.bot.faults import FaultKind
from tests.helpers.bot.running import Parts, prediction
from tests.helpers.photos import picture
from tests.helpers.redis import KEYRING, connect, connect_async
from tests.helpers.waiting import until

SNEAKER = "👟 Sneaker, 93%"


def unsent(parts: Parts) -> int:
    """How many answers are not acknowledged."""
    with connect(parts.settings.redis_address) as client:
        return int(client.xlen(keys.ANSWERS))


async def acknowledged(parts: Parts) -> None:
    await until(lambda: unsent(parts) == 0)


@pytest.mark.parametrize("kind", ["429", "500", "502", "drop"])
async def test_an_answer_that_telegram_did_not_take_is_sent_again(
    served: Parts, kind: FaultKind
) -> None:
    served.sandbox.faults.add("sendPhoto", kind, times=2 if kind != "429" else 1)
    assert await served.said(await served.send_photo()) == SNEAKER
    await acknowledged(served)
    assert len(served.from_bot()) == 1


async def test_an_answer_whose_receipt_is_lost_is_rather_sent_twice_than_never(
    served: Parts,
) -> None:
    served.sandbox.faults.add("sendPhoto", "lost")
    assert await served.said(await served.send_photo()) == SNEAKER
    await acknowledged(served)
    assert [message["caption"] for message in served.from_bot()] == [SNEAKER, SNEAKER]


@pytest.mark.parametrize("method", ["sendPhoto", "sendMessage"])
async def test_what_telegram_never_confirms_in_time_is_sent_twice_at_most(
    parts: Parts, method: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.transport.client.CALL_SECONDS", 0.2)
    parts.sandbox.faults.add(method, "late", times=None, seconds=1.0)
    if method == "sendMessage":
        parts.worker.answer = lambda job: Answer.to(job, refusal="unreadable")
    async with parts.worker.working(), parts.bot():
        await parts.reply(await parts.send_photo())
        await parts.reply(await parts.send_photo(who=ADMIN.id), ADMIN.id)
        await acknowledged(parts)
    assert len(parts.from_bot()) == len(parts.from_bot(ADMIN.id)) == 2
    assert "counts as sent; Telegram did not confirm: Timed out" in caplog.text


@pytest.mark.parametrize("kind", ["504", "garbled"])
@pytest.mark.parametrize("method", ["sendPhoto", "sendMessage"])
async def test_what_only_a_gateway_answers_is_sent_twice_at_most(
    parts: Parts, method: str, kind: FaultKind, caplog: pytest.LogCaptureFixture
) -> None:
    parts.sandbox.faults.add(method, kind, times=None)
    if method == "sendMessage":
        parts.worker.answer = lambda job: Answer.to(job, refusal="unreadable")
    async with parts.worker.working(), parts.bot():
        await parts.send_photo()
        await until(lambda: "counts as sent; Telegram did not confirm" in caplog.text)
        await acknowledged(parts)
    assert len(parts.from_bot()) == 2


async def test_a_chat_that_must_wait_for_more_than_a_day_is_given_up(
    served: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    served.sandbox.faults.add("sendPhoto", "429", retry_after=2 * 24 * 3600)
    await served.send_photo()
    assert await served.said(await served.send_photo()) == SNEAKER
    await acknowledged(served)
    assert "is given up as too old" in caplog.text


async def test_a_restart_does_not_forget_that_telegram_may_have_an_answer(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.transport.client.CALL_SECONDS", 0.2)
    monkeypatch.setattr("bot.transport.outage.FIRST_PAUSE", 60.0)  # the second try is another run's
    parts.sandbox.faults.add("sendPhoto", "late", times=None, seconds=1.0)
    async with parts.worker.working():
        with connect(parts.settings.redis_address) as client:
            async with parts.bot():
                await parts.send_photo()
                await until(lambda: bool(client.keys(f"{keys.UNKNOWN}*")))
            async with parts.bot():
                await acknowledged(parts)
    assert len(parts.from_bot()) == 2


async def test_a_connection_that_is_always_cut_carries_two_pictures_and_the_words(
    served: Parts,
) -> None:
    served.sandbox.faults.add("sendPhoto", "lost", times=None)
    await served.reply(await served.send_photo())
    await acknowledged(served)
    said = served.from_bot()
    assert [message.get("caption") or message["text"] for message in said] == [SNEAKER] * 3
    assert ["photo" in message for message in said] == [True, True, False]


async def test_a_picture_that_a_proxy_refuses_as_too_large_goes_as_words_at_once(
    served: Parts,
) -> None:
    served.sandbox.faults.add("sendPhoto", "413", times=None)
    assert await served.said(await served.send_photo()) == SNEAKER
    await acknowledged(served)
    assert sum(request.method == "sendPhoto" for request in served.sandbox.requests) == 1


async def test_words_that_a_proxy_refuses_hold_nothing_up(
    served: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    for method in ("sendPhoto", "sendMessage"):
        served.sandbox.faults.add(method, "413")
    await served.send_photo()
    assert await served.said(await served.send_photo()) == SNEAKER
    await acknowledged(served)
    assert "cannot be sent: Request Entity Too Large (413)" in caplog.text


async def test_an_error_that_nobody_expected_holds_nothing_up(
    served: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("bot.replies.answers.sentence", lambda _: 1 / 0)
        await served.send_photo()
        await until(lambda: "cannot be sent: division by zero" in caplog.text)
    assert await served.said(await served.send_photo()) == SNEAKER
    await acknowledged(served)
    assert "Traceback" in caplog.text


async def test_one_chat_that_must_wait_does_not_delay_another(served: Parts) -> None:
    served.sandbox.faults.add("sendPhoto", "429", retry_after=600)
    await served.send_photo()
    await until(lambda: not served.sandbox.faults.waiting)
    assert await served.said(await served.send_photo(who=ADMIN.id), ADMIN.id) == SNEAKER
    assert served.from_bot() == []


async def test_answers_in_a_chat_keep_their_order(served: Parts) -> None:
    served.sandbox.faults.add("sendPhoto", "500")
    numbers = [await served.send_photo() for _ in range(5)]
    for number in numbers:
        await served.reply(number)
    replied = [message["reply_to_message"]["message_id"] for message in served.from_bot()]
    assert replied == numbers


async def test_a_person_who_blocked_the_bot_holds_nothing_up(
    served: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    served.sandbox.faults.add("sendPhoto", "forbidden")
    with caplog.at_level(logging.WARNING, "bot.replies.answers"):
        await served.send_photo()
        assert await served.said(await served.send_photo()) == SNEAKER
    await acknowledged(served)
    assert "cannot be sent: Forbidden" in caplog.text


async def test_a_message_that_was_deleted_meanwhile_is_answered_without_a_reply(
    parts: Parts,
) -> None:
    async with parts.bot():
        number = await parts.send_photo()
        del parts.sandbox.conversations[GUEST.id].messages[number]
        async with parts.worker.working():
            message = await parts.sandbox.next_bot_message(GUEST.id)
    assert message["caption"] == SNEAKER
    assert "reply_to_message" not in message


async def test_where_no_picture_may_be_sent_the_words_are(served: Parts) -> None:
    broken = prediction(Sneaker=0.93, Sandal=0.07)
    served.worker.answer = lambda job: Answer.to(job, prediction=broken, picture=b"no picture")
    assert await served.said(await served.send_photo()) == SNEAKER
    await acknowledged(served)


async def test_a_server_that_knows_no_pictures_gets_the_words(served: Parts) -> None:
    served.sandbox.faults.add("sendPhoto", "unknown", times=None)
    assert await served.said(await served.send_photo()) == SNEAKER
    await acknowledged(served)


async def test_an_answer_of_another_days_bot_is_given_up(
    parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    answer = Answer(
        id="u1",
        address=Address(chat_id=GUEST.id, message_id=1, user_id=GUEST.id, language="en"),
        prediction=prediction(),
        picture=picture(),
        sent_at=time.time() - 25 * 3600,
    )
    with connect(parts.settings.redis_address) as client:
        client.xadd(keys.ANSWERS, answer.to_fields(KEYRING))
    parts.sandbox.faults.add("sendPhoto", "500", times=None)
    with caplog.at_level(logging.WARNING, "bot.replies.answers"):
        async with parts.bot():
            await acknowledged(parts)
    assert "u1 is given up as too old" in caplog.text


async def test_what_was_not_sent_at_the_end_is_sent_at_the_next_start(parts: Parts) -> None:
    async with parts.worker.working():
        parts.sandbox.faults.add("sendPhoto", "500", times=None)
        async with parts.bot():
            numbers = [await parts.send_photo() for _ in range(3)]
            await until(lambda: unsent(parts) == 3)
        assert parts.from_bot() == []
        parts.sandbox.faults.clear()
        async with parts.bot():
            for number in numbers:
                assert await parts.said(number) == SNEAKER
        assert unsent(parts) == 0
        assert len(parts.from_bot()) == 3


async def test_without_redis_an_answer_waits_instead_of_being_sent_unnoted(
    chat: Correcting, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember, failures = CorrectionBook.remember, 2

    async def unsteady(book: CorrectionBook, answered: AnswerSummary) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise redis.ConnectionError("away")
        await remember(book, answered)

    monkeypatch.setattr(CorrectionBook, "remember", unsteady)
    number = await chat.answered()
    assert not failures
    assert list(chat.buttons(number)) == JUDGE


async def test_where_redis_has_no_room_an_answer_goes_without_buttons(
    chat: Correcting, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(_book: CorrectionBook, _answered: AnswerSummary) -> None:
        raise redis.OutOfMemoryError("command not allowed when used memory > 'maxmemory'.")

    monkeypatch.setattr(CorrectionBook, "remember", full)
    assert chat.buttons(await chat.answered()) == {}


async def test_what_belongs_to_a_group_that_moved_goes_where_it_is_now(served: Parts) -> None:
    """The sandbox has no groups: the admin's chat stands for the supergroup."""
    served.sandbox.faults.add("*", "migrated", times=None, chat_id=GUEST.id, moved_to=ADMIN.id)
    await served.send_photo()
    await served.sandbox.send_text(GUEST.id, "/help")
    await until(lambda: len(served.from_bot(ADMIN.id)) == 2)
    await acknowledged(served)
    said = [message.get("caption") or message["text"] for message in served.from_bot(ADMIN.id)]
    assert SNEAKER in said
    assert not any("reply_to_message" in message for message in served.from_bot(ADMIN.id))
    assert served.from_bot() == []
    # So its buttons still work there.
    async with connect_async(served.settings.redis_address) as client:
        record = await CorrectionBook(client).find(served.worker.jobs[0].id)
    assert record
    assert record.answered.address.chat_id == ADMIN.id


async def test_in_a_forum_an_answer_stands_in_the_photos_topic(served: Parts) -> None:
    said = await served.reply(await served.send_photo(topic=7))
    assert (said["message_thread_id"], said["is_topic_message"]) == (7, True)
    assert "message_thread_id" not in await served.reply(await served.send_photo())


async def test_where_the_topic_is_gone_an_answer_stands_outside(served: Parts) -> None:
    number = await served.send_photo(topic=7)
    served.sandbox.conversations[GUEST.id].topics.clear()
    assert "message_thread_id" not in await served.reply(number)


async def test_a_refusal_stands_in_the_photos_topic(parts: Parts) -> None:
    async with parts.bot(photos_waiting=1):
        numbers = [await parts.send_photo(topic=7) for _ in range(2)]
        said = await parts.reply(numbers[1])
    assert "photo" not in said
    assert said["message_thread_id"] == 7
