"""Inline keyboards under the bot's messages."""

from urllib.parse import urlsplit

from bot.sandbox.bot_api.api_errors import bad_request, unsupported
from bot.sandbox.bot_api.objects import ApiObject
from bot.sandbox.bot_api.request import Json

MAX_CALLBACK_DATA = 64  # bytes
MAX_BUTTONS = 100


class InlineKeyboardButton(ApiObject):
    """A button, with exactly one action: callback_data or a url."""

    text: str = ""
    callback_data: str = ""
    url: str = ""

    def check(self) -> None:
        """Raise ApiError 400 for a button that Telegram would not take."""
        if not self.text:
            raise _wrong('Field "text" must be a non-empty String')
        match sorted(self.model_fields_set - {"text"}):
            case ["callback_data"]:
                if not 1 <= len(self.callback_data.encode()) <= MAX_CALLBACK_DATA:
                    raise bad_request("BUTTON_DATA_INVALID")
            case ["url"]:
                if urlsplit(self.url).scheme not in {"http", "https", "tg"}:
                    reason = f"URL '{self.url}' is invalid: Unsupported URL protocol"
                    raise bad_request(f"inline keyboard button {reason}")
            case []:
                raise _wrong("Text buttons are unallowed in the inline keyboard")
            case _:
                raise _wrong("exactly one action must be given")


class InlineKeyboardMarkup(ApiObject):
    """Rows of buttons."""

    inline_keyboard: list[list[InlineKeyboardButton]]


def inline_keyboard(markup: Json | None) -> Json | None:
    """An InlineKeyboardMarkup; None for none or an empty one. Raises ApiError 400."""
    if not markup:
        return None
    if markup.keys() & {"keyboard", "remove_keyboard", "force_reply"}:
        raise unsupported("reply keyboards: it shows inline keyboards only")
    rows = [row for row in InlineKeyboardMarkup.model_validate(markup).inline_keyboard if row]
    for button in (each for row in rows for each in row):
        button.check()
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    kept = [[button.model_dump(exclude_unset=True) for button in row] for row in rows]
    return {"inline_keyboard": kept} if kept else None


def has_button(message: Json, data: str) -> bool:
    """Whether a message shows a button with this callback data."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return any(button.get("callback_data") == data for row in rows for button in row)


def _wrong(reason: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {reason}")
