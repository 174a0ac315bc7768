"""Telegram's rate limits, and retries of calls that Telegram did not accept.

python-telegram-bot's AIORateLimiter makes every chat wait when Telegram slows down one. Here only
the affected call waits.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import httpx
from aiolimiter import AsyncLimiter
from telegram.error import (
    BadRequest,
    ChatMigrated,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import BaseRateLimiter

from bot.transport.http import UnconfirmedError
from bot.transport.slots import given_back

log = logging.getLogger(__name__)

# python-telegram-bot's times become timedeltas; without this it warns at each 429.
os.environ.setdefault("PTB_TIMEDELTA", "true")

# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
MESSAGES_PER_SECOND = 30
GROUP_MESSAGES_PER_MINUTE = 20
# Group limiters kept. Beyond it the idle ones are dropped.
MOST_GROUPS = 500
# Attempts for a call that Telegram did not accept. `bot.replies.answers` tries for longer.
ATTEMPTS = 4
# And of one that may have arrived: a message is sent twice at the most.
MOST_UNKNOWN = 2
# For `rate_limit_args`: one attempt, ahead of the calls that wait for their turn.
FIRST = 0
# What methods that send a message begin with.
SENDING = "send"
# Worth another attempt at a cost of, at worst, a message that is there twice.
REPEATED = frozenset(
    {"sendMessage", "sendPhoto", "getFile", "editMessageReplyMarkup", "answerCallbackQuery"}
)

T = TypeVar("T")


class Rates(BaseRateLimiter[int]):
    """Keeps to Telegram's limits; repeats a call after 429, a network error or a 5xx.

    `rate_limit_args` of a call is the number of its attempts, ATTEMPTS by default, or FIRST.
    """

    def __init__(self) -> None:
        self._pace = _Pace()
        self._groups: dict[int, AsyncLimiter] = {}
        self._moved: dict[object, int] = {}  # a group's former id → its id

    async def process_request(  # noqa: PLR0917 - the base class's signature
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Call Telegram; raises the last attempt's telegram.error.TelegramError."""

        async def call() -> Any:
            chat_id = data.get("chat_id")
            # Chat actions do not count as messages.
            if isinstance(chat_id, int) and endpoint != "sendChatAction":
                async with given_back():
                    if chat_id < 0:  # a group
                        await self._group(chat_id).acquire()
                    await self._pace.turn(first=rate_limit_args == FIRST)
            return await callback(*args, **kwargs)

        sends = endpoint.startswith(SENDING)
        wanted = ATTEMPTS if rate_limit_args is None else max(1, rate_limit_args)
        attempts = wanted if endpoint in REPEATED else 1
        return await repeated(
            (lambda: self._addressed(call, data)) if sends else call,
            attempts=attempts,
            what=endpoint,
            twice_at_most=sends,
        )

    async def _addressed(self, call: Callable[[], Awaitable[T]], data: dict[str, Any]) -> T:
        """Await the call, once more where its chat has moved or its topic is gone.

        A group that became a supergroup has another id, and messages and topics of its own.
        """
        chat_id = data.get("chat_id")
        if chat_id in self._moved:
            _move(data, self._moved[chat_id])
        try:
            return await call()
        except ChatMigrated as error:
            log.info("Chat %s has moved: it is %s now.", chat_id, error.new_chat_id)
            self._moved[chat_id] = error.new_chat_id
            if len(self._moved) > MOST_GROUPS:
                del self._moved[next(iter(self._moved))]
            _move(data, error.new_chat_id)
        except BadRequest as error:
            if "thread not found" not in error.message or "message_thread_id" not in data:
                raise
            del data["message_thread_id"]
        return await call()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to end."""

    def _group(self, chat_id: int) -> AsyncLimiter:
        if len(self._groups) > MOST_GROUPS:
            self._groups = {
                group: limiter
                for group, limiter in self._groups.items()
                if not limiter.has_capacity(limiter.max_rate)
            }
        return self._groups.setdefault(chat_id, AsyncLimiter(GROUP_MESSAGES_PER_MINUTE, 60))


class _Pace:
    """Telegram's pace for all chats together."""

    def __init__(self) -> None:
        self._limiter = AsyncLimiter(MESSAGES_PER_SECOND, 1)
        self._line = asyncio.Lock()  # first come, first served
        self._ahead = 0
        self._none_ahead = asyncio.Event()
        self._none_ahead.set()

    async def turn(self, *, first: bool) -> None:
        """Wait for the turn; with `first`, ahead of the calls without."""
        if not first:
            async with self._line:
                await self._none_ahead.wait()
                await self._limiter.acquire()
            return
        self._ahead += 1
        self._none_ahead.clear()
        try:
            await self._limiter.acquire()
        finally:
            self._ahead -= 1
            if not self._ahead:
                self._none_ahead.set()


def _move(data: dict[str, Any], chat_id: int) -> None:
    """Address a call to the chat that a group has become."""
    data["chat_id"] = chat_id
    for name in ("reply_parameters", "message_thread_id"):
        data.pop(name, None)


async def repeated(
    call: Callable[[], Awaitable[T]], *, attempts: int, what: str, twice_at_most: bool = False
) -> T:
    """Await `call()` until it works, at most `attempts` times; raises the last TelegramError.

    With `twice_at_most` a call that may have arrived is made once more, and not again.
    """
    unknown = 0
    for attempt in range(1, attempts):
        try:
            return await call()
        except RetryAfter as error:
            seconds = retry_seconds(error)
        except BadRequest:
            raise  # a NetworkError by its class, but the next attempt would be refused as well
        except NetworkError as error:
            log.debug("%s, attempt %d: %s", what, attempt, error)
            unknown += twice_at_most and may_have_arrived(error)
            if unknown >= MOST_UNKNOWN:
                raise
            seconds = 0.5 * 2 ** (attempt - 1)
        async with given_back():
            await asyncio.sleep(seconds)
    return await call()


def may_have_arrived(error: TelegramError) -> bool:
    """Whether the call was sent as a whole and not answered: nobody knows its outcome."""
    if isinstance(error, UnconfirmedError):
        return True
    if error.__cause__ is None:
        return isinstance(error, TimedOut)
    # Of other errors of httpx, such as ConnectError and WriteTimeout, it is known that it did not.
    return isinstance(
        error.__cause__, httpx.ReadTimeout | httpx.ReadError | httpx.RemoteProtocolError
    )


def retry_seconds(error: RetryAfter) -> float:
    """How long Telegram asks us to wait. The library is on its way from int to timedelta."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
