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


@asynccontextmanager
async def taken(slots: asyncio.Semaphore) -> AsyncIterator[None]:
    """Inside, the current task has one of the slots; they are given first come, first served."""
    task = asyncio.current_task()
    await slots.acquire()
    _held[task] = slots
    try:
        yield
    finally:
        # Cancelled inside `given_back`, the task has none.
        if _held.pop(task, None):
            slots.release()


@asynccontextmanager
async def given_back() -> AsyncIterator[None]:
    """Inside, the current task's slot, if it has one, is another's."""
    task = asyncio.current_task()
    slots = _held.pop(task, None)
    if slots is None:
        yield
        return
    slots.release()
    try:
        yield
    finally:
        await slots.acquire()
        _held[task] = slots
