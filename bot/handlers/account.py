"""/privacy: what is kept of a person's messages."""

from telegram import Update
from telegram.ext import CommandHandler

from bot.handlers.replies import NEW, Context, Handler, tell
from bot.texts import language_of, say


def handlers() -> list[Handler]:
    """The handlers to register."""
    return [CommandHandler("privacy", privacy, NEW)]


async def privacy(update: Update, _context: Context) -> None:
    """Say what becomes of a photo."""
    if message := update.effective_message:
        await tell(message, say(language_of(update.effective_user), "privacy"))
