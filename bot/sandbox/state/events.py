"""Events of a chat, published to the web page and to waiting callers."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from bot.sandbox.bot_api.request import Json

Found = TypeVar("Found")


class Events:
    """Publishes to the pages that listen, and wakes those who wait for a change."""

    def __init__(self) -> None:
        self._listeners: dict[int, set[asyncio.Queue[Json | None]]] = defaultdict(set)
        self._changed = asyncio.Event()

    def publish(self, person_id: int, event: Json) -> None:
        """Tell the person's pages."""
        for queue in self._listeners[person_id]:
            queue.put_nowait(event)
        self.wake()

    def wake(self) -> None:
        """Let those who wait look again."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    @contextmanager
    def listen(self, person_id: int) -> Iterator[asyncio.Queue[Json | None]]:
        """The events of a person's chat from now on; None means that the sandbox closes."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._listeners[person_id].add(queue)
        try:
            yield queue
        finally:
            self._listeners[person_id].discard(queue)

    def close(self) -> None:
        """Send every listening page home."""
        for queues in self._listeners.values():
            for queue in queues:
                queue.put_nowait(None)

    async def until(self, find: Callable[[], Found | None], seconds: float) -> Found | None:
        """What `find` gives once it is not None; None after `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while (found := find()) is None:
                    await self._changed.wait()
                return found
        except TimeoutError:
            return None
