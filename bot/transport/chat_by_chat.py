"""The order in which updates are handled: a chat's one by one, different chats at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.transport.intake import MOST_HELD, Intake
from bot.transport.slots import taken
from bot.transport.updates import mark
from model.common import logs

# Chats served at the same time, but for those that wait for Telegram's pace.
MOST_CHATS = 32


class ChatByChat(BaseUpdateProcessor):
    """Handles the updates of one chat in their order, those of different chats at the same time."""

    def __init__(
        self, intake: Intake, settle: Callable[[Update], Awaitable[None]] | None = None
    ) -> None:
        """`settle` is awaited for each update before it is its chat's turn."""
        super().__init__(MOST_HELD)
        self._intake = intake
        self._settle = settle
        self._slots = asyncio.Semaphore(MOST_CHATS)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._running: set[asyncio.Task[Any]] = set()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await the handlers when the chat's turn has come, then forget the update."""
        task = asyncio.current_task()
        if task is None or not isinstance(update, Update):
            await coroutine
            return
        chat = update.effective_chat
        # The lock is first come, first served, and lives as long as somebody waits for it.
        turn = self._turns.setdefault(chat.id if chat else 0, asyncio.Lock())
        self._running.add(task)
        try:
            with logs.about(mark(update)):
                if self._settle:
                    await self._settle(update)
                async with turn, taken(self._slots):
                    await coroutine
                    # Errors were reported by the error handler. Only a cancelled update, at the
                    # program's end, does not reach this line: the next start takes it up again.
                    await self._intake.done(update)
        finally:
            self._running.discard(task)
            if isinstance(coroutine, Coroutine):
                coroutine.close()  # cancelled before its turn, it was never awaited

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """End what still runs; it stays in Redis for the next start."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
