"""Somebody who chats with the bot."""

from dataclasses import dataclass

from bot.sandbox.bot_api.request import Json


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who chats with the bot. `admin` is for display: the bot has its own ADMIN_IDS."""

    id: int
    first_name: str
    language_code: str = "en"
    admin: bool = False

    @property
    def user(self) -> Json:
        """The Bot API's User."""
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            "language_code": self.language_code,
        }

    @property
    def chat(self) -> Json:
        """The Bot API's Chat: the private one with the bot."""
        return {"id": self.id, "first_name": self.first_name, "type": "private"}


GUEST = Person(1001, "Guest")
ADMIN = Person(1002, "Admin", admin=True)
