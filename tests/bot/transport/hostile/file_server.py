"""A server of files that says and sends whatever a test wants."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.sandbox.telegram import TOKEN
from bot.settings import BotSettings
from bot.transport.client import TelegramClient, connect

Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(file: dict[str, Any], content: Handle) -> AsyncIterator[TelegramClient]:
    """A client of a server that says this of each file, and sends its content so."""

    async def get_file(_request: web.Request) -> web.Response:
        known = {"file_id": "a", "file_unique_id": "b", "file_path": "photos/file_1.jpg"}
        return web.json_response({"ok": True, "result": known | file})

    app = web.Application()
    app.router.add_post(f"/bot{TOKEN}/getFile", get_file)
    app.router.add_get("/file/{path:.*}", content)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        values: dict[str, Any] = {"_env_file": None, "telegram_token": TOKEN}
        client = connect(BotSettings(**values, telegram_api_url=url))
        async with client.request:
            yield client
    finally:
        await runner.cleanup()
