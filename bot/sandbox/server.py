"""The sandbox's web server: the Bot API and the web chat, on one port."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from aiohttp import web

from bot.sandbox import web_chat, web_requests
from bot.sandbox.bot_api import routes
from bot.sandbox.bot_api.api_errors import ApiError
from bot.sandbox.bot_api.receiving import LOCAL_HOSTS, host_name
from bot.sandbox.bot_api.request import MAX_BODY
from bot.sandbox.state.webhook_delivery import deliver
from bot.sandbox.telegram import Sandbox

HOST = "127.0.0.1"
SHUTDOWN_SECONDS = 1.0  # for requests that are being answered when the server ends

Served = TypeVar("Served", bound=Sandbox)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def local_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what a foreign web page sends from this machine's browser.

    A name other than this machine's in Host means that a foreign name was pointed here (DNS
    rebinding); a foreign Origin or Sec-Fetch-Site, that another site's page makes the request.
    Following a link to the chat is no such thing.
    """
    if host_name(f"//{request.host}") not in LOCAL_HOSTS:
        return _forbidden("This server answers only to its own machine's names.")
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        return _forbidden("This server answers only to its own page.")
    site = request.headers.get("Sec-Fetch-Site", "none")
    if site not in {"none", "same-origin"} and request.path != "/":
        return _forbidden("This server answers only to its own page.")
    return await handler(request)


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Tell the page of an error in a sentence, and the bot in the Bot API's shape."""
    try:
        return await handler(request)
    except ConnectionResetError:  # killed while it sent: nobody waits for an answer
        return web.Response()
    except web.HTTPNotFound:
        return routes.refusal(ApiError(404, "Not Found"))
    except ApiError as error:
        chat = request.path.startswith("/chat/")
        return web_requests.told(error) if chat else routes.refusal(error)


def _forbidden(sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=403)


def make_app(sandbox: Sandbox) -> web.Application:
    """The web application that serves `sandbox`."""
    app = web.Application(middlewares=[errors, local_only], client_max_size=MAX_BODY)
    routes.add_routes(app, sandbox)
    web_chat.add_routes(app, sandbox)

    async def delivery(_: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(deliver(sandbox.webhook, sandbox.updates))
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def hang_up(_: web.Application) -> None:
        sandbox.updates.end_poll()
        sandbox.events.close()

    app.cleanup_ctx.append(delivery)
    app.on_shutdown.append(hang_up)
    return app


@asynccontextmanager
async def serve(
    sandbox: Served, port: int = 0, host: str = HOST
) -> AsyncIterator[tuple[Served, str]]:
    """Serve `sandbox` while the context lasts; give it and the address.

    Port 0 takes a free one. Raises OSError if the port is in use.
    """
    runner = web.AppRunner(make_app(sandbox), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        number = runner.addresses[0][1]
        yield sandbox, f"http://{host}:{number}"
    finally:
        await runner.cleanup()
