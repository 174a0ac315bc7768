"""Slots for the chats that are served at the same time.

A chat that waits for Telegram's pace gives its slot back meanwhile: a few busy groups, or groups
that Telegram slows down, would else keep everybody out.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

# By the task that holds a slot, whose it is. Tasks that a handler starts hold none.
_held: dict[asyncio.Task[Any] | None, asyncio.Semaphore] = {}


class Slots:
    """A number of slots, given in the order in which they are asked for."""

    def __init__(self, number: int) -> None:
        self._free = asyncio.Semaphore(number)

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Inside, the current task has one."""
        task = asyncio.current_task()
        await self._free.acquire()
        _held[task] = self._free
        try:
            yield
        finally:
            # Cancelled inside `given_back`, the task has none.
            if free := _held.pop(task, None):
                free.release()


@asynccontextmanager
async def given_back() -> AsyncIterator[None]:
    """Inside, the current task's slot, if it has one, is another's."""
    task = asyncio.current_task()
    free = _held.pop(task, None)
    if free is None:
        yield
        return
    free.release()
    try:
        yield
    finally:
        await free.acquire()
        _held[task] = free
