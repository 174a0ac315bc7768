"""The methods about the bot itself: its identity, commands, texts and standing."""

from typing import Annotated

from pydantic import AfterValidator

from bot.sandbox.bot_api.api_errors import bad_request, unsupported
from bot.sandbox.bot_api.content import ToChat
from bot.sandbox.bot_api.method import method
from bot.sandbox.bot_api.objects import Integer, ListOf, ObjectOf, Parameters
from bot.sandbox.bot_api.request import Json
from bot.sandbox.state.command_lists import (
    BotCommand,
    Scope,
    checked_commands,
    checked_language,
    checked_scope,
)
from bot.sandbox.state.profile import Part
from bot.sandbox.telegram import BOT, Sandbox

LONGEST: dict[Part, int] = {"description": 512, "short_description": 120}


class _Language(Parameters):
    language_code: Annotated[str, AfterValidator(checked_language)] = ""


class _CommandList(_Language):
    scope: ObjectOf[Json] | None = None


class _Commands(_CommandList):
    commands: ListOf[BotCommand]


class _Description(_Language):
    description: str = ""


class _ShortDescription(_Language):
    short_description: str = ""


class _MenuButton(Parameters):
    chat_id: str | None = None
    menu_button: ObjectOf[Json] | None = None


class _Member(ToChat):
    user_id: Integer


@method
async def get_me(sandbox: Sandbox, given: Parameters) -> Json:  # noqa: ARG001 - it takes none
    """Who the bot is."""
    return {
        **BOT,
        "can_join_groups": True,
        "can_read_all_group_messages": not sandbox.group.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method
async def set_my_commands(sandbox: Sandbox, given: _Commands) -> bool:
    """Replace the command list of a scope and language; an empty one deletes it."""
    commands = checked_commands(given.commands)
    sandbox.commands.set(_scope(sandbox, given), given.language_code, commands)
    sandbox.tell_everybody({"kind": "commands"})
    return True


@method
async def get_my_commands(sandbox: Sandbox, given: _CommandList) -> list[Json]:
    """The command list of exactly this scope and language."""
    return sandbox.commands.get(_scope(sandbox, given), given.language_code)


@method
async def set_chat_menu_button(sandbox: Sandbox, given: _MenuButton) -> bool:
    """Choose what the button next to the text field opens; here it is always the commands."""
    if given.chat_id is not None:
        sandbox.conversation(given.chat_id)
    kind = (given.menu_button or {"type": "default"}).get("type")
    if kind == "web_app":
        raise unsupported("a menu button that opens a web app")
    if kind not in ("commands", "default"):
        raise bad_request("can't parse menu button: unsupported type specified")
    return True


@method
async def get_chat_member(sandbox: Sandbox, given: _Member) -> Json:
    """Somebody's standing in the group: the Bot API's ChatMember."""
    conversation = sandbox.open_conversation(given.chat_id)
    person = sandbox.people.get(given.user_id)
    if conversation.chat_id > 0 or person is None:
        raise bad_request("user not found")
    status = sandbox.group.status_of(person)
    owner = {"is_anonymous": False} if status == "creator" else {}
    return {"user": person.user, "status": status, **owner}


@method
async def set_my_description(sandbox: Sandbox, given: _Description) -> bool:
    """Choose what an empty chat says of the bot."""
    return _say(sandbox, "description", given.language_code, given.description)


@method
async def set_my_short_description(sandbox: Sandbox, given: _ShortDescription) -> bool:
    """Choose what the bot's profile says of it."""
    return _say(sandbox, "short_description", given.language_code, given.short_description)


def _scope(sandbox: Sandbox, given: _CommandList) -> Scope:
    kind, chat_id = checked_scope(given.scope)
    return kind, 0 if chat_id is None else sandbox.conversation(chat_id).chat_id


def _say(sandbox: Sandbox, part: Part, language: str, text: str) -> bool:
    if len(text) > LONGEST[part]:
        raise bad_request(f"{part.replace('_', ' ')} is too long")
    sandbox.profile.set(part, language, text)
    sandbox.tell_everybody({"kind": "commands"})
    return True
