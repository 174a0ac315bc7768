"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

import logging
from typing import Any

from aiohttp import web

from bot.sandbox.bot_api import bot_account, editing, receiving, sending
from bot.sandbox.bot_api.api_errors import ApiError
from bot.sandbox.bot_api.method import Method
from bot.sandbox.bot_api.request import Given, read
from bot.sandbox.telegram import TOKEN, Sandbox

log = logging.getLogger(__name__)

FILE = "file"  # what a download is called, for want of a method

METHODS: dict[str, Method] = {
    method.name.lower(): method
    for method in (
        *bot_account.METHODS,
        *receiving.METHODS,
        *sending.METHODS,
        *editing.METHODS,
    )
}


def add_routes(app: web.Application, sandbox: Sandbox) -> None:
    """Serve `sandbox` to its bot."""

    async def call(request: web.Request) -> web.StreamResponse:
        try:
            return await _call(sandbox, request)
        except ApiError as error:
            return refusal(error)

    async def download(request: web.Request) -> web.StreamResponse:
        try:
            return await _download(sandbox, request)
        except ApiError as error:
            return refusal(error)

    app.router.add_route("*", "/bot{token:[^/]*}/{method:[^/]*}", call)
    app.router.add_get("/file/bot{token:[^/]*}/{path:.+}", download)


def refusal(error: ApiError) -> web.Response:
    """An error in the Bot API's shape."""
    return web.json_response(error.to_json(), status=error.code)


async def _call(sandbox: Sandbox, request: web.Request) -> web.StreamResponse:
    _check_token(request)
    if request.method not in {"GET", "POST"}:
        raise ApiError(405, "Method Not Allowed")
    method = METHODS.get(request.match_info["method"].lower())
    if method is None:
        raise ApiError(404, "Not Found")
    given = await read(request)

    async def act() -> web.Response:
        try:
            result = await _act(sandbox, method, given)
        except ApiError as error:
            return refusal(error)
        return web.json_response({"ok": True, "result": result})

    return await sandbox.answer(request, method.name, given, act)


async def _act(sandbox: Sandbox, method: Method, given: Given) -> Any:
    try:
        return await method.act(sandbox, method.parse(given))
    except ApiError:
        raise
    except Exception as error:
        # The sandbox's own mistake, not the bot's: said aloud, and to the bot as a server's error.
        log.exception("The sandbox failed in %s.", method.name)
        raise ApiError(500, "Internal Server Error") from error


async def _download(sandbox: Sandbox, request: web.Request) -> web.StreamResponse:
    _check_token(request)
    path = request.match_info["path"]

    async def act() -> web.Response:
        stored = sandbox.files.at_path(path)
        if stored is None:
            raise ApiError(404, "Not Found")
        return web.Response(body=stored.data, content_type="application/octet-stream")

    return await sandbox.answer(request, FILE, Given({"file_path": path}), act)


def _check_token(request: web.Request) -> None:
    if request.match_info["token"] != TOKEN:
        raise ApiError(401, "Unauthorized")
