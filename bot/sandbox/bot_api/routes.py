"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

import logging
from functools import partial

from aiohttp import web

from bot.sandbox.bot_api import bot_account, editing, receiving, sending  # noqa: F401 - METHODS
from bot.sandbox.bot_api.api_errors import ApiError
from bot.sandbox.bot_api.method import METHODS, Method
from bot.sandbox.bot_api.request import Given, read
from bot.sandbox.telegram import TOKEN, Sandbox

log = logging.getLogger(__name__)

FILE = "file"  # what a download is called, for want of a method


def add_routes(app: web.Application, sandbox: Sandbox) -> None:
    """Serve `sandbox` to its bot."""

    async def call(request: web.Request) -> web.StreamResponse:
        _check_token(request)
        if request.method not in {"GET", "POST"}:
            raise ApiError(405, "Method Not Allowed")
        method = METHODS.get(request.match_info["method"].lower())
        if method is None:
            raise ApiError(404, "Not Found")
        given = await read(request)
        return await sandbox.answer(
            request, method.name, given, partial(_act, sandbox, method, given)
        )

    async def download(request: web.Request) -> web.StreamResponse:
        _check_token(request)
        path = request.match_info["path"]

        async def act() -> web.Response:
            stored = sandbox.files.at_path(path)
            if stored is None:
                return refusal(ApiError(404, "Not Found"))
            return web.Response(body=stored.data, content_type="application/octet-stream")

        return await sandbox.answer(request, FILE, Given({"file_path": path}), act)

    app.router.add_route("*", "/bot{token:[^/]*}/{method:[^/]*}", call)
    app.router.add_get("/file/bot{token:[^/]*}/{path:.+}", download)


def refusal(error: ApiError) -> web.Response:
    """An error in the Bot API's shape."""
    return web.json_response(error.to_json(), status=error.code)


async def _act(sandbox: Sandbox, method: Method, given: Given) -> web.Response:
    try:
        result = await method.act(sandbox, method.parse(given))
    except ApiError as error:
        return refusal(error)
    except Exception:
        # The sandbox's own mistake, not the bot's: said aloud, and to the bot as a server's error.
        log.exception("The sandbox failed in %s.", method.name)
        return refusal(ApiError(500, "Internal Server Error"))
    return web.json_response({"ok": True, "result": result})


def _check_token(request: web.Request) -> None:
    if request.match_info["token"] != TOKEN:
        raise ApiError(401, "Unauthorized")
