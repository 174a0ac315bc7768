"""The dead letters: entries that were given up, for somebody to retry or discard."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import redis

from model.common.lua import lua_script
from model.common.queue import keys
from model.common.queue.messages import Fields, PhotoJob
from model.common.queue.photo_queue import REMEMBERED
from model.common.redis_tools.connection import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """An entry that was given up at `at`, Unix seconds. `job` is None if it is no photo of ours.

    `body` is a photo's file; of what is no photo of ours, its bytes as they lie in Redis.
    """

    id: str
    at: float
    reason: str
    body: bytes
    job: PhotoJob | None


def bury_value(client: Any, key: str, name: str | bytes, *, of: str, reason: str) -> Any:
    """Give up a field of a hash, or an entry of a stream, that nothing can be done with.

    `of` says what it should have been, such as "updates". Awaited if the client is asyncio's.
    """
    script = client.register_script(lua_script("dead_letters/bury_value"))
    return script(keys=[*keys.QUEUE, keys.DEAD, key], args=[name, of, reason])


class DeadLetters:
    """The stream of dead letters. Entries older than 12 hours are dropped.

    Every call can raise `redis.RedisError`.
    """

    def __init__(self, client: Client) -> None:
        self._redis = client
        self._keyring = client.keyring
        self._retry = client.register_script(lua_script("dead_letters/retry"))
        self._discard = client.register_script(lua_script("dead_letters/discard"))

    def all(self) -> Iterator[DeadLetter]:
        """The oldest first."""
        after = "-"
        while True:
            # Few at a time: each holds a photo.
            entries: Any = self._redis.xrange(keys.DEAD, after, "+", count=10)
            if not entries:
                return
            for entry_id, fields in entries:
                yield self._letter(entry_id, fields)
            after = f"({entries[-1][0].decode()}"

    def find(self, name: str) -> DeadLetter | None:
        """The one with this id; None if there is none."""
        try:
            entries: Any = self._redis.xrange(keys.DEAD, name, name)
        except redis.ResponseError:  # it is no id at all
            return None
        return self._letter(*entries[0]) if entries else None

    def retry(self, letter: DeadLetter) -> bool:
        """Queue the photo as if it had just arrived, regardless of the limits; False if it is gone.

        One transaction: it is in the queue or among the dead letters, never in both or neither.
        Raises ValueError if it is no photo.
        """
        if letter.job is None:
            raise ValueError("It is not a photo, so it cannot be retried.")
        meta = replace(letter.job, sent_at=time.time()).to_fields(self._keyring)[b"meta"]
        retried = self._retry(
            keys=[*keys.QUEUE, keys.DEAD, keys.SUBMITTED + letter.job.id],
            args=[letter.id, meta, REMEMBERED],
        )
        return bool(retried)

    def discard(self, letter: DeadLetter) -> bool:
        """Delete it; False if it is gone."""
        return bool(self._discard(keys=[*keys.QUEUE, keys.DEAD], args=[letter.id]))

    def _letter(self, entry_id: bytes, fields: Fields) -> DeadLetter:
        try:
            of = fields.get(b"of", b"photos")
            job = PhotoJob.from_fields(fields, self._keyring) if of == b"photos" else None
        except ValueError:
            job = None
        name = entry_id.decode()
        return DeadLetter(
            id=name,
            at=int(name.partition("-")[0]) / 1000,
            reason=fields.get(b"reason", b"").decode(errors="replace"),
            body=job.image if job else fields.get(b"body", b""),
            job=job,
        )
