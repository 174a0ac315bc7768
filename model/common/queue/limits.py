"""The limits of the queue, as a whole and for one person."""

from dataclasses import dataclass
from typing import Literal

# Why a photo is not taken: this person has too many waiting, or sends too fast; or all is full.
# Any message may be one of too many at once.
Reason = Literal["too_many", "too_fast", "full", "at_once"]

MEGABYTE = 1_000_000
# What the answers that can be corrected may take of Redis's memory, by default.
ANSWERS_MEGABYTES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of what the queue takes in. Each number is a setting of the bot, see `bot.settings`.

    `photos` counts photos without an answer and answers that Telegram has not accepted yet, and
    `megabytes` what they weigh: slow sending holds up what comes in, too. A person may send
    `per_minute` photos a minute and have `waiting` of them without an answer; 0 is no limit. Nor is
    a photo taken that would wait for more than `seconds`, at the pace of the workers, 0 being no
    limit again; while none works, photos wait for one as long as it takes.
    """

    photos: int = 1000
    megabytes: int = 256
    per_minute: int = 60
    waiting: int = 40
    seconds: int = 45
