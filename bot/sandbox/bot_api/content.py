"""The content of a bot's message, built from a method's parameters."""

import asyncio
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.sandbox.bot_api import entities, html_text
from bot.sandbox.bot_api.api_errors import bad_request, unsupported
from bot.sandbox.bot_api.inline_keyboards import inline_keyboard
from bot.sandbox.bot_api.objects import (
    ApiObject,
    Boolean,
    File,
    Integer,
    ListOf,
    ObjectOf,
    Parameters,
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

    message_id: int | None = None
    chat_id: int | str | None = None
    allow_sending_without_reply: bool = False


class LinkPreviewOptions(ApiObject):
    """How a link is previewed."""

    is_disabled: bool = False
    url: str = ""
    prefer_small_media: bool = False
    prefer_large_media: bool = False
    show_above_text: bool = False


class ToChat(Parameters):
    """The chat that a method is about."""

    chat_id: str


class Sending(ToChat):
    """Parameters of every sending method, apart from its content."""

    disable_notification: Boolean = False
    protect_content: Boolean = False
    allow_paid_broadcast: Boolean = False
    message_effect_id: str = ""
    reply_parameters: ObjectOf[ReplyParameters] | None = None
    reply_to_message_id: Integer | None = None
    allow_sending_without_reply: Boolean = False
    message_thread_id: Integer = 0


class Markup(Parameters):
    """The buttons below a message."""

    reply_markup: ObjectOf[Json] | None = None


class Text(Parameters):
    """A text message."""

    text: str
    parse_mode: str = ""
    entities: ListOf[Json] | None = None
    link_preview_options: ObjectOf[LinkPreviewOptions] | None = None
    disable_web_page_preview: Boolean = False


class Caption(Parameters):
    """The caption of a photo or a document."""

    caption: str = ""
    parse_mode: str = ""
    caption_entities: ListOf[Json] | None = None


class Photo(Caption):
    """How a photo is shown."""

    has_spoiler: Boolean = False
    show_caption_above_media: Boolean = False


def _known_media(kind: str) -> str:
    if kind not in ("photo", "document"):
        raise unsupported(f'media of type "{kind}"')
    return kind


class InputMedia(ApiObject):
    """A photo or a document, as sendMediaGroup and editMessageMedia take it."""

    type: Annotated[str, AfterValidator(_known_media)] = Field(default="", validate_default=True)
    media: File
    caption: str = ""
    parse_mode: str = ""
    caption_entities: list[Json] | None = None
    has_spoiler: bool = False
    show_caption_above_media: bool = False
    disable_content_type_detection: bool = False


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
    content: Json = {"text": text}
    if found:
        content["entities"] = found
    preview = given.link_preview_options.as_given if given.link_preview_options else {}
    if given.disable_web_page_preview:
        preview = {"is_disabled": True, **preview}
    if preview:
        content["link_preview_options"] = preview
    return content


def caption_of(given: Caption | InputMedia) -> Json:
    """`caption` and `caption_entities`; nothing without a caption."""
    text, found = formatted(given.caption, given.parse_mode, given.caption_entities)
    if entities.utf16_length(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    return {"caption": text, "caption_entities": found} if found else {"caption": text}


def shown_as(given: Photo | InputMedia) -> Json:
    """The caption of a photo, and how both are shown."""
    content = caption_of(given)
    if given.has_spoiler:
        content["has_media_spoiler"] = True
    if given.show_caption_above_media:
        content["show_caption_above_media"] = True
    return content


def markup_of(given: Markup) -> Json:
    """`reply_markup`, if there is one."""
    markup = inline_keyboard(given.reply_markup)
    return {"reply_markup": markup} if markup else {}


def options_of(given: Sending, conversation: Conversation) -> Json:
    """What Sending's parameters leave in the message."""
    if given.allow_paid_broadcast:
        raise unsupported("paid broadcasts")
    content = _reply(given, conversation)
    if topic := given.message_thread_id:
        conversation.check_topic(topic)
        content |= {"message_thread_id": topic, "is_topic_message": True}
    if given.protect_content:
        content["has_protected_content"] = True
    if effect := given.message_effect_id:
        if not effect.isdigit():
            raise bad_request("invalid message effect identifier specified")
        content["effect_id"] = effect
    return content


def _reply(given: Sending, conversation: Conversation) -> Json:
    message_id, alone = given.reply_to_message_id, given.allow_sending_without_reply
    if reply := given.reply_parameters:
        if message_id is not None:
            raise bad_request("reply_to_message_id can't be used together with reply_parameters")
        if str(reply.chat_id or conversation.chat_id) != str(conversation.chat_id):
            raise unsupported("replies to another chat")
        if reply.message_id is None:
            raise bad_request("message identifier is not specified")
        message_id, alone = reply.message_id, alone or reply.allow_sending_without_reply
    if message_id is None:
        return {}
    if (quoted := conversation.quoted(message_id)) is not None:
        return {"reply_to_message": quoted}
    if alone:
        return {}
    raise bad_request("message to be replied not found")


async def media_of(sandbox: Sandbox, item: InputMedia) -> Json:
    """The content of one InputMedia."""
    make = photo_of if item.type == "photo" else document_of
    shown = shown_as(item)
    return {**await make(sandbox, item.media), **shown}


async def photo_of(sandbox: Sandbox, photo: str | Upload) -> Json:
    """`photo`: the sizes of an upload or of a file_id. Raises ApiError 400."""
    if isinstance(photo, str):
        return {"photo": sandbox.files.photo(_file_id(photo))}
    _check_not_empty(photo)
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


async def document_of(sandbox: Sandbox, document: str | Upload) -> Json:
    """`document`: an upload kept as it is, or the one of a file_id. Raises ApiError 400."""
    if isinstance(document, str):
        return {"document": sandbox.files.document(_file_id(document))}
    _check_not_empty(document)
    thumbnail = await asyncio.to_thread(photo_sizes.thumbnail, document.data)
    kept = sandbox.files.add_document(document.data, document.file_name, None, thumbnail)
    return {"document": kept}


def _file_id(value: str) -> str:
    if value.startswith(("http://", "https://")):
        raise bad_request(
            "failed to get HTTP URL content: the sandbox fetches nothing from the web"
        )
    return value


def _check_not_empty(upload: Upload) -> None:
    if not upload.data:
        raise bad_request("file must be non-empty")
