"""Admins' commands by everybody else, and by admins who were made to send them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.sandbox.state.photo_sizes import sizes
from bot.sandbox.telegram import ADMIN, GUEST, Person
from model.common.registry.registry import Registry
from model.common.retraining.job_slot import Slot
from tests.helpers.bot.corrections import Correcting
from tests.helpers.bot.retraining import TRAINING, Chat
from tests.helpers.bot.running import Parts, assembled
from tests.helpers.bot.updates import (
    ANONYMOUS,
    STRANGER,
    deliver,
    group,
    handled,
    is_alive,
    message,
)
from tests.helpers.photos import picture
from tests.helpers.redis import connect

COMMANDS = ["/status", "/models", "/rollback", "/retrain", "/cancel", "/retrain ann epochs=3"]
FOR_ADMINS = "That command is for this bot’s admins."
IN_PRIVATE = "Admin commands only work in our private chat, where nobody else can read along."
NOT_YOURS = "That command isn’t from you, so I ignored it. If you mean it, type it yourself."


@pytest.fixture
async def chat(served: Parts) -> AsyncIterator[Chat]:
    """A retraining is under way, which nobody of these may stop."""
    chat = Chat(served)
    chat.trainer_is_there()
    await chat.begin()
    chat.slot.take("t")
    chat.slot.report("t", TRAINING)
    yield chat
    found = Slot(chat.client).look()
    assert found is not None and found.cancelled_by is None, "somebody stopped it"
    assert not Registry(chat.client).before(), "somebody changed the model"


def forwarded(by: dict[str, Any]) -> dict[str, Any]:
    return {"forward_origin": {"type": "user", "date": 1, "sender_user": by}}


async def said(parts: Parts, who: int, **content: Any) -> list[str]:
    """Give the bot an update; what it wrote to this person because of it."""
    before = len(parts.from_bot(who))
    deliver(parts, **content)
    await handled(parts)
    return [found.get("text") or found["caption"] for found in parts.from_bot(who)[before:]]


async def answers(parts: Parts, who: Person, **changes: Any) -> set[str]:
    """Whatever the bot says to all of COMMANDS in such a message: one answer to each."""
    found = []
    for command in COMMANDS:
        found += await said(parts, who.id, message=message(command, who) | changes)
    assert len(found) == len(COMMANDS)
    return set(found)


class TestByOthers:
    async def test_of_anybody_they_are_refused(self, chat: Chat) -> None:
        assert await answers(chat.parts, GUEST) == {FOR_ADMINS}

    async def test_in_reply_to_an_admin_they_are_refused(self, chat: Chat) -> None:
        theirs = message("/retrain", ADMIN, chat=GUEST.chat)
        quote = {"text": "/retrain", "position": 0}
        found = await answers(chat.parts, GUEST, reply_to_message=theirs, quote=quote)
        assert found == {FOR_ADMINS}

    async def test_an_admins_message_that_is_forwarded_is_no_command(self, chat: Chat) -> None:
        assert await answers(chat.parts, GUEST, **forwarded(ADMIN.user)) == {NOT_YOURS}

    async def test_with_an_admins_name_they_are_refused(self, chat: Chat) -> None:
        who = GUEST.user | {"first_name": str(ADMIN.id), "username": "admin", "is_bot": True}
        assert await answers(chat.parts, GUEST, **{"from": who}) == {FOR_ADMINS}


class TestThroughAdmins:
    @pytest.mark.parametrize(
        "more",
        [
            forwarded(GUEST.user),
            {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Admin"}},
            {"forward_origin": {"type": "chat", "date": 1, "sender_chat": group(ADMIN)}},
            {"via_bot": {"id": 5, "is_bot": True, "first_name": "Helper", "username": "h_bot"}},
        ],
        ids=["forwarded", "of a hidden user", "of a chat", "by an inline bot"],
    )
    async def test_what_an_admin_passes_on_is_no_command(
        self, chat: Chat, more: dict[str, Any]
    ) -> None:
        assert await answers(chat.parts, ADMIN, **more) == {NOT_YOURS}

    async def test_in_a_group_an_admin_is_asked_to_write_in_private(self, chat: Chat) -> None:
        assert await answers(chat.parts, ADMIN, chat=group(ADMIN)) == {IN_PRIVATE}

    @pytest.mark.parametrize("kind", ["edited_message", "channel_post", "edited_channel_post"])
    async def test_only_new_messages_count(self, chat: Chat, kind: str) -> None:
        for command in COMMANDS:
            content = message(command, ADMIN, edit_date=1_700_000_001)
            assert not await said(chat.parts, ADMIN.id, **{kind: content})

    async def test_a_caption_or_the_middle_of_a_text_is_no_command(self, chat: Chat) -> None:
        for command in COMMANDS:
            length = len(command.split(maxsplit=1)[0])
            entity = {"type": "bot_command", "offset": 0, "length": length}
            caption = {"caption": command, "caption_entities": [entity]}
            dice = message(None, ADMIN, dice={"emoji": "🎲", "value": 3}, **caption)
            [answer] = await said(chat.parts, ADMIN.id, message=dice)
            assert answer.startswith("I only know photos")
            text = message(f"Hello {command}", ADMIN, entities=[entity | {"offset": 6}])
            [answer] = await said(chat.parts, ADMIN.id, message=text)
            assert answer.startswith("Send me a photo")


async def test_who_writes_in_a_chats_name_is_no_admin(redis_url: str) -> None:
    """Not even where somebody took the number that stands for all of them for an admin's."""
    admins = f"{ADMIN.id},{ANONYMOUS['id']},136817688,777000"
    async with assembled(redis_url, admin_ids=admins) as parts, parts.bot():
        channel = {"id": -1001, "type": "channel", "title": "News"}
        for chat, sender_chat in ((group(), group()), (group(), channel), (GUEST.chat, channel)):
            more = {"chat": chat, "sender_chat": sender_chat, "from": ANONYMOUS}
            assert await answers(parts, GUEST, **more) == {FOR_ADMINS}
        with connect(redis_url) as client:
            assert Slot(client).look() is None


@pytest.mark.parametrize(
    "arguments", ["x" * 4096, "\x00", "<b>", "\u202eann", "ann\u200b", "epochs=" + "9" * 4000]
)
async def test_odd_arguments_get_the_usage(served: Parts, arguments: str) -> None:
    [answer] = await said(served, ADMIN.id, message=message(f"/retrain {arguments}", ADMIN))
    assert answer.startswith("Usage: /retrain")


class TestForget:
    async def test_a_forwarded_forget_deletes_nothing(self, chat: Chat) -> None:
        content = message("/forget", **forwarded(ADMIN.user))
        [answer] = await said(chat.parts, GUEST.id, message=content)
        assert answer == NOT_YOURS

    async def test_it_is_for_oneself(self, idle: Correcting) -> None:
        async with idle.parts.worker.working(), idle.parts.bot():
            await idle.asked()
            for who in (STRANGER, ADMIN):
                content = message("/forget", who, chat=GUEST.chat)
                [answer] = await said(idle.parts, GUEST.id, message=content)
                assert answer == "Delete whatever I still store about you?"
            assert await idle.left()

    async def test_all_who_write_in_chats_names_are_not_one_person(self, idle: Correcting) -> None:
        """Telegram gives them the same user."""
        first, second = ({"id": -1000 - n, "type": "supergroup", "title": "x"} for n in range(2))
        async with idle.parts.worker.working(), idle.parts.bot():
            photo = idle.parts.sandbox.files.add_photo(sizes(picture()))
            more: Any = {"photo": photo, "from": ANONYMOUS, "sender_chat": first}
            deliver(idle.parts, message=message(None, **more))
            answer = (await idle.parts.sandbox.next_bot_message(GUEST.id))["caption"]
            assert answer == "👟 Sneaker, 93%"
            assert idle.parts.worker.jobs[-1].address.user_id == first["id"]
            for chat, words in ((second, "I’m not storing anything"), (first, "Deleted just now")):
                more = {"from": ANONYMOUS, "sender_chat": chat}
                [answer] = await said(idle.parts, GUEST.id, message=message("/forget", **more))
                assert answer.startswith(words)
            await is_alive(idle.parts)
