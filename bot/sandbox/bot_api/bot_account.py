"""The methods about the bot itself: its identity, commands, texts and chats."""

from typing import Any

from pydantic import create_model

from bot.sandbox.bot_api.api_errors import bad_request, unsupported
from bot.sandbox.bot_api.content import ToChat
from bot.sandbox.bot_api.method import Method, method
from bot.sandbox.bot_api.objects import Integer, ListOf, ObjectOf, Parameters
from bot.sandbox.bot_api.request import Json
from bot.sandbox.state.command_lists import Scope, checked_commands, checked_language, checked_scope
from bot.sandbox.state.profile import Part
from bot.sandbox.telegram import BOT, Sandbox

LONGEST: dict[Part, int] = {"name": 64, "description": 512, "short_description": 120}


class _Language(Parameters):
    language_code: str = ""


class _CommandList(_Language):
    scope: ObjectOf[Json] | None = None


class _Commands(_CommandList):
    commands: ListOf[Json]


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
        "first_name": sandbox.profile.name(),
        "can_join_groups": True,
        "can_read_all_group_messages": not sandbox.group.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method
async def log_out(sandbox: Sandbox, given: Parameters) -> bool:  # noqa: ARG001 - it takes none
    """Leave this Bot API server; the sandbox has nothing to do for it."""
    return True


@method
async def close(sandbox: Sandbox, given: Parameters) -> bool:  # noqa: ARG001 - it takes none
    """Close the bot's instance; the sandbox has nothing to do for it."""
    return True


@method
async def set_my_commands(sandbox: Sandbox, given: _Commands) -> bool:
    """Replace the command list of a scope and language."""
    return _put(sandbox, given, checked_commands(given.commands))


@method
async def delete_my_commands(sandbox: Sandbox, given: _CommandList) -> bool:
    """Remove the command list of a scope and language."""
    return _put(sandbox, given, [])


@method
async def get_my_commands(sandbox: Sandbox, given: _CommandList) -> list[Json]:
    """The command list of exactly this scope and language."""
    return sandbox.commands.get(_scope(sandbox, given), checked_language(given.language_code))


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
async def get_chat(sandbox: Sandbox, given: ToChat) -> Json:
    """What is known of a chat: the Bot API's ChatFullInfo."""
    chat = sandbox.chat_of(sandbox.conversation(given.chat_id))
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    return {
        **chat,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


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


def _put(sandbox: Sandbox, given: _CommandList, commands: list[Json]) -> bool:
    sandbox.commands.set(_scope(sandbox, given), checked_language(given.language_code), commands)
    sandbox.tell_everybody({"kind": "commands"})
    return True


def _scope(sandbox: Sandbox, given: _CommandList) -> Scope:
    kind, chat_id = checked_scope(given.scope)
    return kind, 0 if chat_id is None else sandbox.conversation(chat_id).chat_id


def _profile_methods(part: Part, title: str) -> tuple[Method, Method]:
    """The pair setMy… and getMy… of one text."""
    fields: dict[str, Any] = {part: (str, "")}
    text = create_model("Text", __base__=_Language, **fields)

    async def set_text(sandbox: Sandbox, given: Any) -> bool:
        new = getattr(given, part)
        if len(new) > LONGEST[part]:
            raise bad_request(f"{part.replace('_', ' ')} is too long")
        sandbox.profile.set(part, checked_language(given.language_code), new)
        sandbox.tell_everybody({"kind": "commands"})
        return True

    async def get_text(sandbox: Sandbox, given: _Language) -> Json:
        return {part: sandbox.profile.get(part, checked_language(given.language_code))}

    return (
        Method(f"setMy{title}", text, set_text),
        Method(f"getMy{title}", _Language, get_text),
    )


METHODS = (
    get_me,
    log_out,
    close,
    set_my_commands,
    delete_my_commands,
    get_my_commands,
    set_chat_menu_button,
    get_chat,
    get_chat_member,
    *_profile_methods("name", "Name"),
    *_profile_methods("description", "Description"),
    *_profile_methods("short_description", "ShortDescription"),
)
