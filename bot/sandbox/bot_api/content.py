"""The content of a bot's message, built from a method's parameters."""

import asyncio
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.sandbox.bot_api import entities, html_text
from bot.sandbox.bot_api.api_errors import bad_request, unsupported
from bot.sandbox.bot_api.inline_keyboards import inline_keyboard
from bot.sandbox.bot_api.objects import (
    ApiObject,
    File,
    Integer,
    ListOf,
    ObjectOf,
    Parameters,
    filled,
)
from bot.sandbox.bot_api.request import Json, Upload
from bot.sandbox.state import photo_sizes
from bot.sandbox.state.conversation import Conversation
from bot.sandbox.telegram import Sandbox

# In UTF-16 code units, Telegram's strictest way of counting; both count after parsing entities.
MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_PHOTO = 10 * 1024 * 1024  # bytes
MAX_SIDES = 10_000  # pixels, width and height together
MAX_RATIO = 20


class ReplyParameters(ApiObject):
    """The message to reply to; of quotes the sandbox knows nothing."""

    message_id: int
    chat_id: int | str | None = None
    allow_sending_without_reply: bool = False


class ToChat(Parameters):
    """The chat that a method is about."""

    chat_id: str


class Sending(ToChat):
    """Parameters of every sending method, apart from its content."""

    disable_notification: bool = False
    reply_parameters: ObjectOf[ReplyParameters] | None = None
    message_thread_id: Integer = 0


class Markup(Parameters):
    """The buttons below a message."""

    reply_markup: ObjectOf[Json] | None = None


class Text(Parameters):
    """A text message."""

    text: str
    parse_mode: str = ""
    entities: ListOf[Json] | None = None


class Caption(Parameters):
    """The caption of a photo."""

    caption: str = ""
    parse_mode: str = ""
    caption_entities: ListOf[Json] | None = None


def _known_media(kind: str) -> str:
    if kind != "photo":
        raise unsupported(f'media of type "{kind}"')
    return kind


class InputMedia(ApiObject):
    """A photo, as sendMediaGroup and editMessageMedia take it."""

    type: Annotated[str, AfterValidator(_known_media)] = Field(default="", validate_default=True)
    media: File
    caption: str = ""
    parse_mode: str = ""
    caption_entities: list[Json] | None = None


def formatted(text: str, parse_mode: str, marked: list[Json] | None) -> tuple[str, list[Json]]:
    """A text as it is shown, trimmed, and its entities. Raises ApiError 400."""
    match parse_mode.lower():
        case "":
            found = entities.checked(text, marked or [])
        case "html":
            text, found = html_text.parse(text)
        case "markdown" | "markdownv2":
            raise unsupported("Markdown; the bot sends HTML")
        case _:
            raise bad_request("unsupported parse_mode")
    text, found = entities.trimmed(text, found)
    return text, entities.detected(text, found)


def text_of(given: Text) -> Json:
    """`text` and `entities` of a text message."""
    text, found = formatted(given.text, given.parse_mode, given.entities)
    if not text:
        raise bad_request("message text is empty")
    if entities.utf16_length(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return filled(text=text, entities=found)


def caption_of(given: Caption | InputMedia) -> Json:
    """`caption` and `caption_entities`; nothing without a caption."""
    text, found = formatted(given.caption, given.parse_mode, given.caption_entities)
    if entities.utf16_length(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return filled(caption=text, caption_entities=found)


def markup_of(given: Markup) -> Json:
    """`reply_markup`, if there is one."""
    return filled(reply_markup=inline_keyboard(given.reply_markup))


def options_of(given: Sending, conversation: Conversation) -> Json:
    """What Sending's parameters leave in the message."""
    topic = given.message_thread_id
    if topic:
        conversation.check_topic(topic)
    return filled(
        reply_to_message=_quoted(given.reply_parameters, conversation),
        message_thread_id=topic,
        is_topic_message=bool(topic),
    )


def _quoted(reply: ReplyParameters | None, conversation: Conversation) -> Json | None:
    if reply is None:
        return None
    if str(reply.chat_id or conversation.chat_id) != str(conversation.chat_id):
        raise unsupported("replies to another chat")
    quoted = conversation.quoted(reply.message_id)
    if quoted is None and not reply.allow_sending_without_reply:
        raise bad_request("message to be replied not found")
    return quoted


async def media_of(sandbox: Sandbox, item: InputMedia) -> Json:
    """The content of one InputMedia."""
    caption = caption_of(item)
    return await photo_of(sandbox, item.media) | caption


async def photo_of(sandbox: Sandbox, photo: str | Upload) -> Json:
    """`photo`: the sizes of an upload or of a file_id. Raises ApiError 400."""
    if isinstance(photo, str):
        if photo.startswith(("http://", "https://")):
            raise bad_request(
                "failed to get HTTP URL content: the sandbox fetches nothing from the web"
            )
        return {"photo": sandbox.files.photo(photo)}
    if not photo.data:
        raise bad_request("file must be non-empty")
    if len(photo.data) > MAX_PHOTO:
        raise bad_request(
            f"file of size {len(photo.data)} bytes is too big for a photo; "
            f"the maximum size is {MAX_PHOTO} bytes"
        )
    try:
        width, height = photo_sizes.dimensions(photo.data)
        if width + height > MAX_SIDES or max(width, height) > MAX_RATIO * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        sizes = await asyncio.to_thread(photo_sizes.sizes, photo.data)
    except photo_sizes.UnreadableImageError as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    return {"photo": sandbox.files.add_photo(sizes)}
