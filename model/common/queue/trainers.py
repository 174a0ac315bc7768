"""The trainers' hash: who waits for a retraining or works at one, and with which photos."""

import json
from dataclasses import dataclass
from typing import Self

from model.common.queue.keys import TRAINERS
from model.common.queue.presence import Presence
from model.common.queue.serialization import Record

PUBLISH_EVERY = 3.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerStatus(Record):
    """What a trainer says of itself every few seconds. Times are Unix seconds.

    `photos` counts the clothing photos that it trains on, by class and last those of none; it is
    empty where there are none.
    """

    name: str
    seen_at: float
    photos: tuple[int, ...] = ()

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read what `to_json` wrote; ValueError where it is something else."""
        try:
            values = json.loads(text)
            return cls(
                name=values["name"],
                seen_at=float(values["seen_at"]),
                photos=tuple(int(count) for count in values.get("photos", ())),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("This is not a TrainerStatus.") from error


_trainers = Presence(TRAINERS, TrainerStatus, alive=12.0)

publish, withdraw, alive = _trainers.publish, _trainers.withdraw, _trainers.alive
