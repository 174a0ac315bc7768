"""The methods that send: messages, photos, documents, albums, chat actions."""

import secrets

from bot.sandbox.bot_api import content
from bot.sandbox.bot_api.api_errors import bad_request, unsupported
from bot.sandbox.bot_api.method import method
from bot.sandbox.bot_api.parameters import (
    Json,
    boolean,
    check_fields,
    file,
    integer,
    json_object,
    media_group,
    objects,
    string,
)
from bot.sandbox.telegram import Sandbox

ALBUM = range(2, 11)
ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
MEDIA_FIELDS: dict[str, type] = {
    "type": str,
    "media": object,
    "caption": str,
    "parse_mode": str,
    "caption_entities": list,
}
MEDIA: dict[str, dict[str, type]] = {
    "photo": {**MEDIA_FIELDS, "has_spoiler": bool, "show_caption_above_media": bool},
    "document": {**MEDIA_FIELDS, "disable_content_type_detection": bool},
}


@method(
    "sendMessage",
    required={"chat_id": string, "text": string},
    optional={
        "parse_mode": string,
        "entities": objects,
        "link_preview_options": json_object,
        "disable_web_page_preview": boolean,
        **content.SENDING,
        **content.MARKUP,
    },
    unsupported=content.SENDING_UNSUPPORTED,
)
async def send_message(sandbox: Sandbox, given: Json) -> Json:
    """Send a text."""
    conversation = sandbox.open_conversation(given["chat_id"])
    options = content.options_of(given, conversation)
    message = {**options, **content.text_of(given), **content.markup_of(given)}
    return sandbox.post(conversation, message)


@method(
    "sendPhoto",
    required={"chat_id": string, "photo": file},
    optional={
        "has_spoiler": boolean,
        "show_caption_above_media": boolean,
        **content.CAPTION,
        **content.SENDING,
        **content.MARKUP,
    },
    unsupported=content.SENDING_UNSUPPORTED,
)
async def send_photo(sandbox: Sandbox, given: Json) -> Json:
    """Send a photo, made into Telegram's sizes."""
    conversation = sandbox.open_conversation(given["chat_id"])
    options = content.options_of(given, conversation)
    rest = {**content.caption_of(given), **_media_flags(given), **content.markup_of(given)}
    photo = await content.photo_of(sandbox, given["photo"])
    return sandbox.post(conversation, {**options, **photo, **rest})


@method(
    "sendDocument",
    required={"chat_id": string, "document": file},
    optional={
        "disable_content_type_detection": boolean,
        **content.CAPTION,
        **content.SENDING,
        **content.MARKUP,
    },
    unsupported=("thumbnail", *content.SENDING_UNSUPPORTED),
)
async def send_document(sandbox: Sandbox, given: Json) -> Json:
    """Send a file as it is."""
    conversation = sandbox.open_conversation(given["chat_id"])
    options = content.options_of(given, conversation)
    rest = {**content.caption_of(given), **content.markup_of(given)}
    document = await content.document_of(sandbox, given["document"])
    return sandbox.post(conversation, {**options, **document, **rest})


@method(
    "sendMediaGroup",
    required={"chat_id": string, "media": media_group},
    optional=content.SENDING,
    unsupported=content.SENDING_UNSUPPORTED,
)
async def send_media_group(sandbox: Sandbox, given: Json) -> list[Json]:
    """Send an album: all of it or, if one item is wrong, nothing."""
    conversation = sandbox.open_conversation(given["chat_id"])
    options = content.options_of(given, conversation)
    items: list[Json] = given["media"]
    if len(items) not in ALBUM:
        raise bad_request("an album must have 2-10 items")
    if len({str(item.get("type")) for item in items}) > 1:
        raise bad_request("documents can't be mixed with other media types")
    album = {"media_group_id": str(secrets.randbits(62)), **options}
    contents = [await media_content(sandbox, item) for item in items]
    return [sandbox.post(conversation, {**album, **each}) for each in contents]


@method(
    "sendChatAction",
    required={"chat_id": string, "action": string},
    optional={"message_thread_id": integer},
    unsupported=("business_connection_id",),
)
async def send_chat_action(sandbox: Sandbox, given: Json) -> bool:
    """Show what the bot is doing, for some seconds."""
    conversation = sandbox.open_conversation(given["chat_id"])
    if given["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    if topic := given.get("message_thread_id"):
        conversation.check_topic(topic)
    sandbox.tell(conversation, {"kind": "action", "action": given["action"]})
    return True


async def media_content(sandbox: Sandbox, item: Json) -> Json:
    """The content of one InputMedia, as sendMediaGroup and editMessageMedia take it."""
    kind = str(item.get("type"))
    if kind not in MEDIA:
        raise unsupported(f'media of type "{kind}"')
    if "thumbnail" in item:
        raise unsupported("thumbnails that the bot makes")
    check_fields(item, MEDIA[kind], "InputMedia")
    if not all(isinstance(entity, dict) for entity in item.get("caption_entities", [])):
        raise bad_request("can't parse InputMedia: caption_entities must be Objects")
    if "media" not in item:
        raise bad_request("can't parse InputMedia: media not found")
    rest = {**content.caption_of(item), **_media_flags(item)}
    make = content.photo_of if kind == "photo" else content.document_of
    return {**await make(sandbox, item["media"]), **rest}


def _media_flags(given: Json) -> Json:
    flags: Json = {}
    if given.get("has_spoiler"):
        flags["has_media_spoiler"] = True
    if given.get("show_caption_above_media"):
        flags["show_caption_above_media"] = True
    return flags


METHODS = (send_message, send_photo, send_document, send_media_group, send_chat_action)
