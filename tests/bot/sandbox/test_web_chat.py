"""The web API of the chat page, and that no foreign page can use it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.sandbox import web_chat
from tests.bot.sandbox.conftest import Http
from tests.helpers.bot.sandbox import GUEST, TOKEN, Sandbox
from tests.helpers.photos import gradient

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Right", callback_data="right")]])


async def asked(http: Http, verb: str, path: str, **body: Any) -> tuple[int, Any]:
    async with http.session.request(verb, f"{http.url}{path}", **body) as answer:
        return answer.status, await answer.json()


def form(**fields: str | bytes) -> aiohttp.FormData:
    data = aiohttp.FormData()
    for name, value in fields.items():
        file_name = None if isinstance(value, str) else f"{name}.jpg"
        data.add_field(name, value, filename=file_name)
    return data


async def test_people_and_their_language(http: Http, sandbox: Sandbox) -> None:
    status, body = await asked(http, "GET", "/chat/people")
    assert status == 200
    assert body["bot"] == {
        "id": 8100000001,
        "first_name": "Modista",
        "username": "modista_sandbox_bot",
    }
    guest = {"id": 1001, "first_name": "Guest", "language_code": "en", "admin": False}
    admin = {"id": 1002, "first_name": "Admin", "language_code": "en", "admin": True}
    assert body["people"] == [guest, admin]
    change = await asked(http, "PATCH", "/chat/people/1001", json={"language_code": "es"})
    assert change == (200, {**guest, "language_code": "es"})
    await sandbox.send_text(GUEST.id, "hola")
    [update] = await http.call("getUpdates")
    assert update["message"]["from"]["language_code"] == "es"


async def test_a_message_of_each_kind_is_sent_and_read(http: Http, sandbox: Sandbox) -> None:
    path = "/chat/people/1001/messages"
    data = gradient((100, 50))
    for fields, key in (
        ({"text": "/start"}, "text"),
        ({"photo": data, "caption": "c", "album": "7"}, "photo"),
        ({"document": data}, "document"),
    ):
        status, body = await asked(http, "POST", path, data=form(**fields))
        assert status == 200
        assert key in body["message"]
    _, body = await asked(http, "GET", path)
    assert body["messages"] == sandbox.messages(GUEST.id)
    photo, document = body["messages"][1:]
    assert (photo["caption"], photo["media_group_id"]) == ("c", "7")
    assert document["document"]["file_name"] == "document.jpg"
    file_id = document["document"]["file_id"]
    async with http.session.get(f"{http.url}/chat/files/{file_id}") as answer:
        assert await answer.read() == data
        assert answer.content_type == "image/jpeg"
    assert len(await http.call("getUpdates")) == 3


@pytest.mark.parametrize("fields", [{"document": b"x"}, {"sticker": "👟"}, {"voice": "3"}])
async def test_whatever_is_sent_may_be_a_reply(
    http: Http, sandbox: Sandbox, fields: dict[str, Any]
) -> None:
    first = await sandbox.send_text(GUEST.id, "Hello")
    number = str(first["message_id"])
    path = "/chat/people/1001/messages"
    _, body = await asked(http, "POST", path, data=form(reply_to=number, **fields))
    assert body["message"]["reply_to_message"]["message_id"] == first["message_id"]


async def test_what_could_run_in_the_browser_is_only_downloaded(
    http: Http, sandbox: Sandbox
) -> None:
    message = await sandbox.send_document(GUEST.id, b"<script>", "a.html", "text/html")
    file_id = message["document"]["file_id"]
    async with http.session.get(f"{http.url}/chat/files/{file_id}") as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("verb", "path", "body", "status", "sentence"),
    [
        ("POST", "/chat/people/1001/messages", {"data": form(photo=b"no")}, 400, "not a photo"),
        ("POST", "/chat/people/1001/messages", {"data": form(text=" ")}, 400, "Send a text"),
        ("POST", "/chat/people/7/messages", {"data": form(text="x")}, 404, "no person 7"),
        ("GET", "/chat/people/7/messages", {}, 404, "no person 7"),
        ("GET", "/chat/files/nothing", {}, 404, "no such file"),
        ("PATCH", "/chat/people/1001", {"json": {}}, 400, "language_code"),
        ("PATCH", "/chat/people/1001", {"data": "{"}, 400, "must be JSON"),
        ("POST", "/chat/people/1001/callback", {"json": [1]}, 400, "JSON object"),
        ("POST", "/chat/people/1001/callback", {"json": {"message_id": []}}, 400, "message_id"),
        (
            "POST",
            "/chat/people/1001/callback",
            {"json": {"message_id": 1, "data": "x"}},
            400,
            "no such button",
        ),
    ],
)
async def test_mistakes_are_told_in_a_sentence(
    http: Http, verb: str, path: str, body: dict[str, Any], status: int, sentence: str
) -> None:
    answered, told = await asked(http, verb, path, **body)
    assert answered == status
    assert sentence in told["error"]


async def test_a_pressed_button_waits_for_the_bots_answer(http: Http, bot: Bot) -> None:
    message = await bot.send_message(GUEST.id, "Right?", reply_markup=BUTTONS)
    press = asyncio.create_task(
        asked(
            http,
            "POST",
            "/chat/people/1001/callback",
            json={"message_id": message.message_id, "data": "right"},
        )
    )
    [update] = await bot.get_updates(timeout=5)
    assert update.callback_query is not None
    await update.callback_query.answer("Thank you", show_alert=True)
    assert await press == (200, {"text": "Thank you", "show_alert": True})


async def test_a_button_that_is_gone_cannot_be_pressed(http: Http, bot: Bot) -> None:
    message = await bot.send_message(GUEST.id, "Right?", reply_markup=BUTTONS)
    await message.edit_reply_markup()
    press = {"message_id": message.message_id, "data": "right"}
    status, body = await asked(http, "POST", "/chat/people/1001/callback", json=press)
    assert (status, body) == (400, {"error": "The message has no such button any more."})


async def test_commands_are_those_of_the_person(http: Http, bot: Bot) -> None:
    await bot.set_my_commands([("help", "What I do")])
    await bot.set_my_description("I name garments.")
    _, body = await asked(http, "GET", "/chat/people/1001/commands")
    assert body == {
        "commands": [{"command": "help", "description": "What I do"}],
        "description": "I name garments.",
    }


async def events(answer: aiohttp.ClientResponse) -> AsyncIterator[Any]:
    async for line in answer.content:
        if line.startswith(b"data: "):
            yield json.loads(line[6:])


async def test_events_tell_all_that_happens(http: Http, bot: Bot, sandbox: Sandbox) -> None:
    async with http.session.get(f"{http.url}/chat/people/1001/events") as answer:
        assert answer.content_type == "text/event-stream"
        assert await answer.content.readline() == b": open\n"
        sent = await sandbox.send_text(GUEST.id, "Hello")
        await bot.send_chat_action(GUEST.id, "typing")
        message = await bot.send_message(GUEST.id, "One")
        await message.edit_text("Two")
        await message.delete()
        await bot.set_my_commands([("help", "What I do")])
        found = events(answer)
        told = [await anext(found) for _ in range(6)]
    assert told[0] == {"kind": "message", "message": sent, "chat": GUEST.id}
    assert told[1] == {"kind": "action", "action": "typing", "chat": GUEST.id}
    assert (told[2]["kind"], told[2]["message"]["text"]) == ("message", "One")
    assert (told[3]["kind"], told[3]["message"]["text"]) == ("edited", "Two")
    assert told[4] == {
        "kind": "deleted",
        "message_id": message.message_id,
        "chat": GUEST.id,
    }
    assert told[5] == {"kind": "commands"}


async def test_a_quiet_stream_of_events_shows_that_it_lives(
    http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_chat, "HEARTBEAT_SECONDS", 0.01)
    async with http.session.get(f"{http.url}/chat/people/1001/events") as answer:
        lines = [await answer.content.readline() for _ in range(3)]
    assert lines == [b": open\n", b"\n", b": still here\n"]


async def test_a_page_that_was_closed_is_no_error(
    http: Http, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(web_chat, "HEARTBEAT_SECONDS", 0.01)
    async with http.session.get(f"{http.url}/chat/people/1001/events") as answer:
        await answer.content.readline()
        answer.close()
    await asyncio.sleep(0.2)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("path", ["/chat/people", f"/bot{TOKEN}/getMe"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "attacker.example"},
        {"Host": "[::1"},
        {"Origin": "https://attacker.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_foreign_page_is_refused(http: Http, path: str, headers: dict[str, str]) -> None:
    for verb in ("GET", "POST"):
        status, body = await asked(http, verb, path, headers=headers)
        assert status == 403
        assert "only to its own" in body["error"]


async def test_the_own_page_is_welcome(http: Http) -> None:
    own = {"Origin": http.url, "Sec-Fetch-Site": "same-origin"}
    change = {"language_code": "es"}
    status, _ = await asked(http, "PATCH", "/chat/people/1001", json=change, headers=own)
    assert status == 200


@pytest.mark.parametrize("name", ["..%2Fchat.py", "%2Fetc%2Fpasswd", "nothing.js"])
async def test_only_the_pages_own_files_are_given_out(http: Http, name: str) -> None:
    async with http.session.get(f"{http.url}/web/{name}") as answer:
        assert answer.status == 404


async def test_the_page_is_at_the_root(http: Http) -> None:
    async with http.session.get(f"{http.url}/") as answer:
        assert answer.status == 200
        assert answer.content_type == "text/html"
