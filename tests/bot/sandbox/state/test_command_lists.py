"""Command lists by scope and language, as the Bot API documents their order."""

from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)

from tests.bot.sandbox.conftest import Http
from tests.helpers.bot.sandbox import ADMIN, GUEST, Sandbox


def names(commands: list[dict[str, Any]]) -> list[str]:
    return [command["command"] for command in commands]


async def test_the_narrowest_list_in_the_persons_language_wins(bot: Bot, sandbox: Sandbox) -> None:
    """Each list is set after those that it must beat."""
    private, chat = BotCommandScopeAllPrivateChats(), BotCommandScopeChat(GUEST.id)
    sandbox.set_language(GUEST.id, "es")
    assert sandbox.commands_for(GUEST.id) == []
    for number, (scope, language) in enumerate(
        [
            (None, None), (None, "es"), (private, None), (private, "es"), (chat, None), (chat, "es")
        ]
    ):  # fmt: skip
        command = BotCommand(f"c{number}", "x")
        assert await bot.set_my_commands([command], scope=scope, language_code=language)
        assert names(sandbox.commands_for(GUEST.id)) == [f"c{number}"]
        assert await bot.get_my_commands(scope, language) == (command,)
    assert names(sandbox.commands_for(ADMIN.id)) == ["c2"]
    sandbox.set_language(GUEST.id, "fr")
    assert names(sandbox.commands_for(GUEST.id)) == ["c4"]
    await bot.set_my_commands([], scope=chat)
    assert names(sandbox.commands_for(GUEST.id)) == ["c2"]
    assert await bot.get_my_commands(chat) == ()


async def test_other_chats_lists_are_kept_but_not_shown(bot: Bot, sandbox: Sandbox) -> None:
    for scope in (BotCommandScopeAllGroupChats(), BotCommandScopeAllChatAdministrators()):
        await bot.set_my_commands([("group", "For groups")], scope=scope)
        assert [each.command for each in await bot.get_my_commands(scope)] == ["group"]
    assert sandbox.commands_for(GUEST.id) == []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"commands": [{"command": "Start", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a", "description": " "}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "a", "description": "x" * 257}]}, "DESCRIPTION_INVALID"),
        ({"commands": [{"command": "a", "description": 1}]}, "must be a String"),
        ({"commands": [{"command": "a", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": ["a"]}, "must be a JSON array of objects"),
        ({"commands": [], "language_code": "english"}, "language code"),
        ({"commands": [], "scope": {"type": "everywhere"}}, "unsupported type"),
        ({"commands": [], "scope": {"type": "chat"}}, "chat_id is empty"),
        ({"commands": [], "scope": {"type": "chat", "chat_id": 7}}, "chat not found"),
        ({"commands": [], "scope": {"type": "default", "chat_id": 7}}, 'unknown field "chat_id"'),
        ({"commands": [], "scope": {"type": "chat_member", "chat_id": 7}}, "does not support"),
    ],
)
async def test_wrong_lists_are_refused(http: Http, wrong: dict[str, Any], reason: str) -> None:
    status, description = await http.refused("setMyCommands", **wrong)
    assert status == 400
    assert reason in description
