"""The greeting in a group that the bot was added to: what it sees there, and how to ask."""

import logging

from telegram import ChatMember, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.i18n.language import language_of
from bot.replies.addressing import Context
from model.common.languages.sentences import say

log = logging.getLogger(__name__)

PRESENT = frozenset({ChatMember.MEMBER, ChatMember.ADMINISTRATOR})


async def greet(update: Update, context: Context) -> None:
    """Greet a group once, when somebody adds the bot: not when they make it an admin later.

    Told in the language of the person who added it.
    """
    change = update.my_chat_member
    if change is None or change.chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
        return
    before, after = change.old_chat_member.status, change.new_chat_member.status
    if before in PRESENT or after not in PRESENT:
        return
    # Admins get every message, whatever the privacy mode is.
    sees_all = context.bot.can_read_all_group_messages or after == ChatMember.ADMINISTRATOR
    greeting = "greeting-sees-all" if sees_all else "greeting-sees-few"
    text = say(language_of(change.from_user), greeting, name=context.bot.username)
    try:
        await context.bot.send_message(change.chat.id, text)
    except TelegramError as error:
        # A group that lets no bot write.
        log.info("Group %d is not greeted: %s", change.chat.id, error)
