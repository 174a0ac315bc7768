"""The queue between bot and workers, on Redis Streams with consumer groups.

    bot                                 Redis                              workers
    PhotoQueue.submit ──▶ photos ──(group "workers")──▶ JobStream.take
    AnswerStream.take ◀──(group "bots")── answers ◀──── JobStream.finish

What holds:

- A photo that `submit` returned for is in Redis. It leaves the stream in the same transaction that
  puts its answer, or its dead letter, into another. Nobody's death loses it.
- A photo is worked on at least once and gets exactly one answer in the stream.
- An answer is sent at least once: a bot that dies between Telegram's "ok" and `done` sends it
  again.

The streams are never trimmed, which would drop work: they are bounded where photos come in, by
`QueueFull`. Redis 6.2 or Valkey suffices. All keys share a hash tag: one node of a cluster has all.

The bot's side, here, is asyncio; the workers', in `jobs`, is not. Errors of the server or of the
way to it are redis-py's own, subclasses of `redis.RedisError`. Every call here can raise them, and
may then be repeated.
"""

import logging
import time
from typing import Any

import redis
import redis.asyncio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

from model.queue import keys, scripts, status
from model.queue.messages import Answer, Fields, PhotoJob, WorkerStatus

logger = logging.getLogger(__name__)
Entry = tuple[bytes, Fields]

CAPACITY = 1000  # photos without an answer
REMEMBERED = 24 * 3600  # seconds for which a second submit of the same id is known as such

# Longer than any `block_ms` in use: a read that waits for entries is not a dead connection.
_CONNECTION: dict[str, Any] = {
    "socket_timeout": 15,
    "socket_connect_timeout": 5,
    "health_check_interval": 30,
}
# For a hiccup: about a second in all. Whoever calls has more patience, and a log.
_RETRIES = 2


def connect(url: str) -> redis.Redis:
    """A client for a worker; it speaks in bytes, and tries again where the connection hiccups."""
    retry = Retry(ExponentialBackoff(cap=0.5, base=0.05), _RETRIES)
    return redis.Redis.from_url(url, retry=retry, **_CONNECTION)


def connect_async(url: str) -> redis.asyncio.Redis:
    """As `connect`, for the bot's event loop."""
    retry = AsyncRetry(ExponentialBackoff(cap=0.5, base=0.05), _RETRIES)
    return redis.asyncio.Redis.from_url(url, retry=retry, **_CONNECTION)


class QueueFull(Exception):
    """As many photos wait as the queue holds: `waiting`. Ask the person to try again later."""

    def __init__(self, waiting: int) -> None:
        super().__init__(f"The queue is full: {waiting} photos are waiting.")
        self.waiting = waiting


class PhotoQueue:
    """The bot's end of the photos' stream, and what `/status` shows of it."""

    def __init__(self, redis: redis.asyncio.Redis, *, capacity: int = CAPACITY) -> None:
        self._redis = redis
        self._capacity = capacity
        self._submit = redis.register_script(scripts.SUBMIT)
        self._forget = redis.register_script(scripts.FORGET_PERSON)

    async def submit(self, job: PhotoJob) -> int:
        """Queue the photo; how many stand before it, those in a worker's hands included.

        An id that was submitted in the last 24 hours adds nothing, answered or not: Telegram may
        deliver an update twice, and a call whose outcome is unknown may be repeated.
        Raises QueueFull.
        """
        entry = job.to_fields()
        queued, waiting = await self._submit(
            keys=[keys.PHOTOS, keys.SUBMITTED + job.id],
            args=[self._capacity, REMEMBERED, entry[b"meta"], entry[b"body"]],
        )
        if not queued:
            raise QueueFull(waiting)
        return int(waiting)

    async def forget(self, user_id: int) -> int:
        """Delete the person's photos that wait to be redrawn, or were set aside; how many.

        Photos that wait for their first answer stay: they are deleted with it.
        """
        return int(
            await self._forget(keys=[keys.PHOTOS, keys.DEAD], args=[keys.WORKERS_GROUP, user_id])
        )

    async def depth(self) -> int:
        """How many photos have no answer yet."""
        return int(await self._redis.xlen(keys.PHOTOS))

    async def oldest_age(self) -> float:
        """For how many seconds the oldest photo has been waiting; 0 in an empty queue."""
        entries = await self._redis.xrange(keys.PHOTOS, count=1)
        if not entries:
            return 0.0
        seconds, microseconds = await self._redis.time()
        queued_ms = int(entries[0][0].split(b"-")[0])
        return max(0.0, int(seconds) + int(microseconds) / 1e6 - queued_ms / 1e3)

    async def dead_letters(self) -> int:
        """How many entries were given up lately: in the last 12 hours, 24 at most."""
        return int(await self._redis.xlen(keys.DEAD))

    async def workers(self) -> list[WorkerStatus]:
        """The workers seen in the last 30 seconds."""
        return status.alive(await self._redis.hgetall(keys.WORKERS))  # type: ignore[misc]


class AnswerStream:
    """The bot's end of the answers' stream. One bot process reads it, so its name is fixed.

    `take` hands out every answer that was not `done`, each once per process. An answer taken before
    a crash therefore comes first after it.
    """

    consumer = "bot"
    # Seconds between looks for answers that Redis handed out but that never came through.
    look_back_every = 30.0

    def __init__(self, redis: redis.asyncio.Redis) -> None:
        self._redis = redis
        self._bury = redis.register_script(scripts.BURY)
        self._in_hand: set[bytes] = set()
        self._look_back_at = 0.0

    async def take(self, count: int, block_ms: int) -> list[tuple[bytes, Answer]]:
        """Up to `count` answers; none after `block_ms` (at most 10,000) without one."""
        entries: list[Entry] = []
        if time.monotonic() >= self._look_back_at:
            # As of now: one that is `done` while Redis replies may still be in the reply.
            in_hand = self._in_hand.copy()
            pending = await self._read(b"0", count + len(in_hand))
            entries = [entry for entry in pending if entry[0] not in in_hand][:count]
            if not entries:
                self._look_back_at = time.monotonic() + self.look_back_every
        if not entries:
            entries = await self._read(b">", count, block_ms)
        answers = []
        for entry_id, fields in entries:
            try:
                answers.append((entry_id, Answer.from_fields(fields)))
            except ValueError as error:
                logger.error("answer buried entry=%s: %s", entry_id.decode(), error)
                await self._bury(
                    keys=[keys.ANSWERS, keys.DEAD, keys.ANSWERS],
                    args=scripts.bury_args(keys.BOTS_GROUP, entry_id, str(error)),
                )
        self._in_hand.update(entry_id for entry_id, _ in answers)
        return answers

    async def done(self, entry_id: bytes) -> None:
        """The answer was sent, or can never be: forget it."""
        async with self._redis.pipeline(transaction=True) as transaction:
            transaction.xack(keys.ANSWERS, keys.BOTS_GROUP, entry_id)
            transaction.xdel(keys.ANSWERS, entry_id)
            # At least once: Telegram has accepted the message, so it is acknowledged only now.
            # Dying just before this line sends it twice; acknowledging earlier could lose it.
            await transaction.execute()
        self._in_hand.discard(entry_id)

    async def _read(self, after: bytes, count: int, block_ms: int | None = None) -> list[Entry]:
        async def read() -> Any:
            return await self._redis.xreadgroup(
                keys.BOTS_GROUP, self.consumer, {keys.ANSWERS: after}, count, block_ms
            )

        try:
            return entries_in(await read())
        except redis.ResponseError as error:
            if not group_is_missing(error):
                raise
        await self._redis.xgroup_create(keys.ANSWERS, keys.BOTS_GROUP, id="0", mkstream=True)
        return entries_in(await read())


def group_is_missing(error: redis.ResponseError) -> bool:
    """Whether it must be made: the first time, or after FLUSHALL."""
    # UNBLOCKED is what newer servers say to a reader whose stream is deleted under it.
    return str(error).startswith(("NOGROUP", "UNBLOCKED"))


def entries_in(reply: Any) -> list[Entry]:
    """The entries in the reply to an XREADGROUP of one stream."""
    return list(reply[0][1]) if reply else []
