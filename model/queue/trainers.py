"""The trainers' hash: who waits for a retraining or works at one, and with which photos."""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

import redis

from model.queue.keys import TRAINERS

PUBLISH_EVERY = 3.0  # seconds
# Seconds. A trainer that was not seen for so long is dead, or as good as dead.
ALIVE = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerStatus:
    """What a trainer says of itself every few seconds. Times are Unix seconds.

    `photos` counts the clothing photos that it trains on, by class and last those of none; it is
    empty where there are none.
    """

    name: str
    seen_at: float
    photos: tuple[int, ...] = ()

    def to_json(self) -> str:
        """As it is kept in the hash."""
        return json.dumps(asdict(self))

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


def publish(client: redis.Redis, status: TrainerStatus) -> None:
    """Show `status`, and clear away those of trainers that ended without a word."""
    client.hset(TRAINERS, status.name, status.to_json())
    everyone: dict[bytes, bytes] = client.hgetall(TRAINERS)  # type: ignore[assignment]
    here = {trainer.name.encode() for trainer in alive(everyone)}
    if stale := [name for name in everyone if name not in here]:
        client.hdel(TRAINERS, *stale)  # type: ignore[arg-type]


def withdraw(client: redis.Redis, name: str) -> None:
    """Take the trainer's status away: it stops."""
    client.hdel(TRAINERS, name)


def alive(entries: Mapping[bytes, bytes]) -> list[TrainerStatus]:
    """The trainers seen in the last ALIVE seconds, by name."""
    seen_after = time.time() - ALIVE
    found = [trainer for text in entries.values() if (trainer := _parsed(text)) is not None]
    return sorted((each for each in found if each.seen_at >= seen_after), key=lambda t: t.name)


def _parsed(text: bytes) -> TrainerStatus | None:
    try:
        return TrainerStatus.from_json(text)
    except ValueError:
        return None
