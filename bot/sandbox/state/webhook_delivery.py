"""Delivery of updates to the bot's webhook."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

from bot.sandbox.bot_api.request import Json
from bot.sandbox.state.update_queue import Updates

FIRST_RETRY = 0.2  # seconds; doubled at each failure
LAST_RETRY = 30.0
ANSWER_SECONDS = 60.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
OK_STATUSES = range(200, 300)


@dataclass(slots=True)
class WebhookSubscription:
    """The address that updates are sent to, unless `url` is empty."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    last_error_date: int | None = None
    last_error_message: str | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def set(self, url: str, secret_token: str, max_connections: int) -> None:
        """Send updates to `url` from now on; to nowhere if it is empty."""
        self.url = url
        self.secret_token = secret_token
        self.max_connections = max_connections
        self.last_error_date = self.last_error_message = None
        self.changed.set()

    def failed(self, reason: str) -> None:
        """Note why a delivery failed, for getWebhookInfo."""
        self.last_error_date = int(time.time())
        self.last_error_message = reason


async def deliver(webhook: WebhookSubscription, updates: Updates) -> None:
    """Send pending updates one after the other, forever, each until it is accepted.

    Telegram would open up to `max_connections` at once; one keeps the order plain.
    """
    retry = FIRST_RETRY
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(ANSWER_SECONDS)) as session:
        while True:
            webhook.changed.clear()
            updates.arrived.clear()
            if not webhook.url or not updates.pending:
                await updates.arrived.wait()
                continue
            update, url = updates.pending[0], webhook.url
            problem = await _attempt(session, webhook, update)
            if webhook.url != url:
                continue
            if problem is None:
                updates.confirm(update["update_id"] + 1)
                retry = FIRST_RETRY
                continue
            webhook.failed(problem)
            with suppress(TimeoutError):
                await asyncio.wait_for(webhook.changed.wait(), retry)
            retry = min(2 * retry, LAST_RETRY)


async def _attempt(
    session: aiohttp.ClientSession, webhook: WebhookSubscription, update: Json
) -> str | None:
    headers = {SECRET_HEADER: webhook.secret_token} if webhook.secret_token else {}
    try:
        async with session.post(
            webhook.url, json=update, headers=headers, allow_redirects=False
        ) as answer:
            if answer.status in OK_STATUSES:
                return None
            return f"Wrong response from the webhook: {answer.status} {answer.reason}"
    except aiohttp.ClientConnectionError:
        return "Connection refused"
    except TimeoutError:
        return "Read timeout expired"
    except aiohttp.ClientError as error:
        return f"Failed: {type(error).__name__}"
