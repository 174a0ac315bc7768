"""/privacy, and a person's choice whether photos are kept."""

from typing import Any

import pytest

from bot.sandbox.telegram import ADMIN, GUEST
from model.common.queue import keys
from model.photos.decode import decode
from tests.helpers.bot.corrections import ALLOW, KEEP, NO, STOP, Correcting
from tests.helpers.waiting import until

BAG = "👜 Bag"


class TestConsent:
    async def test_it_is_asked_once_and_without_it_only_the_count_is_kept(
        self, chat: Correcting
    ) -> None:
        question = await chat.asked()
        assert list(chat.buttons(question)) == [KEEP, NO]
        await chat.corrected()
        questions = [m for m in chat.parts.from_bot() if "One question" in m.get("text", "")]
        assert len(questions) == 1
        assert chat.store.all() == []
        assert not chat.client.exists(keys.CORRECTIONS, keys.THUMBNAILS)
        assert chat.client.hgetall(keys.CORRECTIONS_COUNT) == {b"wrong": b"2"}

    async def test_after_a_yes_those_of_before_and_of_later_are_kept(
        self, chat: Correcting
    ) -> None:
        question = await chat.asked()
        await chat.corrected()
        await chat.press(question, KEEP)
        await chat.until_kept(2)
        assert chat.message(question)["text"].startswith("You allow me")
        assert list(chat.buttons(question)) == [STOP]
        await chat.corrected()
        await chat.until_kept(3)
        for correction in chat.store.all():
            assert (correction.label, correction.predicted, correction.model) == (5, 7, "stand-in")
            assert correction.person == chat.store.keyring.person(GUEST.id)
            thumbnail = chat.store.thumbnails([correction.id])[correction.id]
            assert min(decode(thumbnail).size) == 160

    async def test_more_than_a_person_may_have_waiting_are_kept_as_room_comes(
        self, idle: Correcting
    ) -> None:
        async with idle.parts.bot(photos_waiting=1):
            async with idle.parts.worker.working():
                question = await idle.asked()
                await idle.corrected()
                await idle.corrected()
            await idle.press(question, KEEP)
            await until(lambda: idle.client.xlen(keys.PHOTOS) == 1)
            async with idle.parts.worker.working():
                await idle.until_kept(3)

    async def test_the_same_yes_twice_keeps_once(self, chat: Correcting) -> None:
        question = await chat.asked()
        data = chat.buttons(question)[KEEP]
        for _ in range(3):
            assert (await chat.send(question, data)).text is None
        await chat.until_kept(1)

    async def test_who_declines_may_accept_later(self, chat: Correcting) -> None:
        question = await chat.asked()
        await chat.press(question, NO)
        await chat.until_buttons(question, having=ALLOW)
        assert "don’t allow" in chat.message(question)["text"]
        await chat.corrected()
        assert chat.store.all() == []
        await chat.press(question, ALLOW)
        await chat.until_kept(2)

    async def test_who_accepts_may_think_better_of_it(self, chat: Correcting) -> None:
        question = await chat.asked()
        await chat.press(question, KEEP)
        await chat.until_kept(1)
        await chat.press(question, STOP)
        await chat.until_kept(0)
        assert not chat.client.exists(keys.THUMBNAILS)
        await chat.until_buttons(question, having=ALLOW)
        await chat.press(question, ALLOW)
        await chat.until_kept(1)

    async def test_nobody_consents_for_somebody_else(self, chat: Correcting) -> None:
        await chat.asked()
        theirs = await chat.asked(ADMIN.id)
        said = await chat.send(theirs, f"keep:yes:{GUEST.id}", ADMIN.id)
        assert said.show_alert and said.text == "Only the person who was asked can answer this."
        for person in (GUEST, ADMIN):
            state: Any = chat.client.hget(keys.CONSENT, chat.store.keyring.person(person.id))
            assert state == b"asked"

    async def test_a_changed_correction_is_kept_as_changed(self, chat: Correcting) -> None:
        question = await chat.asked()
        number = int(chat.message(question)["reply_to_message"]["message_id"])
        await chat.press(question, KEEP)
        await chat.until_kept(1)
        await chat.press(number, "✓ Corrected · change")
        await chat.until_buttons(number, having=BAG)
        await chat.press(number, BAG)
        await until(lambda: [kept.label for kept in chat.store.all()] == [8])
        await chat.until_buttons(number, having="✓ Corrected · change")
        await chat.press(number, "✓ Corrected · change")
        await chat.until_buttons(number, having="👟 Sneaker")
        await chat.press(number, "👟 Sneaker")
        await chat.until_kept(0)

    async def test_undo_takes_what_was_kept(self, chat: Correcting) -> None:
        await chat.press(await chat.asked(), KEEP)
        await chat.until_kept(1)
        await chat.ask("/undo")
        await chat.until_kept(0)
        assert not chat.client.exists(keys.THUMBNAILS)


class TestPrivacy:
    async def test_it_says_what_is_kept_and_lets_the_person_decide(self, chat: Correcting) -> None:
        sent = await chat.parts.sandbox.send_text(GUEST.id, "/privacy")
        told = await chat.parts.sandbox.next_bot_message(GUEST.id, after=sent["message_id"])
        assert len(told["text"].splitlines()) == 7
        for words in ("seven days", "only if you say yes", "/forget deletes everything"):
            assert words in told["text"]
        await chat.press(told["message_id"], "Details")
        await chat.until(lambda: "set aside" in chat.message(told["message_id"])["text"])
        details = chat.message(told["message_id"])["text"]
        for words in ("seven days", "small copy of the photo", "a code in place of"):
            assert words in details
        assert "/forget" not in details, "it would be deleted by a tap in the middle of a sentence"
        state = await chat.parts.sandbox.next_bot_message(GUEST.id, after=told["message_id"])
        assert "haven’t decided" in state["text"]
        assert list(chat.buttons(state["message_id"])) == [KEEP, NO]
        await chat.press(state["message_id"], KEEP)
        await chat.until_buttons(state["message_id"], having=STOP)
        assert "You allow me" in chat.message(state["message_id"])["text"]
        number = await chat.corrected()
        await chat.until_kept(1)
        with pytest.raises(TimeoutError):
            await chat.parts.reply(number, timeout=0.2)
