"""Collects the answers to an album's photos until all are there, for one message.

A collected answer is not acknowledged yet, so a crash loses none: Redis hands it out again.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.replies.albums.mentions import Albums, Place
from model.common.queue.messages import Answer

Entry = tuple[bytes, Answer]

LOOK_EVERY = 0.1  # seconds
# Seconds without another photo of the album, after which it is whole: each is an update. After a
# restart, seconds since its first answer came.
SETTLED = 1.0
# Seconds after which the photos that are answered do not wait for the others any more.
PATIENCE = 30.0


@dataclass(slots=True)
class _Collected:
    since: float
    entries: list[Entry] = field(default_factory=list)
    timer: asyncio.TimerHandle | None = None


class AlbumCollector:
    """Gives the answers to `ready`, in the order of the photos, once an album has them all."""

    def __init__(self, albums: Albums, ready: Callable[[list[Entry]], None]) -> None:
        self._albums = albums
        self._ready = ready
        self._collected: dict[Place, _Collected] = {}

    def add(self, entry: bytes, answer: Answer) -> None:
        """Keep an answer to a photo of an album."""
        place = answer.address.chat_id, answer.address.album or ""
        found = self._collected.setdefault(place, _Collected(time.monotonic()))
        found.entries.append((entry, answer))
        if found.timer is None:
            self._look(place)

    def stop(self) -> None:
        """Stop waiting; incomplete albums come again at the next start."""
        for found in self._collected.values():
            if found.timer:
                found.timer.cancel()
        self._collected.clear()

    def _look(self, place: Place) -> None:
        found = self._collected[place]
        ids = {answer.id for _, answer in found.entries}
        whole = self._albums.outstanding(place) <= ids
        now, came_at = time.monotonic(), self._albums.came_at(place)
        settled = now - (found.since if came_at is None else came_at) >= SETTLED
        if (whole and settled) or now - found.since >= PATIENCE:
            del self._collected[place]
            self._albums.answered(place, ids)
            self._ready(sorted(found.entries, key=lambda each: each[1].address.message_id))
            return
        found.timer = asyncio.get_running_loop().call_later(LOOK_EVERY, self._look, place)
