"""A bot that Telegram posts to, and posts that are not Telegram's."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from bot.sandbox.telegram import GUEST
from bot.transport.webhook import SECRET_HEADER
from model.common.queue import keys
from tests.helpers.bot.running import Parts, assembled
from tests.helpers.endpoints import free_port
from tests.helpers.redis import Client, connect

SECRET = "a-secret-of-32-characters_or_more-for-tests"


@dataclass
class Posting:
    """The bot's webhook from outside."""

    parts: Parts
    url: str
    client: Client

    async def post(self, body: bytes | None = None, **more: Any) -> httpx.Response:
        """Post as Telegram does, but for what `more` says of the request."""
        request = {
            "method": "POST",
            "url": self.url,
            "headers": {SECRET_HEADER: SECRET, "Content-Type": "application/json"},
            "content": json.dumps(forged()).encode() if body is None else body,
        }
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.request(**request | more)

    def kept(self) -> int:
        """How much there is in Redis of what anybody sent, or was told."""
        client: Any = self.client
        streams = (keys.PHOTOS, keys.WAITING, keys.ANSWERS, keys.DEAD)
        updates = client.hlen(keys.UPDATES) + client.zcard(keys.UPDATES_SEEN)
        return int(updates + sum(client.xlen(stream) for stream in streams))


def forged(number: int = 1, text: str = "/start", **more: Any) -> dict[str, Any]:
    """An update in which the guest says something."""
    message = {
        "message_id": number,
        "date": 1_700_000_000,
        "chat": {"id": GUEST.id, "type": "private", "first_name": "Guest"},
        "from": {"id": GUEST.id, "is_bot": False, "first_name": "Guest"},
        "text": text,
    }
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    return {"update_id": number, "message": message | more}


@asynccontextmanager
async def posting(redis_url: str) -> AsyncIterator[Posting]:
    """The sandbox is up, the bot that will have a webhook is not yet."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/telegram/updates"
    settings = {"webhook_url": url, "webhook_secret": SECRET, "webhook_port": port}
    async with assembled(redis_url, **settings) as parts:
        with connect(redis_url) as client:
            yield Posting(parts, url, client)
