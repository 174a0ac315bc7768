"""The sandbox's state, and what people do in it."""

import asyncio
import time
from copy import deepcopy
from dataclasses import replace
from typing import NamedTuple

from bot.sandbox.bot_api.api_errors import bad_request, forbidden
from bot.sandbox.bot_api.entities import detected
from bot.sandbox.bot_api.parameters import Json, Parameters
from bot.sandbox.faults import Faults
from bot.sandbox.state import photo_sizes
from bot.sandbox.state.callbacks import CallbackAnswer, CallbackQueries
from bot.sandbox.state.command_lists import Commands
from bot.sandbox.state.conversation import Conversation
from bot.sandbox.state.events import Events
from bot.sandbox.state.file_store import Files
from bot.sandbox.state.person import ADMIN, GUEST, Person
from bot.sandbox.state.profile import Profile
from bot.sandbox.state.update_queue import Updates
from bot.sandbox.state.webhook_delivery import WebhookSubscription

__all__ = ["ADMIN", "GUEST", "TOKEN", "ApiRequest", "Person", "Sandbox"]

TOKEN = "8100000001:sandbox-token-for-this-machine-only"  # noqa: S105 - opens nothing but the sandbox
BOT: Json = {
    "id": 8100000001,
    "is_bot": True,
    "first_name": "Modista",
    "username": "modista_sandbox_bot",
}
PATIENCE = 60.0  # seconds that a test waits for the bot, on a machine however busy
CALLBACK_SECONDS = 15.0  # after which a pressed button stops waiting for its answer
KEPT_REQUESTS = 10_000


class ApiRequest(NamedTuple):
    """One request that the bot made; in `parameters`, a file is its name and size."""

    method: str
    parameters: dict[str, str]


class Sandbox:
    """A Telegram with one bot and a few people.

    Serve it with `bot.sandbox.server.serve`. The methods here are what people do: they send,
    press, block, and read their chat. Messages are Bot API Message objects as dicts; those given
    out are copies. `strangers` are the ids of people who have never written to the bot, which
    therefore does not know their chats until they do.
    """

    def __init__(
        self, people: tuple[Person, ...] = (GUEST, ADMIN), strangers: tuple[int, ...] = ()
    ) -> None:
        self.people = {person.id: person for person in people}
        self.conversations = {person.id: Conversation(person.id) for person in people}
        self.strangers = set(strangers)
        self.updates = Updates()
        self.webhook = WebhookSubscription()
        self.files = Files()
        self.commands = Commands()
        self.profile = Profile(BOT["first_name"])
        self.callbacks = CallbackQueries()
        self.events = Events()
        self.faults = Faults()
        self.requests: list[ApiRequest] = []

    def log(self, method: str, parameters: Parameters) -> None:
        """Remember a request, the oldest forgotten."""
        self.requests.append(ApiRequest(method, parameters.described()))
        del self.requests[:-KEPT_REQUESTS]

    # What people do.

    async def send_text(
        self, person_id: int, text: str, *, forwarded: bool = False, reply_to: int | None = None
    ) -> Json:
        """Send a text to the bot."""
        content: Json = {"text": text}
        if entities := detected(text):
            content["entities"] = entities
        return self._send(person_id, content, forwarded=forwarded, reply_to=reply_to)

    async def send_photo(
        self,
        person_id: int,
        data: bytes,
        caption: str | None = None,
        album: str | None = None,
        *,
        forwarded: bool = False,
        topic: int | None = None,
    ) -> Json:
        """Send a photo, made into JPEGs as Telegram does. Raises UnreadableImageError."""
        sizes = await asyncio.to_thread(photo_sizes.sizes, data)
        content: Json = {"photo": self.files.add_photo(sizes)}
        if caption:
            content["caption"] = caption
            if entities := detected(caption):
                content["caption_entities"] = entities
        if album:
            content["media_group_id"] = album
        if topic:
            self.conversations[person_id].topics.add(topic)
            content |= {"message_thread_id": topic, "is_topic_message": True}
        return self._send(person_id, content, forwarded=forwarded)

    async def send_document(
        self,
        person_id: int,
        data: bytes,
        file_name: str = "file",
        mime_type: str | None = None,
        *,
        caption: str | None = None,
    ) -> Json:
        """Send a file as it is; an image gets a thumbnail."""
        thumbnail = await asyncio.to_thread(photo_sizes.thumbnail, data)
        document = self.files.add_document(data, file_name, mime_type, thumbnail)
        content: Json = {"document": document}
        if caption:
            content["caption"] = caption
        return self._send(person_id, content)

    async def send_update_content(self, person_id: int, content: Json) -> Json:
        """Send a message with any content of the Bot API, such as {"sticker": {...}}."""
        return self._send(person_id, content)

    async def edit_text(self, person_id: int, message_id: int, text: str) -> Json:
        """Edit a text that the person sent."""
        message = self.conversations[person_id].messages[message_id]
        message["text"] = text
        message["entities"] = detected(text)
        message["edit_date"] = int(time.time())
        self.updates.add("edited_message", message)
        self.published("edited", person_id, message)
        return deepcopy(message)

    async def press(
        self,
        person_id: int,
        message_id: int,
        data: str,
        timeout: float = CALLBACK_SECONDS,  # noqa: ASYNC109 - for tests to read
    ) -> str | None:
        """Press an inline button; the text of the bot's answer, None if it has none."""
        answer = await self.callback(person_id, message_id, data, timeout)
        return None if answer is None else answer.text

    async def callback(
        self, person_id: int, message_id: int, data: str, seconds: float = CALLBACK_SECONDS
    ) -> CallbackAnswer | None:
        """Press an inline button; the bot's whole answer, None when it gives none in time."""
        message = self.conversations[person_id].messages[message_id]
        query_id, answer = self.callbacks.open()
        query = {
            "id": query_id,
            "from": self.people[person_id].user,
            "message": message,
            "chat_instance": str(person_id),
            "data": data,
        }
        self.updates.add("callback_query", query)
        try:
            async with asyncio.timeout(seconds):
                return await answer
        except TimeoutError:
            return None
        finally:
            self.callbacks.expire(query_id)

    def set_language(self, person_id: int, language_code: str) -> Person:
        """Change the language of the person's Telegram."""
        person = replace(self.people[person_id], language_code=language_code)
        self.people[person_id] = person
        self.events.publish(person_id, {"kind": "commands"})
        return person

    def block(self, person_id: int, blocked: bool) -> None:
        """Block the bot, or unblock it. The bot is told, as Telegram does."""
        conversation = self.conversations[person_id]
        if conversation.blocked == blocked:
            return
        conversation.blocked = blocked
        member: Json = {"user": BOT, "status": "member"}
        kicked: Json = {"user": BOT, "status": "kicked", "until_date": 0}
        person = self.people[person_id]
        change = {
            "chat": person.chat,
            "from": person.user,
            "date": int(time.time()),
            "old_chat_member": member if blocked else kicked,
            "new_chat_member": kicked if blocked else member,
        }
        self.updates.add("my_chat_member", change)

    # What people see.

    def messages(self, person_id: int) -> list[Json]:
        """The whole chat, in order."""
        return deepcopy(list(self.conversations[person_id].messages.values()))

    async def reply_to(
        self,
        person_id: int,
        message_id: int,
        timeout: float = PATIENCE,  # noqa: ASYNC109 - for tests to read
        after: int = 0,
    ) -> Json:
        """The bot's first message (after `after`) that replies to this one.

        Raises TimeoutError when there is none in time.
        """
        conversation = self.conversations[person_id]
        found = await self.events.until(lambda: conversation.reply_to(message_id, after), timeout)
        if found is None:
            raise TimeoutError(f"The bot did not reply to message {message_id}.")
        return deepcopy(found)

    async def next_bot_message(
        self,
        person_id: int,
        after: int = 0,
        timeout: float = PATIENCE,  # noqa: ASYNC109 - for tests to read
    ) -> Json:
        """The bot's first message after message `after`. Raises TimeoutError."""
        conversation = self.conversations[person_id]
        found = await self.events.until(lambda: conversation.from_bot_after(after), timeout)
        if found is None:
            raise TimeoutError(f"The bot wrote nothing after message {after}.")
        return deepcopy(found)

    def file_bytes(self, file_id: str) -> bytes:
        """A file's bytes. Raises ApiError if there is no such file."""
        return self.files.get(file_id).data

    def commands_for(self, person_id: int) -> list[Json]:
        """The command menu that this person sees in the private chat."""
        language = self.people[person_id].language_code
        return deepcopy(self.commands.for_private_chat(person_id, language))

    # What the bot's methods use.

    def conversation(self, chat_id: str | int) -> Conversation:
        """The chat that a bot names; 400 if the bot knows none."""
        number = str(chat_id)
        if not number:
            raise bad_request("chat_id is empty")
        known = number.isascii() and number.isdigit() and int(number) in self.conversations
        if not known or int(number) in self.strangers:
            raise bad_request("chat not found")
        return self.conversations[int(number)]

    def open_conversation(self, chat_id: str | int) -> Conversation:
        """The chat to write to; 403 if the person blocked the bot."""
        conversation = self.conversation(chat_id)
        if conversation.blocked:
            raise forbidden("bot was blocked by the user")
        return conversation

    def post(self, conversation: Conversation, content: Json) -> Json:
        """Add the bot's own message."""
        person = self.people[conversation.person_id]
        message = conversation.add({**BOT, "first_name": self.profile.name()}, person.chat, content)
        self.published("message", person.id, message)
        return message

    def published(self, kind: str, person_id: int, message: Json) -> None:
        """Tell the page of a message that is new or changed."""
        self.events.publish(person_id, {"kind": kind, "message": deepcopy(message)})

    def _send(
        self,
        person_id: int,
        content: Json,
        *,
        forwarded: bool = False,
        reply_to: int | None = None,
    ) -> Json:
        person = self.people[person_id]
        conversation = self.conversations[person_id]
        self.strangers.discard(person_id)
        extra: Json = {}
        if reply_to is not None and (quoted := conversation.quoted(reply_to)):
            extra["reply_to_message"] = quoted
        message = conversation.add(person.user, person.chat, {**extra, **content})
        if forwarded:
            message["forward_origin"] = {
                "type": "hidden_user",
                "sender_user_name": "Somebody",
                "date": message["date"],
            }
        self.updates.add("message", message)
        self.published("message", person_id, message)
        return deepcopy(message)
