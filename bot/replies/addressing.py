"""Helpers of the handlers: whom a message is for, and how to reply to it."""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import (
    CallbackQuery,
    InlineKeyboardMarkup,
    MaybeInaccessibleMessage,
    Message,
    Update,
)
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    filters,
)

from bot.i18n.language import language_of

log = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE
Handler = BaseHandler[Any, Context, Any]
# What a command or a press does; the language is that of the person whose it is.
Command = Callable[[Message, str], Awaitable[None]]
Press = Callable[[CallbackQuery, str], Awaitable[None]]

# Telegram's limit for what a press is told, in characters.
ANSWER_LENGTH = 200

# Neither edited messages nor channel posts.
NEW = filters.UpdateType.MESSAGE
# What a command must be: written by its sender. A forwarded one, or one that another bot
# composed, is somebody else's, and they may have meant it to be passed on by an admin.
OWN = NEW & ~filters.FORWARDED & ~filters.VIA_BOT


class _Addressed(filters.MessageFilter):
    """A message in a private chat; in a group, one that names the bot or replies to it."""

    def filter(self, message: Message) -> bool:
        if message.chat.type == ChatType.PRIVATE:
            return True
        bot = message.get_bot()
        # The whole name: another's may begin with ours.
        name = rf"@{re.escape(bot.username)}(?![A-Za-z0-9_])"
        if re.search(name, message.text or message.caption or "", re.IGNORECASE):
            return True
        original = message.reply_to_message
        return bool(original and original.from_user and original.from_user.id == bot.id)


ADDRESSED = _Addressed(name="ADDRESSED")


def command(name: str, act: Command) -> Handler:
    """The handler of a command."""

    async def handle(update: Update, _context: Context) -> None:
        if message := update.effective_message:
            await act(message, language_of(update.effective_user))

    return CommandHandler(name, handle, OWN)


def pressed(pattern: str | None, act: Press) -> Handler:
    """The handler of the buttons whose data begin like this; of all, without a pattern."""

    async def handle(update: Update, _context: Context) -> None:
        if query := update.callback_query:
            await act(query, language_of(query.from_user))

    return CallbackQueryHandler(handle, pattern)


def sender(message: Message) -> int:
    """Whose message it is: a chat's, if somebody writes in its name, else the person's.

    Telegram gives all who write in the name of a chat the same user.
    """
    if message.sender_chat:
        return message.sender_chat.id
    return message.from_user.id if message.from_user else message.chat_id


def topic_of(message: MaybeInaccessibleMessage) -> int | None:
    """The message_thread_id of the forum's topic that the message is in, or None.

    In other groups that number names a row of replies, into which nobody can send.
    """
    if isinstance(message, Message) and message.is_topic_message:
        return message.message_thread_id
    return None


async def reply(message: Message, text: str) -> Message:
    """Send `text` in reply to the message."""
    return await message.reply_text(text, do_quote=True, allow_sending_without_reply=True)


async def tell(message: Message, text: str, buttons: InlineKeyboardMarkup | None = None) -> Message:
    """Send `text`; as a reply in groups alone, where others may write in between."""
    return await message.reply_text(text, reply_markup=buttons, allow_sending_without_reply=True)


async def acknowledge(
    query: CallbackQuery, text: str | None = None, *, alert: bool = False
) -> None:
    """Answer a pressed button: until then its clock runs. `alert` has the text closed by hand."""
    try:
        await query.answer(text, show_alert=alert)
    except TelegramError as error:
        # After a restart it may be too late for that; what the button does is done all the same.
        log.info("A pressed button could not be answered: %s", error)


async def put_text(
    query: CallbackQuery, text: str, buttons: InlineKeyboardMarkup | None = None
) -> None:
    """Put the text and the buttons, or none, into the message of the button; a courtesy."""
    try:
        await query.edit_message_text(text, reply_markup=buttons)
    except TelegramError as error:
        # Not modified, by a second press; or deleted meanwhile; or Telegram is away.
        log.info("The message of a button could not be edited: %s", error)


def offers(message: MaybeInaccessibleMessage, ending: str) -> bool:
    """Whether a button below the message may have data that ends like this.

    People can send any data below any message. In their private chat they harm but themselves; in a
    group, the bot's other messages are other people's.
    """
    if message.chat.type == ChatType.PRIVATE:
        return True
    markup = message.reply_markup if isinstance(message, Message) else None
    buttons = [each for row in markup.inline_keyboard for each in row] if markup else []
    return any(str(each.callback_data).endswith(f":{ending}") for each in buttons)
