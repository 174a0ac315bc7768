"""The menu of commands that Telegram shows: per language, and the admins' own in their chats."""

import logging

from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeChat, BotCommandScopeDefault
from telegram.error import TelegramError

from bot.i18n.messages import DEFAULT, say
from model.common.labels import LANGUAGES

log = logging.getLogger(__name__)

FOR_ALL = {
    "classes": "command-classes",
    "model": "command-model",
    "help": "command-help",
    "undo": "command-undo",
    "details": "command-details",
    "privacy": "command-privacy",
    "forget": "command-forget",
}
FOR_ADMINS = FOR_ALL | {
    "status": "command-status",
    "models": "command-models",
    "rollback": "command-rollback",
    "retrain": "command-retrain",
    "cancel": "command-cancel",
}


async def publish(bot: Bot, admin_ids: frozenset[int]) -> None:
    """Set every menu. One that is refused is logged and left out: the commands work without."""
    await _set(bot, FOR_ALL, BotCommandScopeDefault(), "everybody")
    for admin in sorted(admin_ids):
        # Refused for an admin who never wrote to the bot.
        await _set(bot, FOR_ADMINS, BotCommandScopeChat(admin), f"admin {admin}")


async def _set(bot: Bot, menu: dict[str, str], scope: BotCommandScope, whose: str) -> None:
    for language in LANGUAGES:
        commands = [BotCommand(name, say(language, text)) for name, text in menu.items()]
        # Without a language code it is the menu for all languages that have none of their own.
        code = None if language == DEFAULT else language
        try:
            await bot.set_my_commands(commands, scope=scope, language_code=code)
        except TelegramError as error:
            log.warning("The menu of commands for %s is not set: %s", whose, error)
            return
