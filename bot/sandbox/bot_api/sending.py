"""The methods that send: messages, photos, albums, chat actions."""

import secrets

from telegram.constants import ChatAction

from bot.sandbox.bot_api import content
from bot.sandbox.bot_api.api_errors import bad_request
from bot.sandbox.bot_api.method import method
from bot.sandbox.bot_api.objects import File, Integer, ListOf
from bot.sandbox.bot_api.request import Json
from bot.sandbox.telegram import Sandbox

ALBUM = range(2, 11)
ACTIONS = frozenset(ChatAction)


class _Message(content.Text, content.Markup, content.Sending):
    pass


class _Photo(content.Caption, content.Markup, content.Sending):
    photo: File


class _MediaGroup(content.Sending):
    media: ListOf[content.InputMedia]


class _ChatAction(content.ToChat):
    action: str
    message_thread_id: Integer = 0


@method
async def send_message(sandbox: Sandbox, given: _Message) -> Json:
    """Send a text."""
    conversation = sandbox.open_conversation(given.chat_id)
    options = content.options_of(given, conversation)
    message = {**options, **content.text_of(given), **content.markup_of(given)}
    return sandbox.post(conversation, message)


@method
async def send_photo(sandbox: Sandbox, given: _Photo) -> Json:
    """Send a photo, made into Telegram's sizes."""
    conversation = sandbox.open_conversation(given.chat_id)
    options = content.options_of(given, conversation)
    rest = {**content.caption_of(given), **content.markup_of(given)}
    photo = await content.photo_of(sandbox, given.photo)
    return sandbox.post(conversation, {**options, **photo, **rest})


@method
async def send_media_group(sandbox: Sandbox, given: _MediaGroup) -> list[Json]:
    """Send an album: all of it or, if one item is wrong, nothing."""
    conversation = sandbox.open_conversation(given.chat_id)
    options = content.options_of(given, conversation)
    if len(given.media) not in ALBUM:
        raise bad_request("an album must have 2-10 items")
    album = {"media_group_id": str(secrets.randbits(62)), **options}
    contents = [await content.media_of(sandbox, item) for item in given.media]
    return [sandbox.post(conversation, {**album, **each}) for each in contents]


@method
async def send_chat_action(sandbox: Sandbox, given: _ChatAction) -> bool:
    """Show what the bot is doing, for some seconds."""
    conversation = sandbox.open_conversation(given.chat_id)
    if given.action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    if given.message_thread_id:
        conversation.check_topic(given.message_thread_id)
    sandbox.tell(conversation, {"kind": "action", "action": given.action})
    return True
