"""The bot's connection to Telegram, or to whatever speaks its Bot API at TELEGRAM_API_URL."""

import logging
from typing import Any
from urllib.parse import urlsplit

from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.rates import Rates
from bot.settings import BotSettings

log = logging.getLogger(__name__)

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Client(ExtBot[int]):
    """A Bot that lives with servers that are stricter, or know less, than Telegram's own."""

    async def delete_webhook(self, *args: Any, **kwargs: Any) -> bool:
        """Make updates wait for polling. A server that knows no webhooks has none to delete."""
        try:
            return await super().delete_webhook(*args, **kwargs)
        except TelegramError as error:
            log.warning("deleteWebhook: %s", error)
            return False

    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:
        """Poll for updates.

        Raises NetworkError for a 401 or 404: the token was right at the start, so the server is in
        trouble, and after InvalidToken the updater would never poll again.
        """
        try:
            return await super().get_updates(*args, **kwargs)
        except InvalidToken as error:
            raise NetworkError(f"getUpdates: {error}") from error
        except Conflict as error:
            if "webhook" in error.message.lower():
                await self.delete_webhook()
            raise


def connect(settings: BotSettings) -> Client:
    """Make the client; nothing is sent yet."""
    # A proxy in the environment is for the world outside, not for a sandbox beside us.
    local = urlsplit(settings.telegram_api_url).hostname in LOCAL
    options: dict[str, Any] = {
        "pool_timeout": 30,
        "read_timeout": 20,
        "write_timeout": 20,
        "httpx_kwargs": {"trust_env": not local},
    }
    return Client(
        settings.telegram_token.get_secret_value(),
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=HTTPXRequest(connection_pool_size=64, **options),
        get_updates_request=HTTPXRequest(connection_pool_size=1, **options),
        rate_limiter=Rates(),
    )
