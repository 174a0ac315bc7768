"""Updates that are malformed, or of kinds that nobody asked for: stepped over, nobody harmed."""

import logging
from typing import Any

import pytest

from bot.sandbox.state.photo_sizes import sizes
from bot.sandbox.telegram import GUEST
from tests.helpers.bot.running import Parts
from tests.helpers.bot.updates import deliver, handled, is_alive, message
from tests.helpers.photos import picture

SIZE = {"file_id": "a", "file_unique_id": "b", "width": 90, "height": 90}


def without(name: str, **more: Any) -> dict[str, Any]:
    content = message("/start", **more)
    del content[name]
    return content


UNREADABLE: dict[str, dict[str, Any]] = {
    "no chat": {"message": without("chat")},
    "no date": {"message": without("date")},
    "no number": {"message": without("message_id")},
    "a text in its place": {"message": "/start"},
    "a chat with another kind of number": {"message": message("/start", chat={"id": "x"})},
    "a date beyond the calendar": {"message": message("/start", date=1 << 50)},
    "sizes without sizes": {"message": message(photo=[{"file_id": "a"}])},
    "a press by nobody": {"callback_query": {"id": "1", "chat_instance": "1", "data": "x"}},
    "a press below nothing": {"callback_query": {"id": "1", "from": GUEST.user, "message": {}}},
}
LEFT_ALONE: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a kind of the future": {"a_kind_of_the_future": {"text": "/start"}},
    "an edited message": {"edited_message": message("/start", edit_date=1_700_000_001)},
    "a channel's post": {
        "channel_post": message("/start", chat={"id": -1001, "type": "channel", "title": "News"})
    },
    "an edited post": {"edited_channel_post": message("/start", edit_date=1_700_000_001)},
    "a question to an inline bot": {
        "inline_query": {"id": "1", "from": GUEST.user, "query": "/start", "offset": ""}
    },
    "a poll": {"poll_answer": {"poll_id": "1", "user": GUEST.user, "option_ids": [0]}},
    "a payment": {
        "pre_checkout_query": {
            "id": "1",
            "from": GUEST.user,
            "currency": "EUR",
            "total_amount": -1,
            "invoice_payload": "x",
        }
    },
    "a business message": {"business_message": message("/start", business_connection_id="x")},
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
async def test_what_cannot_be_read_is_stepped_over(
    served: Parts, content: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    number = deliver(served, **content)
    await is_alive(served)
    await handled(served)
    assert f"Update {number} is skipped: " in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert not served.from_bot()


@pytest.mark.parametrize("content", LEFT_ALONE.values(), ids=LEFT_ALONE)
async def test_kinds_that_nobody_asked_for_are_left_alone(
    served: Parts, content: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    deliver(served, **content)
    await is_alive(served)
    await handled(served)
    assert not served.from_bot()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    "content",
    [
        {"photo": []},
        {"photo": [], "text": "hello"},
        {"photo": [SIZE | {"width": -90, "height": -90}]},
        {"photo": [SIZE | {"width": 0, "height": 0, "file_size": -5}]},
        {"photo": [SIZE | {"width": 10**18, "height": 1}]},
        {"photo": [SIZE | {"file_size": 10**18}]},
        {"photo": [SIZE | {"file_size": "many"}]},
        {"photo": [SIZE | {"width": "wide"}, SIZE]},
        {"document": {"file_id": "", "file_unique_id": "", "mime_type": "image/png"}},
        {"document": {"file_id": "a", "file_unique_id": "b", "mime_type": 5}},
        {"document": {"file_id": "a", "file_unique_id": "b", "file_name": ["x.png"]}},
        {"text": 5},
        {"text": "/start", "entities": [{"type": "bot_command", "offset": 900, "length": -7}]},
        {"text": "/start", "entities": [{"type": "bot_command", "offset": 0, "length": 10**9}]},
        {"text": "/", "entities": [{"type": "bot_command", "offset": 0, "length": 1}]},
        {"text": "/@", "entities": [{"type": "bot_command", "offset": 0, "length": 2}]},
        {"caption": ["x"], "photo": [SIZE]},
        {},
    ],
    ids=str,
)
async def test_odd_content_gets_one_sentence_at_most(
    served: Parts, content: dict[str, Any]
) -> None:
    deliver(served, message=message() | content)
    await is_alive(served)
    await handled(served)
    assert len(served.from_bot()) <= 1
    assert not served.worker.jobs
    await served.said(await served.send_photo())


async def test_a_message_from_nobody_in_particular_is_answered(served: Parts) -> None:
    photo = served.sandbox.files.add_photo(sizes(picture()))
    content = message(None, photo=photo, caption="what is it?")
    del content["from"]
    deliver(served, message=content)
    found = await served.sandbox.next_bot_message(GUEST.id)
    assert found["caption"] == "👟 Sneaker, 93%"
    assert served.worker.jobs[0].address.user_id == GUEST.id


async def test_numbers_of_a_new_row_are_no_old_ones(served: Parts) -> None:
    """Telegram may restart its numbering after a quiet week; and an old update may be replayed."""
    updates = served.sandbox.updates
    for number in (5, 5, 4):
        updates.pending.append({"update_id": number, "message": message("/start")})
        updates.end_poll()
        await handled(served)
    # The same content under the same number was handled before.
    assert len(served.from_bot()) == 2
