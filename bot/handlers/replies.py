"""What the handlers share: whom a message is for, and how it is answered."""

from typing import Any

from telegram import Message, ReplyParameters
from telegram.constants import ChatType
from telegram.ext import BaseHandler, ContextTypes, filters

Context = ContextTypes.DEFAULT_TYPE
Handler = BaseHandler[Any, Context, Any]

# Neither edited messages nor channel posts.
NEW = filters.UpdateType.MESSAGE


class _Addressed(filters.MessageFilter):
    """A message in a private chat; in a group, one that names the bot or replies to it."""

    def filter(self, message: Message) -> bool:
        if message.chat.type == ChatType.PRIVATE:
            return True
        bot = message.get_bot()
        name = f"@{bot.username}".lower()
        if name in (message.text or message.caption or "").lower():
            return True
        original = message.reply_to_message
        return bool(original and original.from_user and original.from_user.id == bot.id)


ADDRESSED = _Addressed(name="ADDRESSED")


def to(message: Message) -> ReplyParameters:
    """Reply to this message, also when it was deleted meanwhile."""
    return ReplyParameters(message.message_id, allow_sending_without_reply=True)


async def reply(message: Message, text: str) -> Message:
    """Send `text` in reply to the message."""
    return await message.reply_text(text, reply_parameters=to(message))


async def tell(message: Message, text: str) -> Message:
    """Send `text`; as a reply only where others may write in between."""
    if message.chat.type == ChatType.PRIVATE:
        return await message.reply_text(text)
    return await reply(message, text)
