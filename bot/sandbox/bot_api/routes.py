"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

import asyncio
import logging
from typing import Any

from aiohttp import web

from bot.sandbox.bot_api import bot_account, editing, receiving, sending
from bot.sandbox.bot_api.api_errors import ApiError
from bot.sandbox.bot_api.method import Method
from bot.sandbox.bot_api.request import Given, read
from bot.sandbox.faults import FILE, Fault
from bot.sandbox.telegram import TOKEN, Sandbox

log = logging.getLogger(__name__)

# What a proxy before a Bot API server says.
TOO_LARGE = "<html><head><title>413 Request Entity Too Large</title></head></html>"
TOO_SLOW = "<html><head><title>504 Gateway Time-out</title></head></html>"
WELCOME = "<html><head><title>Welcome</title></head></html>"

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
    sandbox.log(method.name, given)
    fault = sandbox.faults.take(method.name, given.texts.get("chat_id", ""))
    if fault is not None and (ended := await _before(fault, request)):
        return ended
    try:
        answer = web.json_response({"ok": True, "result": await _act(sandbox, method, given)})
    except ApiError as error:
        answer = refusal(error)
    return answer if fault is None else await _after(fault, request, answer)


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
    sandbox.log(FILE, Given({"file_path": request.match_info["path"]}))
    fault = sandbox.faults.take(FILE)
    if fault is not None and (ended := await _before(fault, request)):
        return ended
    stored = sandbox.files.at_path(request.match_info["path"])
    if stored is None:
        raise ApiError(404, "Not Found")
    if fault is not None and fault.kind == "lost":
        return await _half(request, stored.data)
    answer = web.Response(body=stored.data, content_type="application/octet-stream")
    return answer if fault is None else await _after(fault, request, answer)


def _check_token(request: web.Request) -> None:
    if request.match_info["token"] != TOKEN:
        raise ApiError(401, "Unauthorized")


async def _before(fault: Fault, request: web.Request) -> web.Response | None:
    """What a fault does before the request is acted on; the answer, if it ends there."""
    if fault.kind == "413":
        return web.Response(status=413, text=TOO_LARGE, content_type="text/html")
    if error := fault.error():
        return refusal(error)
    if fault.kind == "drop":
        return _cut(request)
    if fault.kind == "delay":
        await asyncio.sleep(fault.seconds)
    return None


async def _after(fault: Fault, request: web.Request, answer: web.Response) -> web.Response:
    """What a fault makes of the answer to a request that was acted on."""
    match fault.kind:
        case "late":
            await asyncio.sleep(fault.seconds)
        case "lost":
            return _cut(request)
        case "504":
            return web.Response(status=504, text=TOO_SLOW, content_type="text/html")
        case "garbled":
            return web.Response(text=WELCOME, content_type="text/html")
    return answer


def _cut(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _half(request: web.Request, data: bytes) -> web.StreamResponse:
    """Send half of a file, then close the connection."""
    response = web.StreamResponse(headers={"Content-Length": str(len(data))})
    await response.prepare(request)
    await response.write(data[: len(data) // 2])
    _cut(request)
    return response
