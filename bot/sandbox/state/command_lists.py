"""The bot's command lists, by scope and language."""

import re

from bot.sandbox.bot_api.api_errors import bad_request, unsupported
from bot.sandbox.bot_api.objects import ApiObject
from bot.sandbox.bot_api.request import Json

MAX_COMMANDS = 100
MAX_DESCRIPTION = 256  # characters

PLAIN_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")

Scope = tuple[str, int]  # the type and, for "chat", the chat's id; else 0
DEFAULT: Scope = ("default", 0)


class BotCommand(ApiObject):
    """A command and what the menu says of it."""

    command: str = ""
    description: str = ""

    def checked(self) -> Json:
        """As the menu shows it. Raises ApiError 400 for what Telegram would not take."""
        description = self.description.strip()
        if not re.fullmatch(r"/?[a-z0-9_]{1,32}", self.command):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= MAX_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        return {"command": self.command.removeprefix("/"), "description": description}


class BotCommandScope(ApiObject):
    """For whom a list is that is not for one chat."""

    type: str = ""


class BotCommandScopeChat(BotCommandScope):
    """One chat."""

    chat_id: int | str = ""


class Commands:
    """Lists of BotCommand by scope and language code ("" for every other language)."""

    def __init__(self) -> None:
        self._lists: dict[tuple[Scope, str], list[Json]] = {}

    def set(self, scope: Scope, language: str, commands: list[Json]) -> None:
        """Replace one list; an empty one deletes it."""
        self._lists[scope, language] = commands

    def get(self, scope: Scope, language: str) -> list[Json]:
        """Exactly this scope's and language's list, else an empty one."""
        return self._lists.get((scope, language), [])

    def for_private_chat(self, chat_id: int, language: str) -> list[Json]:
        """What a person's menu shows, in the order that the Bot API documents."""
        for scope in (("chat", chat_id), ("all_private_chats", 0), DEFAULT):
            for code in (language, ""):
                if found := self.get(scope, code):
                    return found
        return []


def checked_scope(scope: Json | None) -> tuple[str, int | str | None]:
    """A BotCommandScope as its type and the chat_id that it names. Raises ApiError 400."""
    kind = "default" if scope is None else scope.get("type")
    if kind in ("chat_administrators", "chat_member"):
        raise unsupported(f'the command scope "{kind}"')
    if kind == "chat":
        chat_id = BotCommandScopeChat.model_validate(scope).chat_id
        if not chat_id:
            raise bad_request("can't parse BotCommandScope: chat_id is empty")
        return kind, chat_id
    if kind not in PLAIN_SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    return BotCommandScope.model_validate(scope or {"type": kind}).type, None


def checked_commands(commands: list[BotCommand]) -> list[Json]:
    """The list, if each is a BotCommand that Telegram would take. Raises ApiError 400."""
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [command.checked() for command in commands]


def checked_language(code: str) -> str:
    """An ISO 639-1 code or nothing. Raises ApiError 400."""
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("invalid language code specified")
    return code
