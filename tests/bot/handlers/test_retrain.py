"""The admins' /retrain and /cancel, with a trainer that the tests play themselves."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox.telegram import ADMIN, GUEST
from model.common.corrections.split import split
from model.common.corrections.store import CorrectionStore, KeptCorrection
from model.common.queue import keys
from model.common.queue.heartbeats import TRAINERS
from model.common.registry.registry import Registry
from model.common.retraining.messages import RetrainProgress
from tests.helpers.bot.retraining import KEPT, PROMOTED, TRAINING, Chat, hurry
from tests.helpers.bot.running import Parts, assembled
from tests.helpers.model.trainer import Running
from tests.helpers.models import entry
from tests.helpers.waiting import until

OTHER = GUEST  # a second admin, in the tests that need one


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


@pytest.fixture
async def chat(served: Parts) -> Chat:
    return Chat(served)


@pytest.fixture
async def two(redis_url: str) -> AsyncIterator[Chat]:
    """A bot with two admins."""
    both = f"{ADMIN.id},{OTHER.id}"
    async with assembled(redis_url, admin_ids=both) as parts, parts.bot():
        yield Chat(parts)


class TestAsking:
    async def test_only_admins_may(self, chat: Chat) -> None:
        for command in ("/retrain", "/cancel", "/retrain nonsense"):
            answer = await chat.say(command, GUEST.id)
            assert answer["text"] == "That command is for this bot’s admins."

    @pytest.mark.parametrize(
        "arguments",
        [
            *("nonsense", "5", "ann ann", "ann litenet", "ann epochs", "epochs=2 epochs=3"),
            *("epochs=0", "epochs=101", "epochs=five", "epochs=", "epochs=-1", "epochs=²"),
        ],
    )
    async def test_wrong_arguments_get_the_usage(self, chat: Chat, arguments: str) -> None:
        answer = await chat.say(f"/retrain {arguments}")
        assert answer["text"].startswith("Usage: /retrain [network] [epochs=N]")
        assert "ann, litenet" in answer["text"]
        assert "reply_markup" not in answer

    async def test_the_confirmation_says_what_it_trains_on(self, chat: Chat) -> None:
        chat.trainer_is_there(*range(100, 110), 44)
        text = (await chat.say("/retrain litenet"))["text"]
        assert text.startswith("Train the network litenet from scratch?")
        assert "T-shirt or top    5,500     100\n" in text
        assert "None of these         0      44\n" in text
        assert "No corrections are kept yet." in text
        assert "Epochs" not in text

    async def test_named_networks_and_epochs(self, chat: Chat) -> None:
        text = (await chat.say("/retrain EPOCHS=3 Ann"))["text"]
        assert "Train the network ann from scratch?" in text
        assert "Epochs: 3" in text
        assert "learns from Fashion-MNIST alone" in text
        await chat.begin("/retrain epochs=3 ann")
        job = chat.snapshot().job
        assert (job.network, job.epochs) == ("ann", 3)
        assert (job.user_name, job.user_id, job.chat_id) == ("Admin", ADMIN.id, ADMIN.id)

    async def test_declining_starts_nothing(self, chat: Chat) -> None:
        number = (await chat.say("/retrain litenet"))["message_id"]
        await chat.press(number, 1)
        await chat.shows(number, "didn’t start anything")
        assert "reply_markup" not in chat.message(number)
        assert chat.slot.look() is None

    async def test_a_button_starts_one_retraining_only(self, chat: Chat) -> None:
        number = (await chat.say("/retrain litenet"))["message_id"]
        data = chat.message(number)["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        press = chat.parts.sandbox.press
        assert await press(ADMIN.id, number, data) == "Starting."
        assert await press(ADMIN.id, number, data) == "Starting."
        assert chat.slot.take("t")
        chat.slot.finish("t", KEPT)
        await chat.is_free()
        assert "is over" in str(await press(ADMIN.id, number, data))
        assert chat.slot.look() is None
        assert "is over" in str(await press(ADMIN.id, number, "retrain:yes:cnn9:"))

    async def test_a_guest_cannot_press(self, chat: Chat) -> None:
        answer = await chat.say("/help", GUEST.id)
        pressed = await chat.parts.sandbox.press(GUEST.id, answer["message_id"], "retrain:yes::")
        assert pressed and "admins" in pressed
        assert chat.slot.look() is None


async def retrained(redis_url: str, *corrected: int, knows: float = 0.0) -> dict[str, Any]:
    """What /retrain says with this many kept corrections of each class, made a second ago.

    The current model knows those of before `knows`, Unix time in seconds.
    """
    async with assembled(redis_url) as parts:
        chat = Chat(parts)
        store = CorrectionStore(chat.client)
        chat.client.hset(keys.CONSENT, "p", "yes")
        for label, count in enumerate(corrected):
            for number in range(count):
                kept = KeptCorrection(
                    id=f"{label}-{number}",
                    label=label,
                    predicted=9,
                    model="m",
                    person="p",
                    date=time.time() - 1,
                )
                assert store.keep(kept, b"thumbnail")
        if knows:
            registry = Registry(chat.client)
            learned = {"corrections": 1}
            registry.publish(
                replace(entry("new-1"), trained_on=learned, created_at=knows), b"k", b"c"
            )
            registry.promote("new-1", by="Ada")
        async with parts.bot():
            return await chat.say("/retrain")


class TestCorrections:
    async def test_without_any_nothing_is_offered(self, redis_url: str) -> None:
        said = await retrained(redis_url)
        assert said["text"].startswith("Nothing to learn yet: no corrections are kept.")
        assert "reply_markup" not in said

    async def test_with_none_that_the_model_does_not_know_nothing_is_offered(
        self, redis_url: str
    ) -> None:
        said = await retrained(redis_url, 4, 1, knows=time.time() + 60)
        assert said["text"].startswith(
            "Nothing new to learn: the current model already knows all 5"
        )
        assert "reply_markup" not in said

    async def test_what_it_shows_is_what_it_learns_from(self, redis_url: str) -> None:
        said = await retrained(redis_url, 6, 3, knows=time.time() - 60)
        assert "T-shirt or top    5,500      4\nTrousers          5,500      2\n" in said["text"]
        assert "Corrections: 9, of which 9 came since the current model." in said["text"]
        assert "It learns from 6 (Corr.) and is judged by 3 others." in said["text"]
        assert "Too few people’s photos were corrected" in said["text"]
        assert "reply_markup" in said

    async def test_people_are_on_one_side_and_copies_count_once(self, redis_url: str) -> None:
        async with assembled(redis_url) as parts:
            chat = Chat(parts)
            store = CorrectionStore(chat.client)
            for number in range(18):
                person = f"p{number % 3}"
                chat.client.hset(keys.CONSENT, person, "yes")
                kept = KeptCorrection(
                    id=f"c{number}",
                    label=0,
                    predicted=9,
                    model="m",
                    person=person,
                    date=1.0 + number,
                    # Those of the first are all of one picture.
                    fingerprint="0" * 32 if person == "p0" else "",
                )
                assert store.keep(kept, b"thumbnail")
            async with parts.bot():
                said = await chat.say("/retrain")
                await chat.press(said["message_id"])
                await until(lambda: chat.slot.look() is not None)
        assert "T-shirt or top    5,500      7\n" in said["text"]
        assert "Corrections: 18, of which 18 came since the current model." in said["text"]
        assert "It learns from 7 (Corr.) and is judged by 6 others." in said["text"]
        assert "5 look the same as others and don’t count again." in said["text"]
        assert "Too few" not in said["text"]
        sides = split(store.all())
        assert (len(sides.learned), len(sides.held_back)) == (7, 6), "as the trainer splits them"
        assert chat.snapshot().job.admins == [store.keyring.person(ADMIN.id)]


class TestMeanwhile:
    async def test_a_second_is_told_of_the_first(self, two: Chat) -> None:
        two.trainer_is_there()
        confirmed_later = (await two.say("/retrain litenet", OTHER.id))["message_id"]
        await two.begin()
        two.slot.take("t")
        two.slot.report("t", TRAINING)
        for who in (ADMIN.id, OTHER.id):
            text = (await two.say("/retrain", who))["text"]
            assert text.startswith("Admin started a retraining ")
            assert "Training, epoch 2 of 4" in text and "50%" in text
        await two.press(confirmed_later, who=OTHER.id)
        await two.shows(confirmed_later, "Admin started a retraining", who=OTHER.id)
        assert two.snapshot().job.user_name == "Admin"

    async def test_another_admin_cancels(self, two: Chat) -> None:
        number = await two.begin()
        two.slot.take("t")
        answer = await two.say("/cancel", OTHER.id)
        assert answer["text"] == "Stopping within a few seconds."
        await two.shows(number, "Cancelled by Guest; stopping")
        two.slot.release("t", counted=True)
        await two.shows(number, "⏹ Cancelled by Guest.", "stays in use")
        await two.is_free()
        assert two.after(number) == []


class TestCancelling:
    async def test_nothing(self, chat: Chat) -> None:
        assert (await chat.say("/cancel"))["text"] == "There is no retraining to cancel."

    async def test_while_it_waits_for_a_trainer(self, chat: Chat) -> None:
        number = await chat.begin()
        assert (await chat.say("/cancel"))["text"] == "Cancelled."
        await chat.shows(number, "⏹ Cancelled by Admin.")
        await chat.is_free()
        await chat.begin()

    async def test_while_it_publishes(self, chat: Chat) -> None:
        await chat.begin()
        chat.slot.take("t")
        chat.slot.report("t", RetrainProgress(stage="publishing"))
        assert (await chat.say("/cancel"))["text"].startswith("Too late")
        assert chat.slot.keep("t") == "held"

    async def test_while_its_outcome_is_told(self, chat: Chat) -> None:
        number = await chat.begin()
        chat.slot.take("t")
        chat.parts.sandbox.faults.add("editMessageText", "502", times=None)
        chat.slot.finish("t", PROMOTED)
        assert "already over" in (await chat.say("/cancel"))["text"]
        assert "just sending" in (await chat.say("/retrain"))["text"]
        chat.parts.sandbox.faults.clear()
        await chat.shows(number, "is in use now")

    async def test_a_dead_trainers_job(self, chat: Chat) -> None:
        number = await chat.begin()
        chat.slot.take("t")
        await chat.say("/cancel")
        chat.client.hincrbyfloat(keys.RETRAINING, "beat", -10)
        await chat.shows(number, "⏹ Cancelled by Admin.")


async def test_a_real_trainer_from_asking_to_the_verdict(chat: Chat, redis_url: str) -> None:
    with Running(chat.client, redis_url):
        await until(lambda: bool(TRAINERS.alive(chat.client)))
        number = await chat.begin()
        await until(lambda: len(chat.after(number)) == 4)
        await chat.is_free()
    assert "✅" in chat.message(number)["text"]
