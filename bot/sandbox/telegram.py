"""The sandbox's state, and what people do in it."""

import asyncio
import time
from copy import deepcopy
from dataclasses import replace
from typing import Unpack

from bot.sandbox.bot_api.api_errors import bad_request
from bot.sandbox.bot_api.entities import detected
from bot.sandbox.bot_api.objects import filled
from bot.sandbox.bot_api.request import Json
from bot.sandbox.chats import BOT, Chats, Sent
from bot.sandbox.state import photo_sizes
from bot.sandbox.state.callbacks import CallbackAnswer
from bot.sandbox.state.group import SUPERGROUP_ID
from bot.sandbox.state.person import ADMIN, GUEST, Person

__all__ = ["ADMIN", "BOT", "GUEST", "TOKEN", "Person", "Sandbox"]

TOKEN = "8100000001:sandbox-token-for-this-machine-only"  # noqa: S105 - opens nothing but the sandbox
CALLBACK_SECONDS = 15.0  # after which a pressed button stops waiting for its answer
# What of a message is forwarded.
FORWARDED = (
    *("text", "entities", "caption", "caption_entities"),
    *("photo", "document", "sticker", "voice"),
)


class Sandbox(Chats):
    """A Telegram with one bot, a few people, and a group of theirs.

    Serve it with `bot.sandbox.server.serve`. The methods here are what people do: they send,
    press, and read their chat. Messages are Bot API Message objects as dicts; those given
    out are copies. Without a `chat_id` they are about the person's private chat with the bot; the
    group's is about the group, to which the bot is to be added first. `strangers` are the ids of
    people who have never written to the bot, which therefore does not know their chats until they
    do.
    """

    # What people do.

    async def send_text(self, person_id: int, text: str, **how: Unpack[Sent]) -> Json:
        """Send a text."""
        return self._send(person_id, filled(text=text, entities=detected(text)), **how)

    async def send_photo(
        self,
        person_id: int,
        data: bytes,
        caption: str | None = None,
        album: str | None = None,
        **how: Unpack[Sent],
    ) -> Json:
        """Send a photo, made into JPEGs as Telegram does. Raises UnreadableImageError."""
        sizes = await asyncio.to_thread(photo_sizes.sizes, data)
        content = filled(
            photo=self.files.add_photo(sizes),
            caption=caption,
            caption_entities=detected(caption or ""),
            media_group_id=album,
        )
        return self._send(person_id, content, **how)

    async def send_document(
        self,
        person_id: int,
        data: bytes,
        file_name: str = "file",
        mime_type: str | None = None,
        caption: str | None = None,
        **how: Unpack[Sent],
    ) -> Json:
        """Send a file as it is; an image gets a thumbnail."""
        thumbnail = await asyncio.to_thread(photo_sizes.thumbnail, data)
        document = self.files.add_document(data, file_name, mime_type, thumbnail)
        return self._send(person_id, filled(document=document, caption=caption), **how)

    async def send_update_content(self, person_id: int, content: Json, **how: Unpack[Sent]) -> Json:
        """Send a message with any content of the Bot API, such as {"sticker": {...}}."""
        return self._send(person_id, content, **how)

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

    def commands_for(self, person_id: int) -> list[Json]:
        """The command menu that this person sees in the private chat."""
        language = self.people[person_id].language_code
        return deepcopy(self.commands.for_private_chat(person_id, language))
