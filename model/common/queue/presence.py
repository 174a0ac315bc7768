"""A hash in which processes of one kind show themselves every few seconds."""

import time
from collections.abc import Mapping
from typing import Generic, Protocol, Self, TypeVar

import redis


class Status(Protocol):
    """What such a process says of itself: its name, and when (Unix seconds) it said so."""

    @property
    def name(self) -> str:
        """Unique among the processes."""

    @property
    def seen_at(self) -> float:
        """Now, when it is published."""

    def to_json(self) -> str:
        """As it is kept."""

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read what `to_json` wrote; ValueError where it is something else."""


S = TypeVar("S", bound=Status)


class Presence(Generic[S]):
    """The hash `key`, name → status; who was not seen for `alive` seconds is as good as dead."""

    def __init__(self, key: str, kind: type[S], *, alive: float) -> None:
        self._key = key
        self._kind = kind
        self._alive = alive

    def publish(self, client: redis.Redis, status: S) -> None:
        """Show `status`, and clear away those of processes that ended without a word."""
        client.hset(self._key, status.name, status.to_json())
        everyone: dict[bytes, bytes] = client.hgetall(self._key)  # type: ignore[assignment]
        here = {each.name.encode() for each in self.alive(everyone)}
        if stale := [name for name in everyone if name not in here]:
            client.hdel(self._key, *stale)  # type: ignore[arg-type]

    def withdraw(self, client: redis.Redis, name: str) -> None:
        """Take a status away: its process stops."""
        client.hdel(self._key, name)

    def alive(self, entries: Mapping[bytes, bytes]) -> list[S]:
        """Those of the hash's entries that were seen lately, by name."""
        seen_after = time.time() - self._alive
        found = [status for text in entries.values() if (status := self._parsed(text)) is not None]
        return sorted(
            (status for status in found if status.seen_at >= seen_after),
            key=lambda status: status.name,
        )

    def _parsed(self, text: bytes) -> S | None:
        try:
            return self._kind.from_json(text)
        except ValueError:
            return None
