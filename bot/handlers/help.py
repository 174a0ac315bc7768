"""/start and /help."""

from telegram import Message

from bot.replies import keyboards
from bot.replies.addressing import Handler, command, tell
from model.common.languages.sentences import say


class Help:
    """Says what the bot can do, and to admins what only they may do."""

    def __init__(self, admin_ids: frozenset[int]) -> None:
        self._admin_ids = admin_ids

    def handlers(self) -> list[Handler]:
        """The handlers to register."""
        return [command("start", self.start), command("help", self.help)]

    async def start(self, message: Message, language: str) -> None:
        """Greet somebody new, with a picture to try. What a deep link adds means nothing to us."""
        await tell(message, say(language, "start"), keyboards.sample(language))

    async def help(self, message: Message, language: str) -> None:
        """List what there is to do."""
        text = say(language, "help")
        if message.from_user and message.from_user.id in self._admin_ids:
            text += "\n\n" + say(language, "help-admin")
        await tell(message, text)
