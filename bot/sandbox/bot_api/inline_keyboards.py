"""Inline keyboards under the bot's messages."""

from urllib.parse import urlsplit

from bot.sandbox.bot_api.api_errors import bad_request, unsupported
from bot.sandbox.bot_api.parameters import Json, check_fields

MAX_CALLBACK_DATA = 64  # bytes
MAX_BUTTONS = 100
BUTTON_FIELDS = {"text": str, "callback_data": str, "url": str, "copy_text": dict, "style": str}
ACTIONS = frozenset({"callback_data", "url", "copy_text"})
UNSUPPORTED_ACTIONS = frozenset(
    [
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "callback_game",
        "pay",
    ]
)
STYLES = frozenset({"danger", "success", "primary"})


def inline_keyboard(markup: Json | None) -> Json | None:
    """An InlineKeyboardMarkup; None for none or an empty one. Raises ApiError 400."""
    if markup is None or markup == {}:
        return None
    if set(markup) & {"keyboard", "remove_keyboard", "force_reply"}:
        raise unsupported("reply keyboards: it shows inline keyboards only")
    rows = markup.get("inline_keyboard")
    if set(markup) != {"inline_keyboard"} or not isinstance(rows, list):
        raise bad_request("object expected as reply markup")
    if not all(isinstance(row, list) for row in rows):
        raise bad_request(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    kept = [[_button(button) for button in row] for row in rows if row]
    if sum(len(row) for row in kept) > MAX_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": kept} if kept else None


def has_button(message: Json, data: str) -> bool:
    """Whether a message shows a button with this callback data."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return any(button.get("callback_data") == data for row in rows for button in row)


def _button(button: object) -> Json:
    if not isinstance(button, dict):
        raise _wrong("expected an Object")
    if used := UNSUPPORTED_ACTIONS & set(button):
        raise unsupported(f'inline buttons with "{min(used)}"')
    if "icon_custom_emoji_id" in button:
        raise unsupported("custom emoji on buttons")
    check_fields(button, BUTTON_FIELDS, "InlineKeyboardButton")
    if not button.get("text"):
        raise _wrong('Field "text" must be a non-empty String')
    if "style" in button and button["style"] not in STYLES:
        raise _wrong("invalid button style specified")
    actions = ACTIONS & set(button)
    if not actions:
        raise _wrong("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _wrong("exactly one action must be given")
    _check_action(min(actions), button)
    return button


def _check_action(action: str, button: Json) -> None:
    value = button[action]
    if action == "copy_text":
        check_fields(value, {"text": str}, "CopyTextButton")
        if not 1 <= len(value.get("text", "")) <= 256:
            raise _wrong("copy_text holds a text of 1-256 characters")
    elif action == "callback_data" and not 1 <= len(value.encode()) <= MAX_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    elif action == "url" and urlsplit(value).scheme not in {"http", "https", "tg"}:
        raise bad_request(
            f"inline keyboard button URL '{value}' is invalid: Unsupported URL protocol"
        )


def _wrong(reason: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {reason}")
