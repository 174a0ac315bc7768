"""The sandbox's state, and what people do in it."""

import asyncio
import time
from copy import deepcopy
from dataclasses import replace

from bot.sandbox.bot_api.api_errors import bad_request
from bot.sandbox.bot_api.entities import detected
from bot.sandbox.bot_api.request import Json
from bot.sandbox.chats import BOT, ApiRequest, Chats
from bot.sandbox.state import photo_sizes
from bot.sandbox.state.callbacks import CallbackAnswer
from bot.sandbox.state.group import SUPERGROUP_ID
from bot.sandbox.state.person import ADMIN, GUEST, Person

__all__ = ["ADMIN", "BOT", "GUEST", "TOKEN", "ApiRequest", "Person", "Sandbox"]

TOKEN = "8100000001:sandbox-token-for-this-machine-only"  # noqa: S105 - opens nothing but the sandbox
PATIENCE = 60.0  # seconds that a test waits for the bot, on a machine however busy
CALLBACK_SECONDS = 15.0  # after which a pressed button stops waiting for its answer
# What of a message is forwarded.
FORWARDED = (
    *("text", "entities", "caption", "caption_entities"),
    *("photo", "document", "sticker", "voice"),
)


class Sandbox(Chats):
    """A Telegram with one bot, a few people, and a group of theirs.

    Serve it with `bot.sandbox.server.serve`. The methods here are what people do: they send,
    press, block, and read their chat. Messages are Bot API Message objects as dicts; those given
    out are copies. Without a `chat_id` they are about the person's private chat with the bot; the
    group's is about the group, to which the bot is to be added first. `strangers` are the ids of
    people who have never written to the bot, which therefore does not know their chats until they
    do.
    """

    # What people do.

    async def send_text(
        self,
        person_id: int,
        text: str,
        *,
        forwarded: bool = False,
        reply_to: int | None = None,
        chat_id: int | None = None,
        topic: int | None = None,
        anonymous: bool = False,
    ) -> Json:
        """Send a text; `anonymous` in the group's name, as its admins can."""
        content: Json = {"text": text}
        if entities := detected(text):
            content["entities"] = entities
        return self._send(
            person_id,
            content | self._in_topic(chat_id or person_id, topic),
            forwarded=forwarded,
            reply_to=reply_to,
            chat_id=chat_id,
            anonymous=anonymous,
        )

    async def send_photo(
        self,
        person_id: int,
        data: bytes,
        caption: str | None = None,
        album: str | None = None,
        *,
        forwarded: bool = False,
        topic: int | None = None,
        reply_to: int | None = None,
        chat_id: int | None = None,
        anonymous: bool = False,
        album_size: int = 0,
    ) -> Json:
        """Send a photo, made into JPEGs as Telegram does. Raises UnreadableImageError.

        The bot is told of an `album` once `album_size` of its photos are there, or at once.
        """
        sizes = await asyncio.to_thread(photo_sizes.sizes, data)
        content: Json = {"photo": self.files.add_photo(sizes)}
        if caption:
            content["caption"] = caption
            if entities := detected(caption):
                content["caption_entities"] = entities
        if album:
            content["media_group_id"] = album
        return self._send(
            person_id,
            content | self._in_topic(chat_id or person_id, topic),
            forwarded=forwarded,
            reply_to=reply_to,
            chat_id=chat_id,
            anonymous=anonymous,
            album_size=album_size,
        )

    async def send_document(
        self,
        person_id: int,
        data: bytes,
        file_name: str = "file",
        mime_type: str | None = None,
        *,
        caption: str | None = None,
        chat_id: int | None = None,
    ) -> Json:
        """Send a file as it is; an image gets a thumbnail."""
        thumbnail = await asyncio.to_thread(photo_sizes.thumbnail, data)
        document = self.files.add_document(data, file_name, mime_type, thumbnail)
        content: Json = {"document": document}
        if caption:
            content["caption"] = caption
        return self._send(person_id, content, chat_id=chat_id)

    async def send_update_content(
        self, person_id: int, content: Json, chat_id: int | None = None
    ) -> Json:
        """Send a message with any content of the Bot API, such as {"sticker": {...}}."""
        return self._send(person_id, content, chat_id=chat_id)

    async def forward(self, person_id: int, message_id: int, *, chat_id: int | None = None) -> Json:
        """Forward a message of this chat into it once more. Raises ApiError 400 without one."""
        message = self.conversations[chat_id or person_id].messages.get(message_id)
        if message is None:
            raise bad_request("message to forward not found")
        kept = {key: value for key, value in message.items() if key in FORWARDED}
        origin = {"type": "user", "sender_user": message["from"], "date": message["date"]}
        return self._send(person_id, {**kept, "forward_origin": origin}, chat_id=chat_id)

    async def edit_text(
        self, person_id: int, message_id: int, text: str, *, chat_id: int | None = None
    ) -> Json:
        """Edit a text that the person sent."""
        conversation = self.conversations[chat_id or person_id]
        message = conversation.messages[message_id]
        message["text"] = text
        message["entities"] = detected(text)
        message["edit_date"] = int(time.time())
        if conversation.chat_id > 0 or self.group.for_bot(message, BOT):
            self.updates.add("edited_message", message)
        self.published("edited", conversation, message)
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
        self,
        person_id: int,
        message_id: int,
        data: str,
        seconds: float = CALLBACK_SECONDS,
        *,
        chat_id: int | None = None,
    ) -> CallbackAnswer | None:
        """Press an inline button; the bot's whole answer, None when it gives none in time."""
        message = self.conversations[chat_id or person_id].messages[message_id]
        query_id, answer = self.callbacks.open()
        query = {
            "id": query_id,
            "from": self.people[person_id].user,
            "message": message,
            "chat_instance": str(chat_id or person_id),
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

    def change_group(self, person_id: int, *, joined: bool) -> None:
        """Add the bot to the group, or remove it. The bot is told, as Telegram does."""
        if self.group.joined == joined:
            return
        person = self.people[person_id]
        self.updates.add("my_chat_member", self.group.membership(BOT, person, joined=joined))
        self.group.joined = True  # it still gets the word that it was removed
        kind = "new_chat_members" if joined else "left_chat_member"
        self._send(person_id, {kind: [BOT] if joined else BOT}, chat_id=self.group.id)
        self.group.joined = joined
        self.tell_everybody({"kind": "chats"})

    def upgrade_group(self, person_id: int) -> None:
        """Make the group a supergroup with topics: it goes on under another id."""
        former = self.group.id
        if former == SUPERGROUP_ID:
            return
        self._send(person_id, {"migrate_to_chat_id": SUPERGROUP_ID}, chat_id=former)
        self.group.id = SUPERGROUP_ID
        self._open_group()
        self._send(person_id, {"migrate_from_chat_id": former}, chat_id=SUPERGROUP_ID)
        self.tell_everybody({"kind": "chats"})

    def set_privacy(self, privacy: bool) -> None:
        """Change the bot's privacy mode, as its owner does with @BotFather's /setprivacy."""
        self.group.privacy = privacy
        self.tell_everybody({"kind": "chats"})

    # What people see.

    def messages(self, chat_id: int) -> list[Json]:
        """The whole chat, in order: a person's private one, or the group."""
        return deepcopy(list(self.conversations[chat_id].messages.values()))

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
