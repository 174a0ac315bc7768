"""The methods that change what was sent, and that answer a pressed button."""

import time

from bot.sandbox.bot_api import content
from bot.sandbox.bot_api.api_errors import bad_request
from bot.sandbox.bot_api.method import method
from bot.sandbox.bot_api.parameters import (
    Json,
    Kind,
    boolean,
    integer,
    json_object,
    media,
    objects,
    string,
)
from bot.sandbox.bot_api.sending import media_content
from bot.sandbox.state.callbacks import CallbackAnswer
from bot.sandbox.state.conversation import Conversation
from bot.sandbox.telegram import Sandbox

MAX_ANSWER = 200  # characters
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
PLACE: dict[str, Kind] = {"chat_id": string, "message_id": integer}
UNSUPPORTED = ("inline_message_id", "business_connection_id")
TEXT_FIELDS = ("text", "entities", "link_preview_options")
CAPTION_FIELDS = ("caption", "caption_entities", "show_caption_above_media")
MEDIA_FIELDS = ("photo", "document", "has_media_spoiler", *CAPTION_FIELDS)


@method(
    "editMessageText",
    required={**PLACE, "text": string},
    optional={
        "parse_mode": string,
        "entities": objects,
        "link_preview_options": json_object,
        "disable_web_page_preview": boolean,
        **content.MARKUP,
    },
    unsupported=UNSUPPORTED,
)
async def edit_text(sandbox: Sandbox, given: Json) -> Json:
    """Put another text in place of a message's."""
    conversation, message = _message(sandbox, given)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _changed(
        sandbox, conversation, message, TEXT_FIELDS, given=given, new=content.text_of(given)
    )


@method(
    "editMessageCaption",
    required=PLACE,
    optional={"show_caption_above_media": boolean, **content.CAPTION, **content.MARKUP},
    unsupported=UNSUPPORTED,
)
async def edit_caption(sandbox: Sandbox, given: Json) -> Json:
    """Put another caption, or none, in place of a message's."""
    conversation, message = _message(sandbox, given)
    if "photo" not in message and "document" not in message:
        raise bad_request("there is no caption in the message to edit")
    caption = content.caption_of(given)
    if given.get("show_caption_above_media"):
        caption["show_caption_above_media"] = True
    return _changed(sandbox, conversation, message, CAPTION_FIELDS, given=given, new=caption)


@method(
    "editMessageMedia",
    required={**PLACE, "media": media},
    optional=content.MARKUP,
    unsupported=UNSUPPORTED,
)
async def edit_media(sandbox: Sandbox, given: Json) -> Json:
    """Put another photo or document in place of a message's."""
    conversation, message = _message(sandbox, given)
    if "media_group_id" in message and str(given["media"].get("type")) not in message:
        raise bad_request("can't change the media's type in the album")
    new = await media_content(sandbox, given["media"])
    return _changed(
        sandbox, conversation, message, (*MEDIA_FIELDS, *TEXT_FIELDS), given=given, new=new
    )


@method("editMessageReplyMarkup", required=PLACE, optional=content.MARKUP, unsupported=UNSUPPORTED)
async def edit_reply_markup(sandbox: Sandbox, given: Json) -> Json:
    """Put another inline keyboard, or none, under a message."""
    conversation, message = _message(sandbox, given)
    return _changed(sandbox, conversation, message, (), given=given, new={})


@method("deleteMessage", required=PLACE)
async def delete_message(sandbox: Sandbox, given: Json) -> bool:
    """Remove a message: in a private chat a bot may remove its own and the person's."""
    conversation = sandbox.conversation(given["chat_id"])
    if conversation.messages.pop(given["message_id"], None) is None:
        raise bad_request("message to delete not found")
    sandbox.tell(conversation, {"kind": "deleted", "message_id": given["message_id"]})
    return True


@method(
    "answerCallbackQuery",
    required={"callback_query_id": string},
    optional={"text": string, "show_alert": boolean, "cache_time": integer},
    unsupported=("url",),
)
async def answer_callback_query(sandbox: Sandbox, given: Json) -> bool:
    """Tell the person who pressed a button something, or just that it is done."""
    text = given.get("text") or None
    if text is not None and len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = CallbackAnswer(text, given.get("show_alert", False))
    sandbox.callbacks.answer(given["callback_query_id"], answer)
    return True


def _message(sandbox: Sandbox, given: Json) -> tuple[Conversation, Json]:
    conversation = sandbox.open_conversation(given["chat_id"])
    return conversation, conversation.own(given["message_id"])


def _changed(
    sandbox: Sandbox,
    conversation: Conversation,
    message: Json,
    replaced: tuple[str, ...],
    *,
    given: Json,
    new: Json,
) -> Json:
    """The message with `replaced` fields gone and the `new` ones in; 400 if nothing changes."""
    fields = {*replaced, "reply_markup"}
    kept = {key: value for key, value in message.items() if key not in fields}
    edited = {**kept, **new, **content.markup_of(given)}
    if edited == message:
        raise bad_request(NOT_MODIFIED)
    edited["edit_date"] = int(time.time())
    conversation.messages[message["message_id"]] = edited
    sandbox.published("edited", conversation, edited)
    return edited


METHODS = (
    edit_text,
    edit_caption,
    edit_media,
    edit_reply_markup,
    delete_message,
    answer_callback_query,
)
