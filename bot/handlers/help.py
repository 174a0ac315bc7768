"""/start and /help."""

from telegram import Update
from telegram.ext import CommandHandler

from bot.i18n.messages import language_of, say
from bot.replies import keyboards
from bot.replies.addressing import OWN, Context, Handler, tell


class Help:
    """Says what the bot can do, and to admins what only they may do."""

    def __init__(self, admin_ids: frozenset[int]) -> None:
        self._admin_ids = admin_ids

    def handlers(self) -> list[Handler]:
        """The handlers to register."""
        return [CommandHandler("start", self.start, OWN), CommandHandler("help", self.help, OWN)]

    async def start(self, update: Update, _context: Context) -> None:
        """Greet somebody new, with a picture to try. What a deep link adds means nothing to us."""
        if message := update.effective_message:
            language = language_of(update.effective_user)
            await tell(message, say(language, "start"), keyboards.sample(language))

    async def help(self, update: Update, _context: Context) -> None:
        """List what there is to do."""
        user, message = update.effective_user, update.effective_message
        if message is None:
            return
        language = language_of(user)
        text = say(language, "help")
        if user and user.id in self._admin_ids:
            text += "\n\n" + say(language, "help-admin")
        await tell(message, text)
