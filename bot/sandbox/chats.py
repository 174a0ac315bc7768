"""The sandbox's chats: who sees which, what the bot is told of, and what it may do there."""

import asyncio
from collections.abc import Awaitable, Callable
from copy import deepcopy
from typing import TypedDict, Unpack

from aiohttp import web

from bot.sandbox.bot_api.api_errors import bad_request, forbidden, migrated
from bot.sandbox.bot_api.objects import filled, integer
from bot.sandbox.bot_api.request import Given, Json
from bot.sandbox.state.callbacks import CallbackQueries
from bot.sandbox.state.command_lists import Commands
from bot.sandbox.state.conversation import BOT_ID, Conversation
from bot.sandbox.state.events import Events
from bot.sandbox.state.file_store import Files
from bot.sandbox.state.group import ANONYMOUS, Group
from bot.sandbox.state.person import ADMIN, GUEST, Person
from bot.sandbox.state.profile import Profile
from bot.sandbox.state.update_queue import Updates
from bot.sandbox.state.webhook_delivery import WebhookSubscription

BOT: Json = {
    "id": BOT_ID,
    "is_bot": True,
    "first_name": "Modista",
    "username": "modista_sandbox_bot",
}
Act = Callable[[], Awaitable[web.Response]]

ALBUM_SECONDS = 10.0  # for which an album's photos wait for the others


class Sent(TypedDict, total=False):
    """How a person sends a message, but for its content.

    `chat_id` is the group's, if it is not for the private chat with the bot; `topic` one of its
    topics. `anonymous`: in the group's name, as its admins can. The bot is told of an album once
    `album_size` of its photos are there, or at once.
    """

    chat_id: int | None
    topic: int | None
    reply_to: int | None
    forwarded: bool
    anonymous: bool
    album_size: int


class Chats:
    """The state of the sandbox's Telegram, as the Bot API's methods use it."""

    def __init__(
        self, people: tuple[Person, ...] = (GUEST, ADMIN), strangers: tuple[int, ...] = ()
    ) -> None:
        self.people = {person.id: person for person in people}
        self.group = Group()
        self.conversations = {person.id: Conversation(person.id, (person.id,)) for person in people}
        self._open_group()
        self.strangers = set(strangers)
        self.updates = Updates()
        self.webhook = WebhookSubscription()
        self.files = Files()
        self.commands = Commands()
        self.profile = Profile()
        self.callbacks = CallbackQueries()
        self.events = Events()
        self._albums: dict[str, list[Json]] = {}

    async def answer(
        self,
        request: web.Request,  # noqa: ARG002 - for tests, which have requests go wrong here
        method: str,  # noqa: ARG002
        given: Given,  # noqa: ARG002
        act: Act,
    ) -> web.StreamResponse:
        """Answer a request of the bot's by acting on it."""
        return await act()

    # What the bot's methods use.

    def conversation(self, chat_id: str | int) -> Conversation:
        """The chat that a bot names; 400 where the bot knows none."""
        if not str(chat_id):
            raise bad_request("chat_id is empty")
        try:
            number = integer(chat_id)
        except ValueError:  # a public chat's @name: there is none
            number = 0
        if number not in self.conversations or number in self.strangers:
            raise bad_request("chat not found")
        return self.conversations[number]

    def open_conversation(self, chat_id: str | int) -> Conversation:
        """The chat to write to; 403 where the person blocked the bot."""
        conversation = self.conversation(chat_id)
        if conversation.chat_id < 0:
            if conversation.chat_id != self.group.id:
                raise migrated(self.group.id)
            if not self.group.joined:
                raise forbidden("bot is not a member of the group chat")
        if conversation.blocked:
            raise forbidden("bot was blocked by the user")
        return conversation

    def post(self, conversation: Conversation, content: Json) -> Json:
        """Add the bot's own message."""
        message = conversation.add(BOT, self.chat_of(conversation), content)
        self.published("message", conversation, message)
        return message

    def chat_of(self, conversation: Conversation) -> Json:
        """The Bot API's Chat."""
        number = conversation.chat_id
        return self.group.chat if number < 0 else self.people[number].chat

    def published(self, kind: str, conversation: Conversation, message: Json) -> None:
        """Tell the pages of a message that is new or changed."""
        self.tell(conversation, {"kind": kind, "message": deepcopy(message)})

    def tell(self, conversation: Conversation, event: Json) -> None:
        """Tell the pages of all who see this chat."""
        for person_id in conversation.audience:
            self.events.publish(person_id, {**event, "chat": conversation.chat_id})

    def _deliver(self, message: Json, album_size: int) -> None:
        """Tell the bot of a message; of an album's, as Telegram does, once all of it is there.

        Or after ALBUM_SECONDS, should one of them not arrive.
        """
        album = message.get("media_group_id")
        if not album or not album_size:
            self.updates.add("message", message)
            return
        held = self._albums.setdefault(album, [])
        held.append(message)
        if len(held) >= album_size:
            self._end_album(album)
        elif len(held) == 1:
            asyncio.get_running_loop().call_later(ALBUM_SECONDS, self._end_album, album)

    def _end_album(self, album: str) -> None:
        for message in self._albums.pop(album, []):
            self.updates.add("message", message)

    def tell_everybody(self, event: Json) -> None:
        """Tell all pages, whichever chat they show."""
        for person_id in self.people:
            self.events.publish(person_id, event)

    def _open_group(self) -> None:
        self.conversations[self.group.id] = Conversation(self.group.id, tuple(self.people))

    def _send(self, person_id: int, content: Json, **how: Unpack[Sent]) -> Json:
        conversation = self.conversations[how.get("chat_id") or person_id]
        grouped = conversation.chat_id < 0
        if not grouped:
            self.strangers.discard(person_id)
        chat, topic, anonymous = self.chat_of(conversation), how.get("topic"), how.get("anonymous")
        if topic:
            conversation.topics.add(topic)
        extra = filled(
            reply_to_message=conversation.quoted(how.get("reply_to") or 0),
            message_thread_id=topic,
            is_topic_message=bool(topic),
            sender_chat=chat if anonymous else None,
        )
        user = ANONYMOUS if anonymous else self.people[person_id].user
        message = conversation.add(user, chat, extra | content)
        if how.get("forwarded"):
            origin = {"type": "hidden_user", "sender_user_name": "Somebody"}
            message["forward_origin"] = {**origin, "date": message["date"]}
        if not grouped or self.group.for_bot(message, BOT):
            self._deliver(message, how.get("album_size", 0))
        self.published("message", conversation, message)
        return deepcopy(message)
