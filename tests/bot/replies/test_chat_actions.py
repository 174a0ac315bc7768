"""The sign of work: shown where an answer takes a while, and only there."""

import pytest
from telegram import Message

from bot.replies import chat_actions
from bot.sandbox.telegram import GUEST
from tests.helpers.bot.running import Parts
from tests.helpers.waiting import until


def shown(parts: Parts) -> int:
    """How often the bot showed the sign."""
    return [request.method for request in parts.sandbox.requests].count("sendChatAction")


async def test_it_is_shown_once_while_a_photo_waits(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_actions, "AFTER", 0.01)
    async with parts.bot():  # nobody works yet
        number = await parts.send_photo()
        await until(lambda: shown(parts) == 1)
        [action] = [each for each in parts.sandbox.requests if each.method == "sendChatAction"]
        assert action.parameters == {"chat_id": str(GUEST.id), "action": "upload_photo"}
        async with parts.worker.working():
            assert await parts.said(number) == "👟 Sneaker, 93%"
    assert shown(parts) == 1


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[chat_actions.Signs]:
    """For each photo that begins, all signs; none is due while a test lasts, on any machine."""
    monkeypatch.setattr(chat_actions, "AFTER", 3600.0)
    found: list[chat_actions.Signs] = []
    begin = chat_actions.Signs.begin

    def note(all_: chat_actions.Signs, photo: str, message: Message) -> None:
        found.append(all_)
        begin(all_, photo, message)

    monkeypatch.setattr(chat_actions.Signs, "begin", note)
    return found


async def test_an_answer_that_is_there_in_time_needs_none(
    parts: Parts, started: list[chat_actions.Signs]
) -> None:
    async with parts.worker.working(), parts.bot():
        assert await parts.said(await parts.send_photo()) == "👟 Sneaker, 93%"
        assert started[0].pending == 0


async def test_neither_does_a_photo_that_could_not_be_fetched(
    served: Parts, started: list[chat_actions.Signs], caplog: pytest.LogCaptureFixture
) -> None:
    content = {"document": {"file_id": "lost", "file_unique_id": "lost", "mime_type": "image/png"}}
    message = await served.sandbox.send_update_content(GUEST.id, content)
    assert "couldn’t fetch" in await served.said(message["message_id"])
    assert started[0].pending == shown(served) == 0
    assert "Exception in callback" not in caplog.text


async def test_a_bot_that_ends_shows_none_any_more(
    parts: Parts, started: list[chat_actions.Signs]
) -> None:
    async with parts.bot():
        await parts.send_photo()
        await until(lambda: any(each.method == "file" for each in parts.sandbox.requests))
        assert started[0].pending == 1
    assert started[0].pending == shown(parts) == 0
