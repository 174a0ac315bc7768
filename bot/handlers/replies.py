"""What the handlers share: whom a message is for, and how it is answered."""

import logging
from typing import Any

from telegram import (
    CallbackQuery,
    InlineKeyboardMarkup,
    MaybeInaccessibleMessage,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import BaseHandler, ContextTypes, filters

log = logging.getLogger(__name__)

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


def to(message: MaybeInaccessibleMessage) -> ReplyParameters:
    """Reply to this message, also when it was deleted meanwhile."""
    return ReplyParameters(message.message_id, allow_sending_without_reply=True)


async def reply(message: Message, text: str) -> Message:
    """Send `text` in reply to the message."""
    return await message.reply_text(text, reply_parameters=to(message))


async def tell(message: Message, text: str, buttons: InlineKeyboardMarkup | None = None) -> Message:
    """Send `text`; as a reply only where others may write in between."""
    private = message.chat.type == ChatType.PRIVATE
    return await message.reply_text(
        text, reply_markup=buttons, reply_parameters=None if private else to(message)
    )


async def acknowledge(
    query: CallbackQuery, text: str | None = None, *, alert: bool = False
) -> None:
    """Answer a pressed button: until then its clock runs. `alert` has the text closed by hand."""
    try:
        await query.answer(text, show_alert=alert)
    except TelegramError as error:
        # After a restart it may be too late for that; what the button does is done all the same.
        log.info("A pressed button could not be answered: %s", error)
