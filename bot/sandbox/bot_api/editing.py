"""The methods that change what was sent, and that answer a pressed button."""

import time

from bot.sandbox.bot_api import content
from bot.sandbox.bot_api.api_errors import bad_request
from bot.sandbox.bot_api.method import method
from bot.sandbox.bot_api.objects import Integer, ObjectOf, Parameters
from bot.sandbox.bot_api.request import Json
from bot.sandbox.state.callbacks import CallbackAnswer
from bot.sandbox.telegram import Sandbox

MAX_ANSWER = 200  # characters
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TEXT_FIELDS = ("text", "entities")
CAPTION_FIELDS = ("caption", "caption_entities")


class _Message(content.Markup, content.ToChat):
    message_id: Integer


class _Text(_Message, content.Text):
    pass


class _Caption(_Message, content.Caption):
    pass


class _Media(_Message):
    media: ObjectOf[content.InputMedia]


class _Deleted(content.ToChat):
    message_id: Integer


class _CallbackAnswer(Parameters):
    callback_query_id: str
    text: str = ""
    show_alert: bool = False
    cache_time: Integer = 0


@method
async def edit_message_text(sandbox: Sandbox, given: _Text) -> Json:
    """Put another text in place of a message's."""
    message = _message(sandbox, given)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _changed(sandbox, message, TEXT_FIELDS, given, content.text_of(given))


@method
async def edit_message_caption(sandbox: Sandbox, given: _Caption) -> Json:
    """Put another caption, or none, in place of a message's."""
    message = _message(sandbox, given)
    if "photo" not in message:
        raise bad_request("there is no caption in the message to edit")
    return _changed(sandbox, message, CAPTION_FIELDS, given, content.caption_of(given))


@method
async def edit_message_media(sandbox: Sandbox, given: _Media) -> Json:
    """Put another photo in place of a message's."""
    message = _message(sandbox, given)
    new = await content.media_of(sandbox, given.media)
    return _changed(sandbox, message, ("photo", *CAPTION_FIELDS, *TEXT_FIELDS), given, new)


@method
async def edit_message_reply_markup(sandbox: Sandbox, given: _Message) -> Json:
    """Put another inline keyboard, or none, under a message."""
    message = _message(sandbox, given)
    return _changed(sandbox, message, (), given, {})


@method
async def delete_message(sandbox: Sandbox, given: _Deleted) -> bool:
    """Remove a message: in a private chat a bot may remove its own and the person's."""
    conversation = sandbox.conversation(given.chat_id)
    if conversation.messages.pop(given.message_id, None) is None:
        raise bad_request("message to delete not found")
    sandbox.tell(conversation, {"kind": "deleted", "message_id": given.message_id})
    return True


@method
async def answer_callback_query(sandbox: Sandbox, given: _CallbackAnswer) -> bool:
    """Tell the person who pressed a button something, or just that it is done."""
    if len(given.text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = CallbackAnswer(given.text or None, given.show_alert)
    sandbox.callbacks.answer(given.callback_query_id, answer)
    return True


def _message(sandbox: Sandbox, given: _Message) -> Json:
    return sandbox.open_conversation(given.chat_id).own(given.message_id)


def _changed(
    sandbox: Sandbox, message: Json, replaced: tuple[str, ...], given: _Message, new: Json
) -> Json:
    """The message with `replaced` fields gone and the `new` ones in; 400 if nothing changes."""
    conversation = sandbox.conversation(given.chat_id)
    fields = {*replaced, "reply_markup"}
    kept = {key: value for key, value in message.items() if key not in fields}
    edited = {**kept, **new, **content.markup_of(given)}
    if edited == message:
        raise bad_request(NOT_MODIFIED)
    edited["edit_date"] = int(time.time())
    conversation.messages[message["message_id"]] = edited
    sandbox.published("edited", conversation, edited)
    return edited
