"""Unexpected errors: one log entry, one sentence to the person."""

import logging
from contextlib import suppress

from telegram import Update
from telegram.error import Forbidden, TelegramError

from bot.i18n.language import language_of
from bot.replies.addressing import ADDRESSED, Context, acknowledge, reply
from bot.transport.rate_limiter import may_have_arrived
from bot.transport.updates import mark
from model.common.languages.sentences import say

log = logging.getLogger(__name__)


async def report(update: object, context: Context) -> None:
    """Log the error with the update's name, and tell the person who caused it, also by a button."""
    if not isinstance(update, Update):
        log.error("Something failed outside of any update.", exc_info=context.error)
        return
    if isinstance(context.error, Forbidden):
        log.info("Update %s: Telegram does not let us answer: %s", mark(update), context.error)
        return
    if isinstance(context.error, TelegramError) and may_have_arrived(context.error):
        # Rather nothing more than "something went wrong" below the answer.
        log.warning("Update %s counts as answered; Telegram did not confirm.", mark(update))
        return
    log.error("Update %s failed.", mark(update), exc_info=context.error)
    text = say(language_of(update.effective_user), "error")
    message = update.message
    with suppress(TelegramError):
        if update.callback_query:
            await acknowledge(update.callback_query, text, alert=True)
        elif message and ADDRESSED.filter(message):
            await reply(message, text)
