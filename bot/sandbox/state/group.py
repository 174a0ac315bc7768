"""A group in which people and the bot write, and which of its messages the bot gets."""

import time
from dataclasses import dataclass

from bot.sandbox.bot_api.request import Json
from bot.sandbox.state.person import Person

FIRST_ID = -4001
SUPERGROUP_ID = -1_000_000_004_001
# The user that stands for admins who write in the group's name.
ANONYMOUS: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
# What Telegram itself writes.
SERVICE = ("new_chat_members", "left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id")


@dataclass
class Group:
    """The group "Friends". The bot is no member until somebody adds it.

    `privacy` is the bot's privacy mode, as @BotFather's /setprivacy has it: on, the bot gets only
    what is meant for it.
    """

    id: int = FIRST_ID
    title: str = "Friends"
    joined: bool = False
    privacy: bool = True

    @property
    def chat(self) -> Json:
        """The Bot API's Chat."""
        if self.id == FIRST_ID:
            return {"id": self.id, "title": self.title, "type": "group"}
        return {"id": self.id, "title": self.title, "type": "supergroup", "is_forum": True}

    def status_of(self, person: Person) -> str:
        """The person's standing in the group."""
        return "creator" if person.admin else "member"

    def for_bot(self, message: Json, bot: Json) -> bool:
        """Whether the bot gets this message: with privacy mode on, what is meant for it.

        Those are commands, but for another bot's; mentions; and replies to what the bot sent.
        """
        if not self.joined:
            return False
        if not self.privacy or any(each in message for each in SERVICE):
            return True
        replied = message.get("reply_to_message", {}).get("from", {})
        if replied.get("id") == bot["id"]:
            return True
        text = message.get("text") or message.get("caption") or ""
        marked = message.get("entities") or message.get("caption_entities") or []
        name = f"@{bot['username']}".lower()
        for entity in marked:
            said = _part(text, entity).lower()
            if entity["type"] == "mention" and said == name:
                return True
            if entity["type"] == "bot_command" and ("@" not in said or said.endswith(name)):
                return True
        return False

    def membership(self, bot: Json, by: Person, *, joined: bool) -> Json:
        """The Bot API's ChatMemberUpdated for the bot that was added or removed."""
        member, left = ({"user": bot, "status": status} for status in ("member", "left"))
        return {
            "chat": self.chat,
            "from": by.user,
            "date": int(time.time()),
            "old_chat_member": left if joined else member,
            "new_chat_member": member if joined else left,
        }


def _part(text: str, entity: Json) -> str:
    """The part of a text that an entity marks."""
    coded = text.encode("utf-16-le")
    start = 2 * entity["offset"]
    return coded[start : start + 2 * entity["length"]].decode("utf-16-le", "replace")
