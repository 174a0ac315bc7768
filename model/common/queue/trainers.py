"""The trainers' hash: who waits for a retraining or works at one, and with which photos."""

from dataclasses import dataclass

from model.common.queue.keys import TRAINERS
from model.common.queue.presence import Presence
from model.common.queue.serialization import Serializable

PUBLISH_EVERY = 3.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerStatus(Serializable):
    """What a trainer says of itself every few seconds. Times are Unix seconds.

    `photos` counts the clothing photos that it trains on, by class and last those of none; it is
    empty where there are none.
    """

    name: str
    seen_at: float
    photos: tuple[int, ...] = ()


_trainers = Presence(TRAINERS, TrainerStatus, alive=12.0)

publish, withdraw, alive = _trainers.publish, _trainers.withdraw, _trainers.alive
