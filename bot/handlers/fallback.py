"""Everything else: one helpful sentence for each kind of message."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import CallbackQuery, Update
from telegram.ext import MessageHandler, filters

from bot.i18n.language import language_of
from bot.replies.addressing import ADDRESSED, NEW, Context, Handler, acknowledge, pressed, reply
from model.common.languages.sentences import say

# The first that fits counts.
KINDS: tuple[tuple[filters.BaseFilter, str], ...] = (
    (filters.COMMAND & (filters.FORWARDED | filters.VIA_BOT), "other-forwarded-command"),
    (filters.COMMAND, "other-command"),
    (filters.VIDEO | filters.VIDEO_NOTE | filters.ANIMATION, "other-video"),
    (filters.Sticker.ALL, "other-sticker"),
    (filters.Document.ALL, "other-document"),
    (filters.VOICE | filters.AUDIO, "other-voice"),
    (filters.TEXT, "other-text"),
    # Not what Telegram itself writes: somebody joined, a message was pinned.
    (~filters.StatusUpdate.ALL, "other-anything"),
)


def handlers() -> list[Handler]:
    """The handlers to register, after all others."""
    return [
        *(MessageHandler(NEW & ADDRESSED & kind, _saying(sentence)) for kind, sentence in KINDS),
        pressed(None, _unknown_button),
    ]


async def _unknown_button(query: CallbackQuery, language: str) -> None:
    """A button of another version of this bot."""
    await acknowledge(query, say(language, "other-button"), alert=True)


def _saying(sentence: str) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    async def handler(update: Update, _context: Context) -> None:
        if message := update.effective_message:
            await reply(message, say(language_of(update.effective_user), sentence))

    return handler
