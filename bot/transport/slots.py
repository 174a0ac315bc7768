"""Slots for the chats that are served at the same time.

A chat that waits for Telegram's pace gives its slot back meanwhile: a few busy groups, or groups
that Telegram slows down, would else keep everybody out.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar


class _Slot:
    """A task's slot."""

    def __init__(self, free: asyncio.Semaphore) -> None:
        self.task = asyncio.current_task()
        self._free = free
        self._held = False

    async def take(self) -> None:
        await self._free.acquire()
        self._held = True

    def give(self) -> None:
        if self._held:
            self._held = False
            self._free.release()


# Tasks that a handler starts inherit it, but the slot is not theirs.
_slot: ContextVar[_Slot | None] = ContextVar("slot", default=None)


class Slots:
    """A number of slots, given in the order in which they are asked for."""

    def __init__(self, number: int) -> None:
        self._free = asyncio.Semaphore(number)

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Inside, the current task has one."""
        slot = _Slot(self._free)
        await slot.take()
        token = _slot.set(slot)
        try:
            yield
        finally:
            _slot.reset(token)
            slot.give()


@asynccontextmanager
async def given_back() -> AsyncIterator[None]:
    """Inside, the current task's slot, if it has one, is another's."""
    slot = _slot.get()
    if slot is None or slot.task is not asyncio.current_task():
        yield
        return
    slot.give()
    try:
        yield
    finally:
        await slot.take()
