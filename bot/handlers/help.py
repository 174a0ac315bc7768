"""/start and /help."""

from dataclasses import dataclass

from telegram import Message

from bot.replies import keyboards
from bot.replies.addressing import tell
from model.common.languages.sentences import say


@dataclass(frozen=True)
class Help:
    """Says what the bot can do, and to admins what only they may do."""

    admin_ids: frozenset[int]

    async def start(self, message: Message, language: str) -> None:
        """Greet somebody new, with a picture to try. What a deep link adds means nothing to us."""
        await tell(message, say(language, "start"), keyboards.sample(language))

    async def help(self, message: Message, language: str) -> None:
        """List what there is to do."""
        text = say(language, "help")
        if message.from_user and message.from_user.id in self.admin_ids:
            text += "\n\n" + say(language, "help-admin")
        await tell(message, text)
