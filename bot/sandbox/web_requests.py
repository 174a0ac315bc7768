"""The requests of the web chat's page: how they are read, and what went wrong with them said."""

from typing import Any

from aiohttp import web

from bot.sandbox.bot_api.api_errors import ApiError
from bot.sandbox.bot_api.request import Json

TOO_LARGE = "The file is too large: 50 MB is the most that can be sent here."


class ChatError(ApiError):
    """An error to show to the page's user as a sentence, which `web/words.js` translates."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(status, sentence)


def told(error: ApiError) -> web.Response:
    """What went wrong, as {"error": sentence}."""
    sentence = TOO_LARGE if error.code == 413 else f"{error.description.removesuffix('.')}."
    return web.json_response({"error": sentence}, status=error.code)


async def json_object(request: web.Request) -> dict[str, Any]:
    """The body of a request. Raises ChatError if it is no JSON object."""
    try:
        body = await request.json()
    except ValueError as error:
        raise ChatError("The request's body must be JSON.") from error
    if not isinstance(body, dict):
        raise ChatError("The request's body must be a JSON object.")
    return body


def other_content(texts: dict[str, str]) -> Json | None:
    """A sticker or a voice message, which have no bytes here; None for neither."""
    name = {"file_id": "none", "file_unique_id": "none"}
    if emoji := texts.get("sticker"):
        kind = {"type": "regular", "is_animated": False, "is_video": False}
        return {"sticker": {**name, **kind, "width": 512, "height": 512, "emoji": emoji}}
    if seconds := number(texts, "voice"):
        return {"voice": {**name, "duration": seconds}}
    return None


def number(texts: dict[str, str], name: str) -> int | None:
    """A form field that holds a number; None where it is left out."""
    value = texts.get(name, "")
    if value and not (value.isascii() and value.isdigit()):
        raise ChatError(f"{name} must be a number.")
    return int(value) if value else None
