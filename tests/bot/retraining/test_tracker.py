"""The message that follows a retraining, with a trainer that the tests play themselves."""

import asyncio
import re
from typing import Any

import pytest

from bot.retraining import tracker
from bot.sandbox.telegram import ADMIN
from model.common.queue import keys
from model.common.retraining.messages import RetrainJob, RetrainProgress
from tests.helpers.bot.retraining import KEPT, PROMOTED, TRAINING, Chat, hurry
from tests.helpers.bot.running import Parts
from tests.helpers.photos import picture
from tests.helpers.waiting import until


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


@pytest.fixture
async def chat(served: Parts) -> Chat:
    return Chat(served)


async def test_one_message_shows_how_far_it_is(chat: Chat) -> None:
    chat.trainer_is_there()
    number = await chat.begin()
    assert "reply_markup" not in chat.message(number) or await chat.shows(number, "moment")
    await chat.shows(number, "litenet from scratch, started by Admin", "Starting in a moment")
    chat.slot.take("t")
    chat.slot.report("t", RetrainProgress(stage="loading", share=0.02))
    await chat.shows(number, "Loading the data", "░░░░░░░░░░░░░░ 2%")
    chat.slot.report("t", TRAINING)
    text = await chat.shows(number, "Training, epoch 2 of 4")
    assert "▓▓▓▓▓▓▓░░░░░░░ 50%" in text
    assert "loss 0.420 · 88.1% right on validation photos" in text
    assert "about 1 min 35 s left" in text
    assert text.endswith("/cancel stops it.")
    chat.slot.report("t", RetrainProgress(stage="publishing", share=0.98))
    await chat.shows(number, "too late to cancel")
    assert "reply_markup" not in chat.message(number)
    assert chat.after(number) == []


async def test_edits_keep_their_distance(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    number = await chat.begin()
    monkeypatch.setattr(tracker, "EDIT_EVERY", 0.6)
    chat.slot.take("t")

    def edits() -> int:
        return sum(r.method == "editMessageText" for r in chat.parts.sandbox.requests)

    await chat.shows(number, "Starting")
    before = edits()
    async with asyncio.timeout(10):
        for step in range(30):
            chat.slot.report("t", RetrainProgress(stage="training", share=step / 30))
            await asyncio.sleep(0.02)
    assert edits() - before <= 2


async def test_no_trainer_is_said_and_so_is_that_there_is_one(chat: Chat) -> None:
    number = await chat.begin()
    await chat.shows(number, "No trainer is running", "python -m model trainer")
    chat.trainer_is_there()
    await chat.shows(number, "Starting in a moment")


async def test_a_second_attempt_is_said(chat: Chat) -> None:
    chat.trainer_is_there()
    number = await chat.begin()
    chat.slot.take("t1")
    chat.slot.release("t1", counted=True)
    await chat.shows(number, "Another attempt starts")
    chat.slot.take("t2")
    await chat.shows(number, "The first attempt died")
    chat.client.hincrbyfloat(keys.RETRAINING, "beat", -10)
    await chat.shows(number, "no longer responds")
    chat.slot.keep("t2")
    await chat.shows(number, "The first attempt died")


async def test_a_new_bot_goes_on_in_the_same_message(parts: Parts) -> None:
    chat = Chat(parts)
    async with parts.bot():
        number = await chat.begin()
    chat.slot.take("t")
    chat.slot.report("t", TRAINING)
    async with parts.bot():
        await chat.shows(number, "Training, epoch 2 of 4")
    chat.slot.finish("t", PROMOTED, [picture(), picture()])
    async with parts.bot():
        await chat.is_free()
    assert len(chat.after(number)) == 3


async def test_a_deleted_message_is_followed_by_another(chat: Chat) -> None:
    number = await chat.begin()
    await chat.shows(number, "so this waits")
    del chat.parts.sandbox.conversations[ADMIN.id].messages[number]
    chat.slot.take("t")
    chat.slot.report("t", TRAINING)
    await until(lambda: bool(chat.after(number)))
    [another] = chat.after(number)
    assert "Training, epoch 2" in another["text"]
    chat.slot.report("t", RetrainProgress(stage="measuring", share=0.9))
    await chat.shows(another["message_id"], "Measuring")
    assert len(chat.after(number)) == 1


@pytest.mark.parametrize("kind", ["429", "502", "drop", "lost"])
async def test_telegrams_bad_moments_are_outlasted(chat: Chat, kind: Any) -> None:
    number = await chat.begin()
    await chat.shows(number, "so this waits")
    chat.slot.take("t")
    for method in ("editMessageText", "sendMediaGroup", "sendMessage"):
        chat.parts.sandbox.faults.add(method, kind)
    chat.slot.report("t", TRAINING)
    await chat.shows(number, "Training, epoch 2 of 4")
    chat.parts.sandbox.faults.add("editMessageText", kind)
    chat.slot.finish("t", PROMOTED, [picture(), picture()])
    await chat.is_free()
    assert "is in use now" in chat.message(number)["text"]
    texts = [m["text"] for m in chat.after(number) if "text" in m]
    assert "Promoted: better" in texts[-1]


async def test_emptied_redis_is_said(chat: Chat) -> None:
    number = await chat.begin()
    await chat.shows(number, "so this waits")
    chat.client.delete(keys.RETRAINING)
    await chat.shows(number, "Redis was emptied")
    assert (await chat.say("/cancel"))["text"] == "There is no retraining to cancel."


async def test_a_shells_retraining_is_left_to_it(chat: Chat) -> None:
    chat.slot.ask(RetrainJob(id="shell", user_name="ana@desk"))
    text = (await chat.say("/retrain"))["text"]
    assert re.match(r"ana@desk started a retraining \d+ s ago", text)
    chat.slot.take("t")
    chat.slot.finish("t", KEPT)
    number = await chat.begin()
    assert len(chat.after(number)) == 0
    assert chat.snapshot().job.chat_id == ADMIN.id
