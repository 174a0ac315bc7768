"""Albums in groups: one message, although each of its photos is an update of its own.

A mention of the bot in any caption counts for the whole album.
"""

import asyncio
from contextlib import suppress

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import filters

from bot.replies.addressing import ADDRESSED

# Seconds for which a photo waits for the caption of another one that names the bot.
WAIT = 2.0
# Albums that are remembered, the latest.
MOST_ALBUMS = 1000


class Albums(filters.MessageFilter):
    """A filter for messages of albums that name the bot; `settle` has to see each update first."""

    def __init__(self) -> None:
        super().__init__(name="IN_AN_ADDRESSED_ALBUM")
        self._named: dict[tuple[int, str], asyncio.Event] = {}

    async def settle(self, update: Update) -> None:
        """Return once it is known whether the album of this update's message names the bot."""
        message = update.message
        if message is None or not message.media_group_id or message.chat.type == ChatType.PRIVATE:
            return
        place = (message.chat.id, message.media_group_id)
        named = self._named.setdefault(place, asyncio.Event())
        while len(self._named) > MOST_ALBUMS:
            del self._named[next(iter(self._named))]
        if ADDRESSED.filter(message):
            named.set()
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(WAIT):
                await named.wait()

    def filter(self, message: Message) -> bool:
        """Whether it belongs to an album that names the bot."""
        named = self._named.get((message.chat.id, message.media_group_id or ""))
        return named is not None and named.is_set()
