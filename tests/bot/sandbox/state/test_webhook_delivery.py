"""Delivery to a real receiver on this machine."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, Update
from telegram.error import Conflict

from bot.sandbox.state import webhook_delivery
from tests.bot.sandbox.conftest import Http
from tests.helpers.bot.sandbox import GUEST, Sandbox
from tests.helpers.waiting import until


@dataclass
class Receiver:
    """Records what arrives; `statuses` are answered one after the other, then 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    came: asyncio.Queue[tuple[str | None, Any]] = field(default_factory=asyncio.Queue)

    async def receive(self, request: web.Request) -> web.Response:
        self.came.put_nowait(
            (request.headers.get(webhook_delivery.SECRET_HEADER), await request.json())
        )
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status, headers={"Location": "/elsewhere"})


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_updates_are_delivered_in_order_with_the_secret(
    bot: Bot, sandbox: Sandbox, receiver: Receiver
) -> None:
    await sandbox.send_text(GUEST.id, "before")
    await bot.set_webhook(receiver.url, secret_token="open-sesame")
    await sandbox.send_text(GUEST.id, "after")
    for text in ("before", "after"):
        secret, body = await receiver.came.get()
        update = Update.de_json(body, bot)
        assert secret == "open-sesame"
        assert update.message is not None
        assert update.message.text == text
    info = await bot.get_webhook_info()
    assert info.url == receiver.url
    assert info.max_connections == 40


async def test_a_delivery_is_tried_again_until_accepted(
    bot: Bot, sandbox: Sandbox, receiver: Receiver
) -> None:
    receiver.statuses = [500, 302]
    await bot.set_webhook(receiver.url)
    await sandbox.send_text(GUEST.id, "persistent")
    bodies = [(await receiver.came.get())[1] for _ in range(3)]
    assert bodies[0] == bodies[1] == bodies[2]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 302 Found"
    await until(lambda: not sandbox.updates.pending)
    assert receiver.came.empty()


async def test_polling_and_webhook_exclude_each_other(
    bot: Bot, http: Http, sandbox: Sandbox, receiver: Receiver
) -> None:
    poll = asyncio.create_task(http.refused("getUpdates", timeout=30))
    await until(lambda: sandbox.updates.polled)
    await bot.set_webhook(receiver.url)
    assert await poll == (409, "Conflict: terminated by setWebhook request")
    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_pending_updates_can_be_dropped(
    bot: Bot, sandbox: Sandbox, receiver: Receiver
) -> None:
    await sandbox.send_text(GUEST.id, "dropped")
    await bot.set_webhook(receiver.url, drop_pending_updates=True)
    await sandbox.send_text(GUEST.id, "kept")
    assert (await receiver.came.get())[1]["message"]["text"] == "kept"
    await bot.delete_webhook()
    await sandbox.send_text(GUEST.id, "dropped too")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"url": "http://example.org/hook"}, "An HTTPS URL must be provided"),
        ({"url": "ftp://127.0.0.1/"}, "An HTTPS URL must be provided"),
        ({"url": "hook"}, "invalid URL"),
        ({"url": "http://[::1/"}, "invalid URL"),
        ({"url": "", "secret_token": "ä"}, "secret token contains unallowed characters"),
        ({"url": "", "max_connections": 0}, "max_connections"),
        ({"url": "", "certificate": "x"}, "does not support"),
    ],
)
async def test_a_wrong_webhook_is_refused(http: Http, wrong: dict[str, Any], reason: str) -> None:
    status, description = await http.refused("setWebhook", **wrong)
    assert status == 400
    assert reason in description


async def test_a_receiver_that_is_not_there_is_told_of(
    bot: Bot, sandbox: Sandbox, receiver: Receiver, unused_tcp_port: int
) -> None:
    await bot.set_webhook(f"http://127.0.0.1:{unused_tcp_port}/")
    await sandbox.send_text(GUEST.id, "held")
    await until(lambda: sandbox.webhook.last_error_message)
    assert sandbox.webhook.last_error_message == "Connection refused"
    await bot.set_webhook(receiver.url)
    assert (await receiver.came.get())[1]["message"]["text"] == "held"
