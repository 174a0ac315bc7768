"""The bot's descriptions and command menus, in every language."""

import logging

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    MenuButtonCommands,
)
from telegram.error import TelegramError

from model.common.languages import DEFAULT, LANGUAGES
from model.common.languages.sentences import say

log = logging.getLogger(__name__)

# In the order of the menus.
FOR_ALL = ("classes", "what", "model", "help", "undo", "details", "privacy", "forget")
FOR_ADMINS = (*FOR_ALL, "status", "stats", "models", "rollback", "retrain", "cancel")
# As Telegram has them: without a code it is for all languages that have none of their own.
CODES = {language: None if language == DEFAULT else language for language in LANGUAGES}


async def publish(bot: Bot, admin_ids: frozenset[int]) -> None:
    """Set descriptions and menus. What is refused is logged and left out: all works without."""
    await _describe(bot)
    await _set(bot, FOR_ALL, BotCommandScopeDefault(), "everybody")
    for admin in sorted(admin_ids):
        # Refused for an admin who never wrote to the bot.
        await _set(bot, FOR_ADMINS, BotCommandScopeChat(admin), f"admin {admin}")


async def _describe(bot: Bot) -> None:
    """The texts of an empty chat and of the bot's profile, and the menu button."""
    try:
        for language, code in CODES.items():
            await bot.set_my_description(say(language, "description"), language_code=code)
            short = say(language, "short-description")
            await bot.set_my_short_description(short, language_code=code)
        await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    except TelegramError as error:
        log.warning("The bot's description is not set: %s", error)


async def _set(bot: Bot, menu: tuple[str, ...], scope: BotCommandScope, whose: str) -> None:
    for language, code in CODES.items():
        commands = [BotCommand(name, say(language, f"command-{name}")) for name in menu]
        try:
            await bot.set_my_commands(commands, scope=scope, language_code=code)
        except TelegramError as error:
            log.warning("The menu of commands for %s is not set: %s", whose, error)
            return
