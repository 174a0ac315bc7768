"""The bot's connection to Telegram, or to another Bot API server at TELEGRAM_API_URL."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
from telegram.ext import ExtBot

from bot.settings import LOCAL, BotSettings
from bot.transport.environment import proxy_for, ssl_context
from bot.transport.http import PollRequest, Request
from bot.transport.rate_limiter import Rates

log = logging.getLogger(__name__)

# The most updates that Telegram returns in one poll; a full poll means that it has more.
FULL_POLL = 100
# Nothing but full polls for this long is a flood. A backlog from while the bot was away is none: it
# is soon worked through.
FLOOD_SECONDS = 10.0
# Seconds without a word from Telegram. A call gets plenty: Telegram may accept a picture after half
# a minute, and giving up before its "ok" would send the picture twice.
CALL_SECONDS = 60.0
POLL_SECONDS = 20.0  # beyond those that the poll itself may take


class TelegramClient(ExtBot[int]):
    """A Bot that copes with servers that are stricter or less complete than Telegram's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._receive: Callable[[Sequence[Update]], Awaitable[None]] | None = None
        self._full_since: float | None = None

    def hand_over(self, receive: Callable[[Sequence[Update]], Awaitable[None]]) -> None:
        """Await `receive` with the updates of each poll, before the library gets them."""
        self._receive = receive

    def flooded(self) -> bool:
        """Whether Telegram has had more updates than a poll could bring, for a while now."""
        return self._full_since is not None and monotonic() - self._full_since > FLOOD_SECONDS

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
        trouble, and after InvalidToken the updater would never poll again. The same for an error
        that nobody expected: the updater would poll again at once, forever.
        """
        try:
            updates = await super().get_updates(*args, **kwargs)
            self._note_flood(len(updates))
            if self._receive and updates:
                await self._receive(updates)
        except InvalidToken as error:
            raise NetworkError(f"getUpdates: {error}") from error
        except Conflict as error:
            if "webhook" in error.message.lower():
                await self.delete_webhook()
            raise
        except TelegramError:
            raise
        except Exception as error:
            log.error("A poll failed: %r", error, exc_info=error)
            raise NetworkError(f"getUpdates: {error!r}") from error
        return updates

    def _note_flood(self, polled: int) -> None:
        if polled < FULL_POLL:
            self._full_since = None
        elif self._full_since is None:
            self._full_since = monotonic()


def connect(settings: BotSettings) -> TelegramClient:
    """Make the client; nothing is sent yet."""
    # A proxy in the environment is for the world outside, not for a sandbox on this machine.
    local = urlsplit(settings.telegram_api_url).hostname in LOCAL
    options: dict[str, Any] = {
        "pool_timeout": 30,
        "write_timeout": 20,
        "proxy": None if local else proxy_for(settings.telegram_api_url),
        # One context for both: to read the certificates takes some 20 ms and 1 MB.
        "httpx_kwargs": {"trust_env": False, "verify": ssl_context(trust_env=not local)},
    }
    return TelegramClient(
        settings.telegram_token.get_secret_value(),
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=Request(connection_pool_size=64, read_timeout=CALL_SECONDS, **options),
        get_updates_request=PollRequest(
            connection_pool_size=1, read_timeout=POLL_SECONDS, **options
        ),
        rate_limiter=Rates(),
    )
