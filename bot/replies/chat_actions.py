"""The chat action "sending a photo…", shown while an answer takes a while."""

import asyncio
from contextlib import suppress

from telegram import Message
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.background import Background

# Seconds after which an answer takes a while. Most are there before, and a sign that is gone as
# soon as it is seen would cost a call to Telegram: 0.8 ms of CPU, as asking for a file does.
AFTER = 0.5


class Signs:
    """Shows the chat action once for each photo that has no answer after AFTER seconds."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._showing: set[asyncio.Task[None]] = set()

    @property
    def pending(self) -> int:
        """For how many photos it may still be shown."""
        return len(self._timers)

    def begin(self, photo: str, message: Message) -> None:
        """The work on this photo, of this message, begins."""
        self.end(photo)
        loop = asyncio.get_running_loop()
        self._timers[photo] = loop.call_later(AFTER, self._due, photo, message)

    def end(self, photo: str) -> None:
        """The photo has its answer. Unknown photos are ignored."""
        if timer := self._timers.pop(photo, None):
            timer.cancel()

    def stop(self) -> None:
        """Show none any more."""
        for photo in list(self._timers):
            self.end(photo)
        for task in self._showing:
            task.cancel()

    def _due(self, photo: str, message: Message) -> None:
        del self._timers[photo]
        task = self._background.start(_show(message), f"sign {photo}", finite=True)
        self._showing.add(task)
        task.add_done_callback(self._showing.discard)


async def _show(message: Message) -> None:
    # A courtesy: if it fails, the photo goes on.
    with suppress(TelegramError):
        await message.reply_chat_action(ChatAction.UPLOAD_PHOTO)
