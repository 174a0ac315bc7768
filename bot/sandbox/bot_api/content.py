"""The content of a bot's message, built from a method's parameters."""

import asyncio
from typing import Any

from bot.sandbox.bot_api import entities, html_text
from bot.sandbox.bot_api.api_errors import bad_request, unsupported
from bot.sandbox.bot_api.inline_keyboards import inline_keyboard
from bot.sandbox.bot_api.parameters import (
    Json,
    Kind,
    Upload,
    boolean,
    check_fields,
    integer,
    json_object,
    objects,
    string,
)
from bot.sandbox.state import photo_sizes
from bot.sandbox.state.conversation import Conversation
from bot.sandbox.telegram import Sandbox

# In UTF-16 code units, Telegram's strictest way of counting; both count after parsing entities.
MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_PHOTO = 10 * 1024 * 1024  # bytes
MAX_SIDES = 10_000  # pixels, width and height together
MAX_RATIO = 20

# Parameters of every sending method, apart from its content.
SENDING: dict[str, Kind] = {
    "disable_notification": boolean,
    "protect_content": boolean,
    "allow_paid_broadcast": boolean,
    "message_effect_id": string,
    "reply_parameters": json_object,
    "reply_to_message_id": integer,
    "allow_sending_without_reply": boolean,
    "message_thread_id": integer,
}
MARKUP: dict[str, Kind] = {"reply_markup": json_object}
CAPTION: dict[str, Kind] = {"caption": string, "parse_mode": string, "caption_entities": objects}
SENDING_UNSUPPORTED = (
    "business_connection_id",
    "direct_messages_topic_id",
    "suggested_post_parameters",
)
REPLY_FIELDS = {"message_id": int, "chat_id": object, "allow_sending_without_reply": bool}
QUOTE_FIELDS = {
    "quote",
    "quote_parse_mode",
    "quote_entities",
    "quote_position",
    "checklist_task_id",
    "poll_option_id",
}
PREVIEW_FIELDS = {
    "is_disabled": bool,
    "url": str,
    "prefer_small_media": bool,
    "prefer_large_media": bool,
    "show_above_text": bool,
}


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


def text_of(given: Json) -> Json:
    """`text` and `entities` of a text message."""
    text, found = formatted(given["text"], given.get("parse_mode", ""), given.get("entities"))
    if not text:
        raise bad_request("message text is empty")
    if entities.utf16_length(text) > MAX_TEXT:
        raise bad_request("message is too long")
    content: Json = {"text": text}
    if found:
        content["entities"] = found
    if preview := _link_preview(given):
        content["link_preview_options"] = preview
    return content


def caption_of(given: Json) -> Json:
    """`caption` and `caption_entities`; nothing without a caption."""
    text, found = formatted(
        given.get("caption", ""), given.get("parse_mode", ""), given.get("caption_entities")
    )
    if entities.utf16_length(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    return {"caption": text, "caption_entities": found} if found else {"caption": text}


def markup_of(given: Json) -> Json:
    """`reply_markup`, if there is one."""
    markup = inline_keyboard(given.get("reply_markup"))
    return {"reply_markup": markup} if markup else {}


def options_of(given: Json, conversation: Conversation) -> Json:
    """What SENDING's parameters leave in the message."""
    if given.get("allow_paid_broadcast"):
        raise unsupported("paid broadcasts")
    content = _reply(given, conversation)
    if topic := given.get("message_thread_id"):
        conversation.check_topic(topic)
        content |= {"message_thread_id": topic, "is_topic_message": True}
    if given.get("protect_content"):
        content["has_protected_content"] = True
    if effect := given.get("message_effect_id"):
        if not effect.isdigit():
            raise bad_request("invalid message effect identifier specified")
        content["effect_id"] = effect
    return content


def _reply(given: Json, conversation: Conversation) -> Json:
    reply: Json = given.get("reply_parameters") or {}
    if "reply_parameters" in given and "reply_to_message_id" in given:
        raise bad_request("reply_to_message_id can't be used together with reply_parameters")
    if used := set(reply) & QUOTE_FIELDS:
        raise unsupported(f'"{min(used)}" in reply_parameters')
    check_fields(reply, REPLY_FIELDS, "ReplyParameters")
    if str(reply.get("chat_id", conversation.chat_id)) != str(conversation.chat_id):
        raise unsupported("replies to another chat")
    message_id = reply.get("message_id", given.get("reply_to_message_id"))
    if message_id is None:
        if reply:
            raise bad_request("message identifier is not specified")
        return {}
    quoted = conversation.quoted(message_id)
    if quoted is not None:
        return {"reply_to_message": quoted}
    if reply.get("allow_sending_without_reply", given.get("allow_sending_without_reply")):
        return {}
    raise bad_request("message to be replied not found")


def _link_preview(given: Json) -> Json:
    options: Json = given.get("link_preview_options") or {}
    check_fields(options, PREVIEW_FIELDS, "LinkPreviewOptions")
    if given.get("disable_web_page_preview"):
        return {"is_disabled": True, **options}
    return options


async def photo_of(sandbox: Sandbox, photo: Any) -> Json:
    """`photo`: the sizes of an upload or of a file_id. Raises ApiError 400."""
    if not isinstance(photo, Upload):
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


async def document_of(sandbox: Sandbox, document: Any) -> Json:
    """`document`: an upload kept as it is, or the one of a file_id. Raises ApiError 400."""
    if not isinstance(document, Upload):
        return {"document": sandbox.files.document(_file_id(document))}
    _check_not_empty(document)
    thumbnail = await asyncio.to_thread(photo_sizes.thumbnail, document.data)
    kept = sandbox.files.add_document(document.data, document.file_name, None, thumbnail)
    return {"document": kept}


def _file_id(value: object) -> str:
    if not isinstance(value, str):
        raise bad_request("a file must be uploaded or named by its file_id")
    if value.startswith(("http://", "https://")):
        raise bad_request(
            "failed to get HTTP URL content: the sandbox fetches nothing from the web"
        )
    return value


def _check_not_empty(upload: Upload) -> None:
    if not upload.data:
        raise bad_request("file must be non-empty")
