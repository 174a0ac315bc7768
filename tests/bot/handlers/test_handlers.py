"""Everything people can send the bot other than a photo."""

import io
import logging
import re
from typing import Any

import pytest
from PIL import Image

from bot.handlers import admin
from bot.i18n import command_menu
from bot.sandbox.telegram import ADMIN, GUEST
from bot.transport import client
from model.common.labels import LABELS
from model.common.queue import keys
from model.common.queue.heartbeats import WORKERS, WorkerStatus
from tests.helpers.bot.running import Parts
from tests.helpers.redis import connect
from tests.helpers.waiting import until


async def answer(parts: Parts, text: str, who: int = GUEST.id) -> dict[str, Any]:
    """Say something; the bot's next message."""
    message = await parts.sandbox.send_text(who, text)
    return await parts.sandbox.next_bot_message(who, after=message["message_id"])


def is_status(message: dict[str, Any]) -> bool:
    return str(message.get("text")).startswith("⚠️ Something is wrong:\n")


async def test_start_offers_a_sample_that_is_answered(served: Parts) -> None:
    greeting = await answer(served, "/start something")
    await served.sandbox.press(GUEST.id, greeting["message_id"], "sample:")
    sample = await served.sandbox.next_bot_message(GUEST.id, after=greeting["message_id"])
    assert sample["photo"] and sample["caption"] == "A picture to try"
    reply = await served.sandbox.next_bot_message(GUEST.id, after=sample["message_id"])
    assert reply["caption"] == "👟 Sneaker, 93%"
    assert reply["reply_to_message"]["message_id"] == sample["message_id"]
    assert Image.open(io.BytesIO(served.worker.jobs[0].image)).size == (640, 800)


@pytest.mark.parametrize(
    ("command", "english", "spanish"),
    [
        ("/start", "Send me a photo", "Mándame una foto"),
        ("/help", "/privacy – what happens to your photos", "/privacy – qué pasa con tus fotos"),
        ("/nonsense", "I don’t know that command", "No conozco ese comando"),
    ],
)
async def test_commands_are_answered_in_the_persons_language(
    served: Parts, command: str, english: str, spanish: str
) -> None:
    assert english in (await answer(served, command))["text"]
    served.sandbox.set_language(GUEST.id, "es")
    assert spanish in (await answer(served, command))["text"]


async def test_classes_without_pictures_are_words(served: Parts) -> None:
    served.sandbox.faults.add("sendPhoto", "unknown", times=None)
    assert "Sneaker" in (await answer(served, "/classes"))["text"]


async def test_classes_shows_all_ten_with_a_picture_uploaded_once(served: Parts) -> None:
    first = await answer(served, "/classes")
    second = await answer(served, "/classes")
    for label in LABELS:
        assert f"{label.emoji} {label.in_language('en')}" in first["caption"]
    assert first["photo"][-1]["file_id"] == second["photo"][-1]["file_id"]
    uploads = [r for r in served.sandbox.requests if r.method == "sendPhoto"]
    assert "classes.png" in uploads[0].parameters["photo"]
    assert uploads[1].parameters["photo"] == first["photo"][-1]["file_id"]
    served.sandbox.set_language(GUEST.id, "es")
    assert "Zapatilla" in (await answer(served, "/classes"))["caption"]


FILE = {"file_id": "f", "file_unique_id": "f"}
VIDEO = FILE | {"width": 320, "height": 240, "duration": 3}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"text": "hello"}, "Send me a photo of a garment and"),
        ({"video": VIDEO}, "can’t watch videos"),
        ({"video_note": FILE | {"length": 240, "duration": 3}}, "can’t watch videos"),
        (
            {"animation": VIDEO, "document": FILE | {"mime_type": "image/gif"}},
            "can’t watch videos",
        ),
        (
            {
                "sticker": FILE
                | {
                    "type": "regular",
                    "width": 512,
                    "height": 512,
                    "is_animated": False,
                    "is_video": False,
                }
            },
            "Nice one!",
        ),
        (
            {"document": FILE | {"file_name": "a.pdf", "mime_type": "application/pdf"}},
            "can’t read that kind of file",
        ),
        ({"voice": FILE | {"duration": 3}}, "can’t listen"),
        ({"audio": FILE | {"duration": 3}}, "can’t listen"),
        ({"location": {"latitude": 1.0, "longitude": 2.0}}, "only know photos"),
        ({"contact": {"phone_number": "1", "first_name": "Ana"}}, "only know photos"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "only know photos"),
    ],
)
async def test_anything_else_gets_one_sentence_that_fits(
    served: Parts, content: dict[str, Any], words: str
) -> None:
    message = await served.sandbox.send_update_content(GUEST.id, content)
    assert words in await served.said(message["message_id"])
    assert len(served.from_bot()) == 1


async def test_what_telegram_says_itself_and_edits_get_no_answer(served: Parts) -> None:
    await served.sandbox.send_update_content(
        GUEST.id, {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}}
    )
    await served.sandbox.send_update_content(GUEST.id, {"group_chat_created": True})
    message = await served.sandbox.send_text(GUEST.id, "hello")
    await served.said(message["message_id"])
    await served.sandbox.edit_text(GUEST.id, message["message_id"], "/help")
    await answer(served, "/start")
    assert len(served.from_bot()) == 2


class TestGroups:
    """The sandbox has no groups, so the handlers meet their updates as a group's."""

    @pytest.fixture(autouse=True)
    def group(self, served: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
        """From now on the guest's private chat says that it is a group."""
        chat = {"id": GUEST.id, "type": "group", "title": "Friends"}
        add = served.sandbox.updates.add
        monkeypatch.setattr(
            served.sandbox.updates, "add", lambda kind, content: add(kind, content | {"chat": chat})
        )

    async def test_talk_is_left_alone_but_who_names_the_bot_is_answered(
        self, served: Parts
    ) -> None:
        await served.sandbox.send_text(GUEST.id, "hello everybody")
        await served.sandbox.send_text(GUEST.id, "/unknown")
        await served.send_photo()
        named = await served.sandbox.send_text(GUEST.id, "what can @Modista_Sandbox_Bot do?")
        await served.said(named["message_id"])
        assert len(served.from_bot()) == 1

    async def test_a_photo_that_names_the_bot_is_answered(self, served: Parts) -> None:
        number = await served.send_photo(caption="@modista_sandbox_bot what is it?")
        assert await served.said(number) == "👟 Sneaker, 93%"

    async def test_a_reply_to_the_bot_is_answered(self, served: Parts) -> None:
        helped = await answer(served, "/help@modista_sandbox_bot")
        sent = await served.sandbox.send_text(GUEST.id, "thanks", reply_to=helped["message_id"])
        assert await served.said(sent["message_id"])

    @pytest.mark.parametrize("question", ["/what", "what is this, @modista_sandbox_bot?"])
    async def test_anybodys_photo_is_answered_when_somebody_asks(
        self, served: Parts, question: str
    ) -> None:
        number = await served.send_photo()
        await served.sandbox.send_text(GUEST.id, "nice!", reply_to=number)
        asked = await served.sandbox.send_text(GUEST.id, question, reply_to=number)
        assert await served.said(number) == "👟 Sneaker, 93%"
        assert len(served.from_bot()) == 1, "talk about a photo is left alone"
        [job] = served.worker.jobs
        assert job.address.message_id == number != asked["message_id"]
        assert job.address.user_id == GUEST.id

    async def test_another_bots_command_is_left_alone(self, served: Parts) -> None:
        await served.sandbox.send_text(GUEST.id, "/help@another_bot")
        assert "Send me" in (await answer(served, "/start"))["text"]
        assert len(served.from_bot()) == 1

    async def test_admins_commands_are_refused_here_too(self, served: Parts) -> None:
        assert (await answer(served, "/status"))["text"] == (
            "That command is for this bot’s admins."
        )


class TestAdmins:
    async def test_everyone_else_is_refused(self, served: Parts) -> None:
        text = (await answer(served, "/status"))["text"]
        assert text == "That command is for this bot’s admins."
        served.sandbox.set_language(GUEST.id, "es")
        assert "solo para los administradores" in (await answer(served, "/status"))["text"]

    async def test_status_shows_the_queue_and_the_workers(self, parts: Parts) -> None:
        async with parts.bot():
            text = (await answer(parts, "/status", ADMIN.id))["text"]
            assert text.startswith("⚠️ Something is wrong:\n• No worker is running, so photos wait.")
            assert "Waiting: 0 photos" in text
            await parts.send_photo(who=ADMIN.id)
            with connect(parts.settings.redis_address) as redis:
                WORKERS.publish(redis, WorkerStatus(name="w1", model="cnn-1", answered=1234))
            text = (await answer(parts, "/status", ADMIN.id))["text"]
            assert "Waiting: 1 photo\n" in text
            assert "The oldest has waited" in text
            assert re.search(r"w1: model cnn-1, 1,234 answered, seen \d+ s ago", text)
            assert text.startswith("✅ All well: 1 worker, no trainer, 1 waiting\n")

    async def test_status_says_what_is_wrong(
        self, parts: Parts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(admin, "SLOW", 0)
        async with parts.bot():
            with connect(parts.settings.redis_address) as client:
                client.xadd(keys.DEAD, {"meta": "x"})
                WORKERS.publish(
                    client,
                    WorkerStatus(name="w1", model="cnn-1", answered=1),
                )
            await parts.send_photo(who=ADMIN.id)
            await parts.sandbox.send_text(ADMIN.id, "/status")
            # An alarm tells of the dead letter, too, before or after.
            await until(lambda: any(map(is_status, parts.from_bot(ADMIN.id))))
        [status] = filter(is_status, parts.from_bot(ADMIN.id))
        lines = status["text"].splitlines()
        assert lines[1].startswith("• Photos wait too long: the oldest for 0 s.")
        assert lines[2].startswith("• 1 photo was set aside after failing again and again.")

    async def test_an_empty_chat_says_what_the_bot_does(self, served: Parts) -> None:
        await command_menu.publish(client.connect(served.settings), served.settings.admin_ids)
        profile = served.sandbox.profile
        for language, words in (("en", "Send me a photo"), ("es", "Mándame una foto")):
            assert profile.get("description", language).startswith(words)
            assert 0 < len(profile.get("short_description", language)) <= 120

    async def test_only_admins_see_their_commands(self, served: Parts) -> None:
        await command_menu.publish(client.connect(served.settings), served.settings.admin_ids)
        shown = [entry["command"] for entry in served.sandbox.commands_for(GUEST.id)]
        assert shown == list(command_menu.FOR_ALL)
        assert not {"status", "models", "rollback"} & set(shown)
        shown = [entry["command"] for entry in served.sandbox.commands_for(ADMIN.id)]
        assert shown == list(command_menu.FOR_ADMINS)
        assert {"status", "models", "rollback"} < set(shown)
        for command in ("/status", "/models", "/rollback"):
            assert command not in (await answer(served, "/help"))["text"]
            assert command in (await answer(served, "/help", ADMIN.id))["text"]

    async def test_menus_are_in_the_persons_language(self, served: Parts) -> None:
        await command_menu.publish(client.connect(served.settings), served.settings.admin_ids)
        for language, words in [("en", "What I can do"), ("es", "Qué sé hacer"), ("de", "What I")]:
            for person in (GUEST.id, ADMIN.id):
                served.sandbox.set_language(person, language)
                menu = {c["command"]: c["description"] for c in served.sandbox.commands_for(person)}
                assert menu["help"].startswith(words)

    async def test_an_admin_who_never_wrote_costs_a_warning(
        self, served: Parts, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.WARNING, "bot.i18n.command_menu"):
            await command_menu.publish(client.connect(served.settings), frozenset({4040}))
        assert "admin 4040 is not set" in caplog.text


async def test_an_unexpected_error_is_logged_once_and_said(
    served: Parts, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(language: str) -> bytes:
        raise RuntimeError("no ink")

    monkeypatch.setattr("bot.handlers.classes.classes_picture", fail)
    text = (await answer(served, "/classes"))["text"]
    assert text == "Sorry, something went wrong on my side. Please try again in a moment."
    [record] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.getMessage().startswith("Update u")
    assert record.exc_info


async def test_a_person_who_blocked_the_bot_is_no_error(
    served: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    served.sandbox.faults.add("sendMessage", "forbidden")
    await served.sandbox.send_text(GUEST.id, "/start")
    assert "Send me" in (await answer(served, "/start"))["text"]
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
