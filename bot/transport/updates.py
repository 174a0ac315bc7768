"""Telegram's JSON → an Update that the bot can rely on, or a named refusal.

The library accepts nearly anything and fails on some of it with nearly any exception. An unreadable
update must not stop those behind it, so it is detected here, before it is stored.
"""

import hashlib
import json
from typing import Any

from telegram import Bot, Update

# The kinds of updates that there are handlers for.
ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"]
# Telegram's ids need 52 bits at most.
MOST_BITS = 63
# Where an update carries its mark: the library keeps fields that it does not know.
MARK = "modista_mark"


class UnreadableError(ValueError):
    """An update that the bot cannot handle. `update_id` is its id, if it has one."""

    def __init__(self, reason: str, update_id: int | None = None) -> None:
        super().__init__(reason)
        self.update_id = update_id


def mark(update: Update) -> str:
    """Name an update, for Redis, for log lines and as its photo's job id: u42-1f3a9c04.

    The id alone would not do: Telegram may begin a new row of ids after a quiet week, and a test
    server does so at each start. A second delivery has the same content, and so the same mark.
    """
    name: str | None = update.api_kwargs.get(MARK)
    return name or _mark(update.to_dict())


def _mark(kept: dict[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
    return f"u{kept['update_id']}-{digest[:8]}"


def read(values: object, bot: Bot | None = None) -> Update:
    """Make an update from a JSON value. Raises UnreadableError for any that is not one."""
    return Update.de_json(readable(values), bot)


def readable(values: object) -> dict[str, Any]:
    """The JSON value of which Update.de_json makes what `read` returns. Raises UnreadableError."""
    number = values.get("update_id") if isinstance(values, dict) else None
    if not isinstance(values, dict) or not _is_id(number):
        raise UnreadableError("it is not an object with an update_id")
    try:
        plain = {key: value for key, value in scrubbed(values).items() if key != MARK}
        # As Redis will give it back, which is not always the same: what is empty is left out.
        kept: dict[str, Any] = json.loads(Update.de_json(plain, None).to_json())
        kept[MARK] = _mark(kept)
        known = _ids(Update.de_json(kept, None))
    except Exception as error:  # a missing field, a wrong type, a date of no calendar, a deep nest
        raise UnreadableError(f"it cannot be read ({type(error).__name__})", number) from error
    if not all(map(_is_id, known)):
        raise UnreadableError("a chat, a person or a message in it has no id", number)
    return kept


def scrubbed(value: Any) -> Any:
    """The same JSON value; half characters, which no answer could carry, are replaced in it."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [scrubbed(each) for each in value]
    if isinstance(value, dict):
        return {scrubbed(key): scrubbed(each) for key, each in value.items()}
    return value


def _ids(update: Update) -> list[object]:
    """The ids that tell handlers who writes and where; None for a missing one."""
    query = update.callback_query
    message = update.message or (query.message if query else None)
    said_by = update.message.sender_chat if update.message else None
    known = (update.effective_chat, update.effective_user, said_by)
    found: list[object] = [each.id for each in known if each]
    if message:
        found += [message.message_id, message.chat and message.chat.id]
    if query:
        found.append(query.from_user and query.from_user.id)
    return found


def _is_id(value: object) -> bool:
    return type(value) is int and value.bit_length() <= MOST_BITS
