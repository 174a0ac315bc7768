"""Corrected answers are shown so, whatever Telegram, the bot and the queue do meanwhile."""

import asyncio
from typing import Any

import pytest

from bot.replies.corrected_answers import Redrawer
from bot.sandbox.telegram import GUEST
from model.common.queue import keys
from model.common.queue.messages import Answer
from tests.helpers.bot.corrections import CORRECTED, JUDGE, SANDAL, Correcting
from tests.helpers.waiting import until


async def test_a_new_picture_leaves_open_classes_open(idle: Correcting) -> None:
    async with idle.parts.bot():
        async with idle.parts.worker.working():
            number = await idle.answered()
        await idle.correct(number, SANDAL)
        await idle.until_buttons(number, having="✓ Corrected · change")
        await idle.press(number, "✓ Corrected · change")
        await idle.until_buttons(number, having="👜 Bag")
        async with idle.parts.worker.working():
            await idle.until_caption(number, CORRECTED)
        assert "👜 Bag" in idle.buttons(number)


async def test_a_picture_that_is_out_of_date_does_not_cover_the_later_one(
    idle: Correcting,
) -> None:
    async with idle.parts.bot():
        async with idle.parts.worker.working():
            number = await idle.answered()
        await idle.correct(number, SANDAL)
        await idle.until_buttons(number, having="✓ Corrected · change")
        data = idle.buttons(number)["✓ Corrected · change"].replace("more:", "is:8:")
        await idle.send(number, data)
        async with idle.parts.worker.working():
            await idle.until_caption(number, "Corrected")
            await until(lambda: idle.client.xlen(keys.ANSWERS) == 0)
    assert idle.message(number)["caption"].startswith("Corrected: 👜 Bag")
    edits = [r for r in idle.parts.sandbox.requests if r.method == "editMessageMedia"]
    assert len(edits) == 1


async def test_a_press_from_before_a_restart_is_handled_though_nobody_waits_for_its_answer(
    idle: Correcting,
) -> None:
    async with idle.parts.worker.working():
        async with idle.parts.bot():
            number = await idle.answered()
        data = idle.buttons(number)["More…"].replace("more:", "is:5:")
        assert await idle.parts.sandbox.press(GUEST.id, number, data, timeout=0.01) is None
        async with idle.parts.bot():
            await idle.until_caption(number, CORRECTED)
    assert idle.counted() == {b"wrong": 1}


async def never(*_: Any) -> None:
    await asyncio.Event().wait()


async def test_a_bot_that_dies_over_a_press_goes_on_with_it(
    idle: Correcting, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with idle.parts.worker.working():
        with monkeypatch.context() as dying:
            dying.setattr(Redrawer, "redraw", never)
            async with idle.parts.bot():
                number = await idle.answered()
                await idle.correct(number, SANDAL)
                assert idle.counted() == {b"wrong": 1}
        async with idle.parts.bot():
            await idle.until_caption(number, CORRECTED)
    assert idle.counted() == {b"wrong": 1}


async def test_a_bot_that_dies_over_an_undo_takes_back_one(
    idle: Correcting, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with idle.parts.worker.working():
        async with idle.parts.bot():
            numbers = [await idle.answered(), await idle.answered()]
            for number in numbers:
                await idle.correct(number, SANDAL)
                await idle.until_caption(number, CORRECTED)
        with monkeypatch.context() as dying:
            dying.setattr(Redrawer, "redraw", never)
            async with idle.parts.bot():
                await idle.parts.sandbox.send_text(GUEST.id, "/undo")
                await until(lambda: idle.counted() == {b"wrong": 1})
        async with idle.parts.bot():
            await idle.until_caption(numbers[1], "👟 Sneaker, 93%")
            await until(lambda: idle.client.hlen(keys.UPDATES) == 0)
    assert idle.counted() == {b"wrong": 1}
    assert idle.message(numbers[0])["caption"] == CORRECTED


@pytest.mark.parametrize("method", ["answerCallbackQuery", "editMessageReplyMarkup"])
async def test_what_is_only_a_courtesy_may_fail(chat: Correcting, method: str) -> None:
    number = await chat.answered()
    data = chat.buttons(number)["More…"].replace("more:", "is:5:")
    chat.parts.sandbox.faults.add(method, "unknown")
    await chat.parts.sandbox.press(GUEST.id, number, data, timeout=0.3)
    await chat.until_caption(number, CORRECTED)


@pytest.mark.parametrize("kind", ["429", "500", "drop", "lost"])
async def test_a_picture_that_telegram_did_not_take_is_sent_again(
    chat: Correcting, kind: Any
) -> None:
    number = await chat.answered()
    chat.parts.sandbox.faults.add("editMessageMedia", kind)
    await chat.correct(number, SANDAL)
    await chat.until_caption(number, CORRECTED)
    assert chat.colour(number) == "red"
    await until(lambda: chat.client.xlen(keys.ANSWERS) == 0)


async def test_where_the_picture_cannot_be_changed_the_words_are(chat: Correcting) -> None:
    number = await chat.answered()
    chat.parts.sandbox.faults.add("editMessageMedia", "unknown")
    await chat.correct(number, SANDAL)
    await chat.until_caption(number, CORRECTED)
    assert chat.colour(number) == "white"


async def test_an_answer_of_words_alone_gets_its_picture(chat: Correcting) -> None:
    chat.parts.sandbox.faults.add("sendPhoto", "unknown")
    number = await chat.answered()
    assert list(chat.buttons(number)) == JUDGE
    await chat.correct(number, SANDAL)
    await chat.until_caption(number, CORRECTED)
    assert chat.colour(number) == "red"


async def test_an_answer_of_words_alone_is_corrected_in_words(chat: Correcting) -> None:
    for method in ("sendPhoto", "editMessageMedia"):
        chat.parts.sandbox.faults.add(method, "unknown")
    number = await chat.answered()
    await chat.correct(number, SANDAL)
    await chat.until(lambda: chat.message(number).get("text") == CORRECTED)


async def test_a_photo_that_telegram_no_longer_gives_is_corrected_in_words(
    chat: Correcting,
) -> None:
    number = await chat.answered()
    chat.parts.sandbox.faults.add("getFile", "unknown")
    await chat.correct(number, SANDAL)
    await chat.until_caption(number, CORRECTED)
    assert chat.counted() == {b"wrong": 1}


async def test_a_message_that_was_deleted_holds_nothing_up(idle: Correcting) -> None:
    async with idle.parts.bot():
        async with idle.parts.worker.working():
            number = await idle.answered()
        await idle.correct(number, SANDAL)
        await idle.until_buttons(number, having="✓ Corrected · change")
        del idle.parts.sandbox.conversations[GUEST.id].messages[number]
        async with idle.parts.worker.working():
            await until(lambda: len(idle.parts.worker.jobs) == 2)
            await until(lambda: idle.client.xlen(keys.ANSWERS) == 0)
            await idle.answered()


async def test_while_the_queue_is_full_nothing_is_noted(idle: Correcting) -> None:
    async with idle.parts.bot(queue_photos=1):
        async with idle.parts.worker.working():
            number = await idle.answered()
        await idle.parts.send_photo()
        await until(lambda: idle.client.xlen(keys.PHOTOS) == 1)
        data = idle.buttons(number)["More…"].replace("more:", "is:5:")
        await idle.send(number, data)
        said = await idle.parts.reply(number)
        assert said["text"].startswith("I’m busy right now")
        assert list(idle.buttons(number)) == JUDGE
        assert idle.counted() == {}


async def test_a_photo_that_makes_the_worker_fail_is_corrected_in_words(chat: Correcting) -> None:
    number = await chat.answered()
    chat.parts.worker.answer = lambda job: Answer.to(job, refusal="failed")
    await chat.correct(number, SANDAL)
    await chat.until_caption(number, CORRECTED)
