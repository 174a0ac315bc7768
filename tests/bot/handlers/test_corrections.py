"""Answers are corrected, by the right people, once: the real bot, the sandbox, real Redis."""

import logging
from typing import Any

import pytest

from bot.sandbox.telegram import ADMIN, GUEST
from model.common.labels import LABELS
from model.common.queue import keys
from model.common.queue.messages import Answer
from tests.helpers.bot.corrections import CORRECTED, JUDGE, SANDAL, SNEAKER, Correcting
from tests.helpers.bot.running import prediction
from tests.helpers.waiting import until


async def test_a_wrong_answer_is_corrected_with_one_tap(chat: Correcting) -> None:
    number = await chat.answered()
    assert list(chat.buttons(number)) == JUDGE
    said = await chat.press(number, SANDAL)
    assert said.text == "Thank you! I’m redrawing the picture."
    await chat.until_caption(number, CORRECTED)
    assert chat.colour(number) == "red"
    assert list(chat.buttons(number)) == ["✓ Corrected · change"]
    assert chat.counted() == {b"wrong": 1}


async def test_more_are_the_others_likeliest_first_without_the_one_called_wrong(
    chat: Correcting,
) -> None:
    chat.prediction = prediction(Coat=0.6, Shirt=0.3, Pullover=0.1)
    number = await chat.answered()
    assert (await chat.press(number, "More…")).text is None
    await chat.until_buttons(number, having="👜 Bag")
    names = list(chat.buttons(number))
    assert names[:2] == ["👔 Shirt", "🧶 Pullover"]
    assert names[-2:] == ["None of these", "‹ Back"]
    others = {f"{label.emoji} {label.in_language('en')}" for label in LABELS} - {"🧥 Coat"}
    assert set(names[:-2]) == others
    await chat.press(number, "👜 Bag")
    await chat.until_caption(number, "Corrected: 👜 Bag. I’d said Coat")
    await chat.press(number, "✓ Corrected · change")
    await chat.until_buttons(number, having="🧥 Coat")
    assert "👜 Bag" not in chat.buttons(number), "it stands already"


async def test_a_right_answer_is_confirmed_with_one(chat: Correcting) -> None:
    number = await chat.answered()
    assert (await chat.press(number, "✓ Sneaker")).text == "Thank you, good to know!"
    await chat.until_caption(number, "✓ 👟 Sneaker, 93%")
    assert chat.colour(number) == "green"
    assert list(chat.buttons(number)) == ["✓ Right · change"]
    assert chat.counted() == {b"right": 1}
    assert len(chat.parts.from_bot()) == 1, "there is nothing to ask consent for"


async def test_a_photo_of_none_of_the_ten_can_be_called_so(chat: Correcting) -> None:
    number = await chat.answered()
    await chat.correct(number, "None of these")
    await chat.until_caption(number, "Corrected: none of my ten kinds.")


async def test_an_answer_that_named_nothing_can_be_corrected_too(chat: Correcting) -> None:
    chat.prediction = prediction("none", Bag=0.6, Coat=0.4)
    number = await chat.answered()
    await chat.correct(number, "👜 Bag")
    await chat.until_caption(number, "Corrected: 👜 Bag. I hadn’t recognised it")
    again = await chat.answered()
    assert list(chat.buttons(again)) == [
        *("👜 Bag", "🧥 Coat", "👕 T-shirt or top", "More…", "✓ None of these")
    ]
    await chat.press(again, "More…")
    await chat.until_buttons(again, having="👡 Sandal")
    assert "None of these" not in chat.buttons(again), "it was said"
    await chat.press(again, "‹ Back")
    await chat.until_buttons(again, having="✓ None of these")
    await chat.press(again, "✓ None of these")
    await chat.until_caption(again, "✓ None of my ten kinds")
    assert chat.counted() == {b"wrong": 1, b"right": 1}


async def test_of_an_unsure_answer_any_of_the_likeliest_is_one_tap_away(chat: Correcting) -> None:
    chat.prediction = prediction("unsure", Shirt=0.5, Coat=0.4, Dress=0.1)
    right, wrong = await chat.answered(), await chat.answered()
    assert list(chat.buttons(right)) == ["👔 Shirt", "🧥 Coat", "👗 Dress", "More…"]
    await chat.press(right, "👔 Shirt")
    await chat.until_caption(right, "✓ 👔 Shirt (I wasn’t sure)")
    await chat.press(wrong, "🧥 Coat")
    await chat.until_caption(wrong, "Corrected: 🧥 Coat. I wasn’t sure")
    assert chat.counted() == {b"right": 1, b"wrong": 1}


async def test_the_buttons_of_before_go_on_working(chat: Correcting) -> None:
    chat.prediction = prediction("unsure", Shirt=0.55, Coat=0.45)
    unsure = await chat.answered()
    name = chat.buttons(unsure)["More…"].removeprefix("more:")
    await chat.send(unsure, f"wrong:{name}")
    await chat.until_buttons(unsure, having="‹ Back")
    await chat.send(unsure, f"right:{name}")
    await chat.until_buttons(unsure, having="More…")
    assert chat.counted() == {}
    chat.prediction = SNEAKER
    sure = await chat.answered()
    name = chat.buttons(sure)["More…"].removeprefix("more:")
    await chat.send(sure, f"right:{name}")
    await chat.until_caption(sure, "✓ 👟 Sneaker")


async def test_a_second_tap_changes_the_first(chat: Correcting) -> None:
    number = await chat.answered()
    await chat.correct(number, SANDAL)
    await chat.until_caption(number, CORRECTED)
    await chat.press(number, "✓ Corrected · change")
    await chat.until_buttons(number, having="👟 Sneaker")
    await chat.press(number, "👟 Sneaker")
    await chat.until_caption(number, "✓ 👟 Sneaker")
    assert chat.colour(number) == "green"
    assert chat.counted() == {b"right": 1}


async def test_the_same_button_twice_counts_once(chat: Correcting) -> None:
    number = await chat.answered()
    data = chat.buttons(number)["More…"]
    await chat.send(number, data)
    await chat.send(number, data)
    await chat.until_buttons(number, having=SANDAL)
    data = chat.buttons(number)[SANDAL]
    for _ in range(3):
        assert (await chat.send(number, data)).text == "Thank you! I’m redrawing the picture."
    await chat.until_caption(number, CORRECTED)
    assert chat.counted() == {b"wrong": 1}
    assert len([job for job in chat.parts.worker.jobs if job.correction]) == 1


class TestDetails:
    async def test_all_ten_of_the_last_answer(self, chat: Correcting) -> None:
        await chat.answered()
        said = (await chat.ask("/details"))["text"].splitlines()
        assert said[0] == "👟 Sneaker, 93%"
        assert said[2:4] == ["👟 Sneaker: 93.0%", "👡 Sandal: 7.0%"]
        assert len(said[2:12]) == len(LABELS) and said[12] == ""
        assert said[13] == "One of my ten garments at all: 90%"
        assert said[14] == "Model: stand-in"

    async def test_the_answer_that_it_replies_to(self, chat: Correcting) -> None:
        first = await chat.answered()
        chat.prediction = prediction(Bag=1.0)
        await chat.answered()
        sandbox = chat.parts.sandbox
        sent = await sandbox.send_text(GUEST.id, "/details", reply_to=first)
        told = await sandbox.next_bot_message(GUEST.id, after=sent["message_id"])
        assert told["text"].startswith("👟 Sneaker, 93%")
        assert (await chat.ask("/details"))["text"].startswith("👜 Bag, 100%")

    async def test_nobody_elses(self, chat: Correcting) -> None:
        await chat.answered(ADMIN.id)
        assert (await chat.ask("/details"))["text"].startswith("I don’t remember an answer")


async def test_back_closes_the_classes(chat: Correcting) -> None:
    number = await chat.answered()
    await chat.press(number, "More…")
    await chat.until_buttons(number, having="‹ Back")
    await chat.press(number, "‹ Back")
    await chat.until_buttons(number, having="✓ Sneaker")
    assert list(chat.buttons(number)) == JUDGE


class TestWho:
    """Chats with more than two are simulated: the sandbox has none."""

    async def press_as(self, chat: Correcting, number: int, data: str, who: int) -> Any:
        sandbox = chat.parts.sandbox
        query_id, answer = sandbox.callbacks.open()
        sandbox.updates.add(
            "callback_query",
            {
                "id": query_id,
                "from": {"id": who, "is_bot": False, "first_name": "X", "language_code": "es"},
                "message": chat.message(number),
                "chat_instance": "1",
                "data": data,
            },
        )
        return await answer

    async def test_a_stranger_is_refused(self, chat: Correcting) -> None:
        number = await chat.answered()
        for text in JUDGE:
            said = await self.press_as(chat, number, chat.buttons(number)[text], 4040)
            assert said.show_alert
            assert said.text.startswith("Solo quien mandó la foto")
        assert list(chat.buttons(number)) == JUDGE
        assert chat.counted() == {}

    async def test_an_admin_may_but_is_not_asked_about_somebody_elses_photo(
        self, chat: Correcting
    ) -> None:
        number = await chat.answered()
        data = chat.buttons(number)["More…"].replace("more:", "is:5:")
        await self.press_as(chat, number, data, ADMIN.id)
        await chat.until_caption(number, CORRECTED)
        assert chat.counted() == {b"wrong": 1}
        assert len(chat.parts.from_bot()) == 1
        assert chat.store.all() == []

    async def test_data_that_somebody_made_up_reaches_no_other_chat(self, chat: Correcting) -> None:
        guests, admins = await chat.answered(), await chat.answered(ADMIN.id)
        data = chat.buttons(guests)["✓ Sneaker"]
        said = await chat.send(admins, data, ADMIN.id)
        assert said.show_alert and said.text and "no longer know this answer" in said.text
        assert chat.counted() == {}

    @pytest.mark.parametrize("data", ["is:11:u1", "is:-1:u1", "is:x:u1", "right", "nonsense:1"])
    async def test_nonsense_is_answered(self, chat: Correcting, data: str) -> None:
        number = await chat.answered()
        said = await chat.send(number, data)
        assert said.text == "That button no longer does anything."


async def test_even_a_press_without_data_is_answered(chat: Correcting) -> None:
    assert (await chat.send(await chat.answered(), "")).text


async def test_a_tap_after_seven_days_is_told_so_and_the_buttons_go(chat: Correcting) -> None:
    number = await chat.answered()
    for key in chat.client.keys(keys.ANSWERED + "*"):  # type: ignore[union-attr]
        chat.client.delete(key)
    said = await chat.press(number, "More…")
    assert said.show_alert and said.text and "for seven days" in said.text
    await until(lambda: not chat.buttons(number))


@pytest.mark.parametrize("refusal", ["unreadable", "too_large", "failed"])
async def test_a_refusal_has_no_buttons(chat: Correcting, refusal: Any) -> None:
    chat.parts.worker.answer = lambda job: Answer.to(job, refusal=refusal)
    assert chat.buttons(await chat.answered()) == {}


async def test_an_answer_costs_one_more_round_trip(chat: Correcting) -> None:
    await chat.answered()
    await until(lambda: chat.client.xlen(keys.ANSWERS) == 0)
    before = chat.client.info("commandstats")
    await chat.answered()
    await until(lambda: chat.client.xlen(keys.ANSWERS) == 0)
    after = chat.client.info("commandstats")

    def calls(stats: Any, name: str) -> int:
        return int(stats.get(f"cmdstat_{name}", {"calls": 0})["calls"])

    assert calls(after, "hsetnx") - calls(before, "hsetnx") == 1
    # A script: all that is remembered goes in one, and without MULTI and EXEC around it.
    assert calls(after, "exec") - calls(before, "exec") == 0


async def test_an_unexpected_error_is_told_to_who_pressed(
    chat: Correcting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    number = await chat.answered()

    def fail(*_: Any) -> Any:
        raise RuntimeError("no ink")

    monkeypatch.setattr("model.common.corrections.answer_record.AnswerRecord.opened", fail)
    said = await chat.press(number, "More…")
    assert said.text == "Sorry, something went wrong on my side. Please try again in a moment."
    assert said.show_alert
    [record] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.getMessage().startswith("Update u")
