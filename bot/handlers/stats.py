"""/stats: the last seven days at a glance, for admins."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from telegram import Message
from telegram.error import BadRequest, InvalidToken

from bot.replies.addressing import tell
from bot.replies.day_counts import DayCounts, answered
from model.common.languages.sentences import say


@dataclass(frozen=True)
class Stats:
    """Shows what was counted."""

    counts: DayCounts

    async def stats(self, message: Message, language: str) -> None:
        """Reply with the picture of the week, its figures below it."""
        from bot.replies.week_picture import picture  # noqa: PLC0415 - brings the typeface in

        days = await self.counts.week()
        total = sum((day.counts for day in days), Counter[str]())
        answers = answered(total)
        caption = say(
            language,
            "stats",
            photos=total["photos"],
            answered=answers,
            seconds=total["milliseconds"] / 1000 / max(1, answers),
            right=total["right"],
            wrong=total["wrong"],
            refused=total["not_taken"],
        )
        drawn = await asyncio.to_thread(picture, days, language)
        try:
            await message.reply_photo(drawn, caption=caption, filename="week.jpg")
        except (BadRequest, InvalidToken):
            # No pictures in this chat, or a server that does not know sendPhoto (404).
            await tell(message, caption)
