"""Albums: one message to people, although each of its photos is an update of its own.

In a group, a mention of the bot in any caption counts for the whole album. Everywhere, the answers
to its photos are one message: see `bot.replies.albums.collector`.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import filters

from bot.replies.addressing import ADDRESSED
from bot.transport.outage import Outage
from bot.transport.updates import mark
from model.common.queue import keys
from model.common.redis_tools.connection import AsyncClient

# Seconds for which a photo waits for the caption of another one that names the bot.
WAIT = 2.0
# Albums that are remembered, the latest.
MOST_ALBUMS = 1000
# Seconds for which Redis knows that an album names the bot: a bot that is killed while photos wait
# for that caption may have handled it, and finds only them at its next start.
REMEMBERED = 3600

Place = tuple[int, str]  # a chat and its album's media_group_id


@dataclass(slots=True)
class _Album:
    """An album of which updates came. `outstanding` are the photos without an answer."""

    named: asyncio.Event = field(default_factory=asyncio.Event)
    outstanding: set[str] = field(default_factory=set)
    came_at: float = 0.0  # its last update, by the monotonic clock


class Albums(filters.MessageFilter):
    """A filter for messages of albums that name the bot; `settle` has to see each update first."""

    def __init__(self, redis: AsyncClient, photos: filters.BaseFilter | None = None) -> None:
        """`photos` fits the messages that will be answered as photos."""
        super().__init__(name="IN_AN_ADDRESSED_ALBUM")
        self._redis = redis
        self._photos = photos
        self._outage = Outage("Remembering albums in Redis")
        self._albums: dict[Place, _Album] = {}

    async def settle(self, update: Update) -> None:
        """Return once it is known whether the album of this update's message names the bot."""
        message = update.message
        if message is None or not message.media_group_id:
            return
        album = self._albums.setdefault((message.chat.id, message.media_group_id), _Album())
        album.came_at = time.monotonic()
        if self._photos and self._photos.check_update(update):
            album.outstanding.add(mark(update))
        while len(self._albums) > MOST_ALBUMS:
            del self._albums[next(iter(self._albums))]
        if message.chat.type == ChatType.PRIVATE:
            return
        # People's names do not stand in Redis, nor do those of albums.
        digest = self._redis.keyring.digest("album", message.chat.id, message.media_group_id)
        key = keys.ALBUMS + digest
        if ADDRESSED.filter(message):
            await self._outage.outlast(lambda: self._redis.set(key, "", ex=REMEMBERED))
            album.named.set()
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(WAIT):
                await album.named.wait()
        if not album.named.is_set() and await self._outage.outlast(lambda: self._redis.exists(key)):
            album.named.set()

    def filter(self, message: Message) -> bool:
        """Whether it belongs to an album that names the bot."""
        album = self._albums.get((message.chat.id, message.media_group_id or ""))
        return album is not None and album.named.is_set()

    def outstanding(self, place: Place) -> frozenset[str]:
        """The ids of the album's photos that have no answer yet, as far as they came."""
        album = self._albums.get(place)
        return frozenset(album.outstanding) if album else frozenset()

    def came_at(self, place: Place) -> float | None:
        """When the album's last update came, by the monotonic clock; None: before this run."""
        album = self._albums.get(place)
        return album.came_at if album else None

    def answered(self, place: Place, photos: set[str]) -> None:
        """Expect these no longer: they are answered, or were not taken."""
        if album := self._albums.get(place):
            album.outstanding -= photos
