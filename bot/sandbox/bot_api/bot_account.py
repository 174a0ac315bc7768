"""The methods about the bot itself: its identity, commands, texts and chats."""

from bot.sandbox.bot_api.api_errors import bad_request, unsupported
from bot.sandbox.bot_api.method import Method, method
from bot.sandbox.bot_api.parameters import Json, Kind, integer, json_object, objects, string
from bot.sandbox.state.command_lists import Scope, checked_commands, checked_language, checked_scope
from bot.sandbox.state.profile import Part
from bot.sandbox.telegram import BOT, Sandbox

LIST: dict[str, Kind] = {"scope": json_object, "language_code": string}
LONGEST: dict[Part, int] = {"name": 64, "description": 512, "short_description": 120}


@method("getMe")
async def get_me(sandbox: Sandbox, given: Json) -> Json:  # noqa: ARG001 - it takes none
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


@method("logOut")
async def log_out(sandbox: Sandbox, given: Json) -> bool:  # noqa: ARG001 - it takes none
    """Leave this Bot API server; the sandbox has nothing to do for it."""
    return True


@method("close")
async def close(sandbox: Sandbox, given: Json) -> bool:  # noqa: ARG001 - it takes none
    """Close the bot's instance; the sandbox has nothing to do for it."""
    return True


@method("setMyCommands", required={"commands": objects}, optional=LIST)
async def set_my_commands(sandbox: Sandbox, given: Json) -> bool:
    """Replace the command list of a scope and language."""
    commands = checked_commands(given["commands"])
    return _put(sandbox, given, commands)


@method("deleteMyCommands", optional=LIST)
async def delete_my_commands(sandbox: Sandbox, given: Json) -> bool:
    """Remove the command list of a scope and language."""
    return _put(sandbox, given, [])


@method("getMyCommands", optional=LIST)
async def get_my_commands(sandbox: Sandbox, given: Json) -> list[Json]:
    """The command list of exactly this scope and language."""
    return sandbox.commands.get(_scope(sandbox, given), _language(given))


@method("setChatMenuButton", optional={"chat_id": string, "menu_button": json_object})
async def set_chat_menu_button(sandbox: Sandbox, given: Json) -> bool:
    """Choose what the button next to the text field opens; here it is always the commands."""
    if "chat_id" in given:
        sandbox.conversation(given["chat_id"])
    kind = given.get("menu_button", {"type": "default"}).get("type")
    if kind == "web_app":
        raise unsupported("a menu button that opens a web app")
    if kind not in ("commands", "default"):
        raise bad_request("can't parse menu button: unsupported type specified")
    return True


@method("getChat", required={"chat_id": string})
async def get_chat(sandbox: Sandbox, given: Json) -> Json:
    """What is known of a chat: the Bot API's ChatFullInfo."""
    chat = sandbox.chat_of(sandbox.conversation(given["chat_id"]))
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


@method("getChatMember", required={"chat_id": string, "user_id": integer})
async def get_chat_member(sandbox: Sandbox, given: Json) -> Json:
    """Somebody's standing in the group: the Bot API's ChatMember."""
    conversation = sandbox.open_conversation(given["chat_id"])
    person = sandbox.people.get(given["user_id"])
    if conversation.chat_id > 0 or person is None:
        raise bad_request("user not found")
    status = sandbox.group.status_of(person)
    owner = {"is_anonymous": False} if status == "creator" else {}
    return {"user": person.user, "status": status, **owner}


def _put(sandbox: Sandbox, given: Json, commands: list[Json]) -> bool:
    sandbox.commands.set(_scope(sandbox, given), _language(given), commands)
    for person_id in sandbox.people:
        sandbox.events.publish(person_id, {"kind": "commands"})
    return True


def _scope(sandbox: Sandbox, given: Json) -> Scope:
    kind, chat_id = checked_scope(given.get("scope"))
    return kind, 0 if chat_id is None else sandbox.conversation(chat_id).chat_id


def _language(given: Json) -> str:
    return checked_language(given.get("language_code", ""))


def _profile_methods(part: Part, title: str) -> tuple[Method, Method]:
    """The pair setMy… and getMy… of one text."""

    @method(f"setMy{title}", optional={part: string, "language_code": string})
    async def set_text(sandbox: Sandbox, given: Json) -> bool:
        text = given.get(part, "")
        if len(text) > LONGEST[part]:
            raise bad_request(f"{part.replace('_', ' ')} is too long")
        sandbox.profile.set(part, _language(given), text)
        for person_id in sandbox.people:
            sandbox.events.publish(person_id, {"kind": "commands"})
        return True

    @method(f"getMy{title}", optional={"language_code": string})
    async def get_text(sandbox: Sandbox, given: Json) -> Json:
        return {part: sandbox.profile.get(part, _language(given))}

    return set_text, get_text


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
