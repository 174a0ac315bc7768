"""The sandbox as tests have it: requests are remembered or go wrong, and messages waited for."""

import asyncio
import time
from collections.abc import Callable
from copy import deepcopy
from typing import Any, NamedTuple, TypeVar

from aiohttp import web

from bot.sandbox import telegram
from bot.sandbox.bot_api import routes
from bot.sandbox.bot_api.request import Given, Json
from bot.sandbox.chats import Act
from bot.sandbox.state.conversation import BOT_ID
from bot.sandbox.state.events import Events
from bot.sandbox.telegram import ADMIN, BOT, CALLBACK_SECONDS, GUEST, TOKEN, Person
from tests.helpers.bot.faults import Fault, Faults

__all__ = ["ADMIN", "BOT", "GUEST", "TOKEN", "ApiRequest", "Person", "Sandbox"]

KEPT_REQUESTS = 10_000
PATIENCE = 60.0  # seconds that a test waits for the bot, on a machine however busy
# What a proxy before a Bot API server says.
TOO_LARGE = "<html><head><title>413 Request Entity Too Large</title></head></html>"
TOO_SLOW = "<html><head><title>504 Gateway Time-out</title></head></html>"
WELCOME = "<html><head><title>Welcome</title></head></html>"

Found = TypeVar("Found")


class ApiRequest(NamedTuple):
    """One request that the bot made; in `parameters`, a file is its name and size."""

    method: str
    parameters: dict[str, str]


class WaitedEvents(Events):
    """Wakes those who wait for a change."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = asyncio.Event()

    def publish(self, person_id: int, event: Json) -> None:
        """Tell the person's pages, and let those who wait look again."""
        super().publish(person_id, event)
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def until(self, find: Callable[[], Found | None], seconds: float) -> Found | None:
        """What `find` gives once it is not None; None after `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while (found := find()) is None:
                    await self._changed.wait()
                return found
        except TimeoutError:
            return None


class Sandbox(telegram.Sandbox):
    """Telegram, with `faults` on request, and the `requests` that the bot made."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.events: WaitedEvents = WaitedEvents()
        self.faults = Faults()
        self.requests: list[ApiRequest] = []

    async def answer(
        self, request: web.Request, method: str, given: Given, act: Act
    ) -> web.StreamResponse:
        """As Telegram does, but for the fault that waits for this request."""
        files = {
            name: f"<{upload.file_name}: {len(upload.data)} bytes>"
            for name, upload in given.uploads.items()
        }
        self.requests.append(ApiRequest(method, {**given.texts, **files}))
        del self.requests[:-KEPT_REQUESTS]
        fault = self.faults.take(method, given.texts.get("chat_id", ""))
        if fault is None:
            return await act()
        if ended := await _before(fault, request):
            return ended
        answer = await act()
        if fault.kind == "lost" and method == routes.FILE:
            return await _half(request, answer)
        return await _after(fault, request, answer)

    async def press(
        self,
        person_id: int,
        message_id: int,
        data: str,
        timeout: float = CALLBACK_SECONDS,  # noqa: ASYNC109 - for tests to read
    ) -> str | None:
        """Press an inline button; the text of the bot's answer, None if it has none."""
        answer = await self.callback(person_id, message_id, data, timeout)
        return None if answer is None else answer.text

    def block(self, person_id: int, blocked: bool) -> None:
        """Block the bot, or unblock it. The bot is told, as Telegram does."""
        conversation = self.conversations[person_id]
        if conversation.blocked == blocked:
            return
        conversation.blocked = blocked
        member: Json = {"user": BOT, "status": "member"}
        kicked: Json = {"user": BOT, "status": "kicked", "until_date": 0}
        person = self.people[person_id]
        change = {
            "chat": person.chat,
            "from": person.user,
            "date": int(time.time()),
            "old_chat_member": member if blocked else kicked,
            "new_chat_member": kicked if blocked else member,
        }
        self.updates.add("my_chat_member", change)

    def file_bytes(self, file_id: str) -> bytes:
        """A file's bytes. Raises ApiError if there is no such file."""
        return self.files.get(file_id).data

    async def reply_to(
        self,
        person_id: int,
        message_id: int,
        timeout: float = PATIENCE,  # noqa: ASYNC109 - for tests to read
        after: int = 0,
    ) -> Json:
        """The bot's first message (after `after`) that replies to this one.

        Raises TimeoutError when there is none in time.
        """

        def reply() -> Json | None:
            found = self._from_bot(person_id, after)
            replied = (each for each in found if "reply_to_message" in each)
            return next(
                (r for r in replied if r["reply_to_message"]["message_id"] == message_id), None
            )

        found = await self.events.until(reply, timeout)
        if found is None:
            raise TimeoutError(f"The bot did not reply to message {message_id}.")
        return deepcopy(found)

    async def next_bot_message(
        self,
        person_id: int,
        after: int = 0,
        timeout: float = PATIENCE,  # noqa: ASYNC109 - for tests to read
    ) -> Json:
        """The bot's first message after message `after`. Raises TimeoutError."""
        found = await self.events.until(
            lambda: next(iter(self._from_bot(person_id, after)), None), timeout
        )
        if found is None:
            raise TimeoutError(f"The bot wrote nothing after message {after}.")
        return deepcopy(found)

    def _from_bot(self, person_id: int, after: int) -> list[Json]:
        messages = self.conversations[person_id].messages
        later = [message for number, message in messages.items() if number > after]
        return [message for message in later if message["from"]["id"] == BOT_ID]


async def _before(fault: Fault, request: web.Request) -> web.Response | None:
    """What a fault does before the request is acted on; the answer, if it ends there."""
    if fault.kind == "413":
        return web.Response(status=413, text=TOO_LARGE, content_type="text/html")
    if error := fault.error():
        return routes.refusal(error)
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


async def _half(request: web.Request, whole: web.Response) -> web.StreamResponse:
    """Send half of a file, then close the connection."""
    data = whole.body
    assert isinstance(data, bytes)
    response = web.StreamResponse(headers={"Content-Length": str(len(data))})
    await response.prepare(request)
    await response.write(data[: len(data) // 2])
    _cut(request)
    return response
