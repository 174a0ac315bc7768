"""Refused presses of buttons: their clocks stop. What is said of them comes as a message."""

import asyncio

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.background import Background

# Answered at the same time. Of more, Telegram stops the clocks by itself, some time later.
MOST = 20


class RefusedPresses:
    """Answers presses that are left out, as far as that holds nothing up."""

    def __init__(self, bot: ExtBot[int], background: Background) -> None:
        self._bot = bot
        self._background = background
        self._answering: set[asyncio.Task[None]] = set()

    def note(self, update: Update) -> None:
        """The update is left out, a press or not."""
        query = update.callback_query
        if query is None or len(self._answering) >= MOST:
            return
        task = self._background.start(self._answer(query.id), "a refused press", finite=True)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def stop(self) -> None:
        """Leave those that are not answered yet."""
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)

    async def _answer(self, query_id: str) -> None:
        try:
            await self._bot.answer_callback_query(query_id, rate_limit_args=1)
        except TelegramError:
            return  # too late, or Telegram is away: it is a courtesy
