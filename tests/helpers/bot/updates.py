"""Updates as no client of Telegram's makes them, and groups, which the sandbox does not have."""

from typing import Any

from bot.sandbox.state.callbacks import CallbackAnswer
from bot.sandbox.state.person import Person
from bot.sandbox.telegram import ADMIN, GUEST
from model.common.queue import keys
from tests.helpers.bot.running import Parts
from tests.helpers.redis import connect
from tests.helpers.waiting import until

# The users that stand for all who write in a group's or a channel's name.
ANONYMOUS = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
STRANGER = Person(1003, "Stranger")


def deliver(parts: Parts, **content: Any) -> int:
    """Give the bot an update with any content, asked for or not: its id."""
    updates = parts.sandbox.updates
    number = next(updates._ids)
    updates.pending.append({"update_id": number, **content})
    updates.arrived.set()
    updates.end_poll()
    return number


def message(text: str | None = None, who: Person = GUEST, **more: Any) -> dict[str, Any]:
    """A message to the bot that the sandbox does not know of."""
    content: dict[str, Any] = {
        "message_id": 77,
        "date": 1_700_000_000,
        "chat": who.chat,
        "from": who.user,
    }
    if text is not None:
        content["text"] = text
    if text and text.startswith("/"):
        length = len(text.split()[0])
        content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
    return content | more


def group(who: Person = GUEST) -> dict[str, Any]:
    """A group chat. Its number is this person's, for the bot's answers to be found somewhere."""
    return {"id": who.id, "type": "supergroup", "title": "<b>Friends</b>\u202e"}


async def handled(parts: Parts) -> None:
    """Wait until the bot has handled all that it was given."""
    with connect(parts.settings.redis_address) as client:
        await until(lambda: not parts.sandbox.updates.pending and not client.hlen(keys.UPDATES))


async def is_alive(parts: Parts) -> None:
    """The bot answers an ordinary person in the ordinary way."""
    sent = await parts.sandbox.send_text(ADMIN.id, "/start")
    found = await parts.sandbox.next_bot_message(ADMIN.id, after=sent["message_id"])
    assert found["text"].startswith("👋 Hi!")


async def press(
    parts: Parts, data: Any, above: dict[str, Any] | None, who: Person = GUEST, **more: Any
) -> CallbackAnswer:
    """Press a button with any data, below any message: what the bot says to it."""
    query_id, answer = parts.sandbox.callbacks.open()
    query = {"id": query_id, "from": who.user, "chat_instance": "1", "data": data}
    if above is not None:
        query["message"] = above
    deliver(parts, callback_query=query | more)
    return await answer
