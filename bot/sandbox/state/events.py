"""Events of a chat, published to the web page."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from bot.sandbox.bot_api.request import Json


class Events:
    """Publishes to the pages that listen."""

    def __init__(self) -> None:
        self._listeners: dict[int, set[asyncio.Queue[Json | None]]] = defaultdict(set)

    def publish(self, person_id: int, event: Json) -> None:
        """Tell the person's pages."""
        for queue in self._listeners[person_id]:
            queue.put_nowait(event)

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
