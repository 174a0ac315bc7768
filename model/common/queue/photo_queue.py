"""The queue between bot and workers, on Redis Streams with consumer groups.

    bot                                     Redis                              workers
    PhotoQueue.submit ──▶ waiting ▸ photos ──(group "workers")──▶ JobStream.take
    AnswerStream.take ◀──────(group "bots")── answers ◀────────── JobStream.finish

What holds:

- A photo that `submit` returned for is in Redis. It leaves a stream in the same transaction that
  puts it, its answer, or its dead letter into another. Nobody's death loses it.
- A photo is worked on at least once and gets exactly one answer in the stream.
- An answer is sent at least once: a bot that dies between Telegram's "ok" and `done` sends it
  again.
- When it is crowded, people take turns: see `fair_queue` and docs/queue.md.
- A photo that is not taken is kept in mind, until its sender was told: see `refused`.

Photos and answers are never trimmed, which would drop work: they are bounded where photos come in,
by `QueueFull`. Redis 6.2 or Valkey suffices. All keys share a hash tag: one node of a cluster has
all.

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

from model.common.queue import heartbeats, keys
from model.common.queue.backlog import Load
from model.common.queue.limits import MEGABYTE, Limits, Reason
from model.common.queue.lua_scripts import lua_script
from model.common.queue.messages import Answer, Fields, PhotoJob, WorkerStatus

logger = logging.getLogger(__name__)
Entry = tuple[bytes, Fields]

REMEMBERED = 24 * 3600  # seconds for which a second submit of the same id is known as such

REASONS: dict[bytes, Reason] = {b"too_many": "too_many", b"too_fast": "too_fast", b"full": "full"}

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
    """There is no room for this photo: in the queue, or among what this person may have in it.

    `waiting` photos and answers are in the queue, and after `seconds` the person could try again,
    as far as that is known.
    """

    def __init__(self, reason: Reason, waiting: int, seconds: int = 0) -> None:
        super().__init__(f"There is no room for this photo ({reason}): {waiting} are waiting.")
        self.reason: Reason = reason
        self.waiting = waiting
        self.seconds = seconds


class PhotoQueue:
    """The bot's end of the photos' streams, and what `/status` shows of them."""

    def __init__(self, redis: redis.asyncio.Redis, limits: Limits | None = None) -> None:
        self._redis = redis
        self._limits = limits or Limits()
        self._submit = redis.register_script(lua_script(__file__, "submit"))
        self._forget = redis.register_script(lua_script(__file__, "forget_person"))

    async def admit(
        self, job: PhotoJob, size: int = 0, *, in_hand: int = 0, behind: bool = False
    ) -> bool:
        """Whether the photo is still to be submitted: False where that was done before.

        To be asked before the image is fetched: nothing is queued, `job` needs no image yet, and
        `size` is its bytes as far as they are known. Raises QueueFull as `submit` would, and where
        the caller is `behind`, with `in_hand` other photos that it has not submitted.
        """
        state, _ = await self._enter("admit", job, size, in_hand=in_hand, behind=behind)
        return state != b"known"

    async def submit(self, job: PhotoJob) -> int:
        """Queue the photo; how many are worked on before it, as things stand.

        An id that was submitted in the last 24 hours adds nothing, answered or not: Telegram may
        deliver an update twice, and a call whose outcome is unknown may be repeated.
        Raises QueueFull. A photo's refusal is in Redis then, for `bot.replies.refusals` to tell of,
        and the same id is refused for ten minutes. That of a correction is left to the caller.
        """
        entry = job.to_fields()
        texts = (entry[b"meta"], entry[b"body"])
        _, ahead = await self._enter("submit", job, len(job.image), texts)
        return ahead

    async def _enter(
        self,
        how: str,
        job: PhotoJob,
        size: int,
        entry: tuple[bytes, bytes] = (b"", b""),
        *,
        in_hand: int = 0,
        behind: bool = False,
    ) -> tuple[bytes, int]:
        limits, to = self._limits, job.address
        state, ahead, seconds = await self._submit(
            keys=[
                *(*keys.QUEUE, keys.ANSWERS, keys.REFUSED),
                *(keys.SUBMITTED + job.id, keys.PACE + job.person, keys.TEMPO),
            ],
            args=[
                *(how, job.kind, job.person, size),
                *(limits.per_minute, limits.waiting, limits.photos, limits.megabytes * MEGABYTE),
                *(REMEMBERED, f"{to.chat_id}:{job.person}", to.message_id, to.language),
                *(*entry, limits.seconds, in_hand, int(behind)),
            ],
        )
        if state in REASONS:
            raise QueueFull(REASONS[state], ahead, seconds)
        return state, ahead

    async def forget(self, user_id: int) -> int:
        """Delete the person's photos that wait to be redrawn, or were set aside; how many.

        Photos that wait for their first answer stay: they are deleted with it.
        """
        deleted = await self._forget(
            keys=[*keys.QUEUE, keys.DEAD, f"{keys.PACE}{user_id}"],
            args=[keys.WORKERS_GROUP, user_id],
        )
        return int(deleted)

    async def load(self) -> Load:
        """How much there is to do."""
        return await Load.read_async(self._redis)

    async def depth(self) -> int:
        """How many photos have no answer yet."""
        return (await self.load()).photos

    async def oldest_age(self) -> float:
        """For how many seconds the oldest photo has been waiting; 0 in an empty queue."""
        return (await self.load()).oldest

    async def dead_letters(self) -> int:
        """How many entries were given up lately: in the last 12 hours, 24 at most."""
        return (await self.load()).dead

    async def workers(self) -> list[WorkerStatus]:
        """The workers seen in the last 30 seconds."""
        return heartbeats.alive(await self._redis.hgetall(keys.WORKERS))  # type: ignore[misc]


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
        self._bury = redis.register_script(lua_script(__file__, "bury_answer"))
        self._done = redis.register_script(lua_script(__file__, "done"))
        self._in_hand: dict[bytes, int] = {}  # entry id → the bytes of its picture
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
                    keys=[*keys.QUEUE, keys.DEAD, keys.ANSWERS],
                    args=[keys.BOTS_GROUP, entry_id, str(error)],
                )
        self._in_hand.update((entry_id, len(answer.picture)) for entry_id, answer in answers)
        return answers

    async def done(self, entry_id: bytes) -> None:
        """The answer was sent, or can never be: forget it."""
        # At least once: Telegram has accepted the message, so it is acknowledged only now.
        # Dying just before this line sends it twice; acknowledging earlier could lose it.
        await self._done(
            keys=[keys.ANSWERS, keys.BYTES],
            args=[keys.BOTS_GROUP, entry_id, self._in_hand.get(entry_id, 0)],
        )
        self._in_hand.pop(entry_id, None)

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
