"""Buttons pressed with data that no button has, of other people, or again and again."""

import asyncio
import logging
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handlers.account import DECISION
from bot.handlers.corrections import BUTTONS
from bot.handlers.retrain import Wish
from bot.replies.fair_share import MOST_WAITING
from bot.sandbox.telegram import ADMIN, GUEST
from model.common.queue import keys
from model.common.registry.registry import Registry
from model.common.retraining.job_slot import Slot
from model.common.retraining.messages import MOST_EPOCHS, NETWORKS
from tests.helpers.bot.corrections import JUDGE, SANDAL, Correcting
from tests.helpers.bot.running import Parts
from tests.helpers.bot.updates import STRANGER, group, handled, is_alive, message, press

NOT_YOURS = "Only the person who sent the photo, or an admin, can correct this answer."
GARBAGE = [
    *("x", ":", "::::", "right", "right:", "wrong::", "back:::", "is", "is:", "is::", "is:3"),
    *("right:nobody", "wrong:u1-00000000", "right:u1-00000000:u1-00000000", "is:3:nobody"),
    *("is:11:nobody", "is:-1:nobody", "is:٣:nobody", "is:3.0:nobody", "is:1000000000000:nobody"),
    *("keep:", "keep:yes", "keep:yes:", "keep:yes:x", "keep:maybe:1001", "keep:yes:-1001"),
    *("keep:yes:1001\n", "keep:yes: 1001", "keep:no:١٠٠١", "keep:yes:" + "9" * 55, "KEEP:YES:1001"),
    *("retrain:", "retrain:yes", "retrain:maybe::", "retrain:yes:resnet:", "retrain:yes::-1"),
    *("retrain:yes::²", "retrain:yes::" + "9" * 51, "retrain:yes:ann:1:ann:1", "retrain:no:"),
    *("model:", "model:promote", "model:promote:", "model:promote:" + "0" * 16, "model:delete:x"),
    *("model:rollback", "model:rollback::", "model:rollback:a:b:c", "model:promote:../../x"),
    *("\x00", "\x00:\x00", "../../etc/passwd", "'; DROP TABLE", "{{modista}:updates}", "*"),
    *("<b>", "\u202eright:x", "right\u200b:x", "\ud800", "right:\udfff", "🧨" * 16, "x" * 64),
    *("x" * 5000, "right:" + "x" * 5000, "keep:yes:" + "9" * 5000, "is:" + "9" * 5000 + ":x"),
    *(5, ["right"], {"right": "x"}, True),
]


def standing(chat: Correcting) -> dict[str, Any]:
    """All that a button can change."""
    client: Any = chat.client
    registry = Registry(chat.client)
    return {
        "counts": chat.counted(),
        "kept": len(chat.store.all()),
        "consent": client.hgetall(keys.CONSENT),
        "retraining": Slot(chat.client).look(),
        "models": (registry.current(), client.lrange(keys.MODEL_HISTORY, 0, -1)),
        "photos": client.xlen(keys.PHOTOS) + client.xlen(keys.WAITING),
    }


@pytest.mark.parametrize("who", [GUEST, ADMIN], ids=["guest", "admin"])
async def test_data_that_no_button_has_changes_nothing(
    chat: Correcting, who: Any, caplog: pytest.LogCaptureFixture
) -> None:
    number = await chat.answered(who.id)
    above = chat.message(number, who.id)
    before = standing(chat)
    for data in GARBAGE:
        answer = await press(chat.parts, data, above, who)
        assert answer.text and answer.show_alert, data
        assert len(answer.text) <= 200
    assert standing(chat) == before
    assert len(chat.parts.from_bot(who.id)) == 1
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    await is_alive(chat.parts)


@given(st.text() | st.from_regex(BUTTONS) | st.from_regex(DECISION))
def test_what_the_patterns_let_in_is_read_without_an_error(data: str) -> None:
    """As the handlers read it."""
    if re.match(BUTTONS, data):
        verb, rest = data.split(":", 1)
        assert verb != "is" or 0 <= int(rest.split(":", 1)[0]) <= 10
        assert len(data.rpartition(":")[2]) <= 64
    if re.match(DECISION, data):
        _, _, whose = data.split(":")
        assert 0 <= int(whose) < 10**20


@given(st.text() | st.builds("retrain:yes:{}:{}".format, st.text(), st.text()))
def test_only_what_the_confirmation_offers_begins_a_retraining(data: str) -> None:
    wish = Wish.of(data)
    if wish is not None:
        assert re.fullmatch(r"retrain:yes:[^:]*:[^:]*", data, re.DOTALL)
        assert wish.network in {None, *NETWORKS}
        assert wish.epochs is None or 1 <= wish.epochs <= MOST_EPOCHS


@pytest.mark.parametrize("begin", ["retrain:", "retrain:maybe::", "retrain:no:", "retrain:YES::"])
def test_another_word_than_yes_begins_nothing(begin: str) -> None:
    assert Wish.of(begin) is None


class TestOtherPeoplesButtons:
    @pytest.mark.parametrize("data", ["right:{}", "wrong:{}", "back:{}", "is:1:{}", "is:10:{}"])
    async def test_an_answer_is_its_askers(self, chat: Correcting, data: str) -> None:
        number = await chat.answered()
        name = chat.parts.worker.jobs[0].id
        above = chat.message(number) | {"chat": group()}
        before = standing(chat)
        answer = await press(chat.parts, data.format(name), above, STRANGER)
        assert answer.text == NOT_YOURS
        await handled(chat.parts)
        assert standing(chat) == before
        assert list(chat.buttons(number)) == JUDGE

    async def test_an_answer_of_another_chat_is_not_known_here(self, chat: Correcting) -> None:
        theirs = await chat.answered(ADMIN.id)
        name = chat.parts.worker.jobs[0].id
        mine = await chat.answered(GUEST.id)
        for who in (GUEST, STRANGER):
            answer = await press(chat.parts, f"is:1:{name}", chat.message(mine), who)
            assert answer.text and answer.text.startswith("I no longer know this answer")
        assert not chat.counted()
        assert chat.message(theirs, ADMIN.id)["caption"] == "👟 Sneaker, 93%"

    async def test_in_a_group_nobody_writes_into_an_answer_to_somebody_else(
        self, chat: Correcting
    ) -> None:
        """By the data of an answer of one's own, below a message that has another's buttons."""
        await chat.answered()
        mine = chat.parts.worker.jobs[0].id
        theirs = await chat.answered()
        before = chat.message(theirs)
        for data in (f"is:1:{mine}", f"wrong:{mine}", "right:nobody"):
            answer = await press(chat.parts, data, before | {"chat": group()})
            assert answer.text and answer.text.startswith("I no longer know this answer")
            old = {"message_id": theirs, "chat": group(), "date": 0}
            answer = await press(chat.parts, data, old)
            assert answer.text and answer.text.startswith("I no longer know this answer")
        await handled(chat.parts)
        assert chat.message(theirs) == before
        assert not chat.counted()

    async def test_in_a_group_ones_own_answer_can_be_corrected(self, chat: Correcting) -> None:
        number = await chat.answered()
        name = chat.parts.worker.jobs[0].id
        await press(chat.parts, f"is:5:{name}", chat.message(number) | {"chat": group()})
        await chat.until_caption(number, "Corrected: 👡 Sandal")

    async def test_consent_is_for_oneself_and_below_ones_own_question(
        self, chat: Correcting
    ) -> None:
        number = await chat.asked()
        question = chat.message(number) | {"chat": group()}
        for data in (f"keep:yes:{GUEST.id}", f"keep:no:{GUEST.id}", f"keep:yes:{STRANGER.id}"):
            answer = await press(chat.parts, data, question, STRANGER)
            assert answer.text == "Only the person who was asked can answer this."
        await handled(chat.parts)
        consent: Any = chat.client.hgetall(keys.CONSENT)
        assert list(consent.values()) == [b"asked"]
        assert chat.message(number)["text"] == question["text"]

    @pytest.mark.parametrize("data", ["retrain:yes::", "retrain:no", "model:promote:0"])
    async def test_admins_buttons_are_theirs_and_for_their_own_chat(
        self, chat: Correcting, data: str
    ) -> None:
        number = await chat.answered(ADMIN.id)
        above = chat.message(number, ADMIN.id)
        before = standing(chat)
        for who in (GUEST, STRANGER):
            answer = await press(chat.parts, data, above, who)
            assert answer.text == "Only this bot’s admins can do that."
        for elsewhere in (above | {"chat": group(ADMIN)}, None):
            answer = await press(chat.parts, data, elsewhere, ADMIN)
            assert answer.text and "only work in our private chat" in answer.text
        assert standing(chat) == before


class TestReplays:
    async def test_after_forget_old_buttons_do_nothing(self, chat: Correcting) -> None:
        number = await chat.corrected()
        name = chat.parts.worker.jobs[0].id
        before = chat.message(number)
        await chat.forget()
        for data in (f"right:{name}", f"wrong:{name}", f"is:1:{name}", f"back:{name}"):
            answer = await press(chat.parts, data, before)
            assert answer.text and "until you delete them" in answer.text
        assert not await chat.left()

    async def test_after_a_restart_old_buttons_do_what_they_say_once(
        self, idle: Correcting
    ) -> None:
        async with idle.parts.worker.working():
            async with idle.parts.bot():
                number = await idle.corrected()
                old = idle.message(number)
            name = idle.parts.worker.jobs[0].id
            async with idle.parts.bot():
                for _ in range(3):
                    await press(idle.parts, f"is:5:{name}", old)
                await handled(idle.parts)
                assert idle.counted() == {b"wrong": 1}

    async def test_many_presses_are_one(self, chat: Correcting) -> None:
        number = await chat.answered()
        [data] = [d for text, d in chat.buttons(number).items() if text == "✓ Sneaker"]
        above = chat.message(number)
        answers = await asyncio.gather(
            *(press(chat.parts, data, above) for _ in range(MOST_WAITING))
        )
        assert {answer.text for answer in answers} == {"Thank you, good to know!"}
        await chat.until_caption(number, "✓ ")
        await handled(chat.parts)
        assert chat.counted() == {b"right": 1}
        assert len(chat.parts.worker.jobs) == 2, "the photo, and one redrawing"
        assert len(chat.parts.from_bot()) == 1

    async def test_fifty_changes_of_mind_end_in_the_last(self, chat: Correcting) -> None:
        number = await chat.answered()
        name = chat.parts.worker.jobs[0].id
        above = chat.message(number)
        for label in [1, 2, 3, 4, 6, 8, 9, 0] * 6 + [7, 5]:
            await press(chat.parts, f"is:{label}:{name}", above)
        await chat.until_caption(number, f"Corrected: {SANDAL}")
        await handled(chat.parts)
        assert chat.counted() == {b"wrong": 1}

    async def test_one_press_delivered_twice_is_one(self, chat: Correcting) -> None:
        number = await chat.answered()
        [data] = [d for text, d in chat.buttons(number).items() if text == "✓ Sneaker"]
        await press(chat.parts, data, chat.message(number))
        again = {"update_id": 5, "callback_query": _query(data, chat.message(number))}
        for _ in range(2):
            chat.parts.sandbox.updates.pending.append(again)
            chat.parts.sandbox.updates.end_poll()
            await handled(chat.parts)
        assert chat.counted() == {b"right": 1}


def _query(data: str, above: dict[str, Any]) -> dict[str, Any]:
    return {"id": "1", "from": GUEST.user, "chat_instance": "1", "data": data, "message": above}


async def test_a_press_below_a_message_that_the_sandbox_never_had(served: Parts) -> None:
    for above in (message("x"), {"message_id": 1, "chat": GUEST.chat, "date": 0}, None):
        answer = await press(served, "right:nobody", above)
        assert answer.text
    await is_alive(served)


async def test_presses_that_are_too_many_at_once_are_answered(
    chat: Correcting, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await chat.answered()
    monkeypatch.setattr("bot.replies.fair_share.MOST_WAITING", 0)
    said = await chat.press(number, SANDAL if SANDAL in chat.buttons(number) else "More…")
    assert not said.text
    assert chat.counted() == {}
