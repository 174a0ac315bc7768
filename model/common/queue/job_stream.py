"""The worker's side of the queue: photos out, answers in. `model.common.queue` says what holds."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import redis

from model.common import metrics
from model.common.lua import lua_script
from model.common.queue import keys
from model.common.queue.consumer_groups import Entry, entries_in, group_is_missing
from model.common.queue.leases import Leases
from model.common.queue.messages import Answer, Fields, PhotoJob
from model.common.redis_tools.connection import Client
from model.common.redis_tools.keyring import Unsealable
from model.common.redis_tools.server_check import check_key

logger = logging.getLogger(__name__)

MAX_DELIVERIES = 3  # a photo that was handed out so often is given up
IDLE_LIMIT = 20.0  # seconds without a sign of life until a worker's photos go to another
GONE_MS = 3_600_000  # a consumer without entries is forgotten after an hour of silence


@dataclass(frozen=True, slots=True)
class Delivery:
    """A photo leased to a worker; `deliveries` counts how often it was handed out, this time
    included.

    `person` is whose it is, as Redis knows people, and `size` the sealed photo's, in bytes.
    """

    entry_id: bytes
    job: PhotoJob
    deliveries: int
    person: bytes = b""
    size: int = 0


class JobStream:
    """A worker's end of the photos' stream, under the consumer name `consumer`.

        with JobStream(connect(url), consumer) as jobs:
            for delivery in jobs.take(8, block_ms=1000):
                jobs.finish(delivery, answer)  # or bury, or release

    A delivery's photo is this worker's alone while its lease is kept: inside the `with`, from the
    moment of reading until one of the three. Photos of a worker that died come to the others
    `idle_limit` seconds later, one by one: should one of them have killed it, it meets no
    neighbours, whose own count of deliveries would rise with it. What was handed out MAX_DELIVERIES
    times, and what is no PhotoJob at all, goes to the dead letters instead of coming out of `take`.

    Everything but the leases' own thread belongs to one thread.
    """

    def __init__(self, redis: Client, consumer: str, *, idle_limit: float = IDLE_LIMIT) -> None:
        self._redis = redis
        self._keyring = redis.keyring
        self._consumer = consumer
        self._idle_limit = idle_limit
        self._finish = redis.register_script(lua_script("photos/finish"))
        self._bury = redis.register_script(lua_script("photos/bury"))
        self._refill = redis.register_script(lua_script("photos/refill"))
        self._forget = redis.register_script(lua_script("photos/forget_consumers"))
        self._mend_clock = redis.register_script(lua_script("photos/mend_clock"))
        self._leases = Leases(redis, consumer, idle_limit)
        self._cursor = b"0-0"  # where the look for abandoned entries goes on
        self._look_at = 0.0  # when it starts over, by the monotonic clock

    def __enter__(self) -> Self:
        self._leases.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._leases.close()
        try:
            # Out of the group, unless photos are left in hand: these must stay known to it.
            self._forget(keys=[keys.PHOTOS], args=[keys.WORKERS_GROUP, self._consumer, GONE_MS])
        except redis.RedisError as error:
            logger.info("the group keeps the consumer %s: %s", self._consumer, error)

    def take(self, count: int, block_ms: int) -> list[Delivery]:
        """One abandoned photo, or up to `count` new ones; none after `block_ms` without any.

        Where there are new ones it returns at once: what comes while a batch is worked on is the
        next batch, so batches are as large as it is crowded, and a lonely photo never waits for
        others. `block_ms` is at most 10,000.
        """
        if abandoned := self._reclaim():
            return [abandoned]
        entries: list[Entry] = []
        try:
            entries = self._read(count, block_ms)
            if not entries and self._refill(keys=keys.QUEUE):
                # Somebody deleted photos by hand, and nobody called up those behind them.
                entries = self._read(count, block_ms)
            deliveries = [self._accept(entry_id, fields, 1) for entry_id, fields in entries]
        except redis.RedisError:
            # The caller never hears of what was read, so nobody would finish it.
            self._leases.release(entry_id for entry_id, _ in entries)
            raise
        return [delivery for delivery in deliveries if delivery]

    def finish(self, delivery: Delivery, answer: Answer) -> bool:
        """Put the answer in its stream and the photo out of its own, in one transaction.

        False, and no second answer, if the photo was finished before: by another worker that had
        taken it over, or by this very call, its first reply lost on the way.
        """
        entry = answer.to_fields(self._keyring)
        # The work was done at least once: dying before this line repeats it elsewhere. The answer
        # is written exactly once: only the call that still finds the entry writes one, and the
        # acknowledgement, the deletion and the answer happen together or not at all.
        finished = self._finish(
            keys=[*keys.QUEUE, keys.ANSWERS, keys.TEMPO],
            args=[
                *(keys.WORKERS_GROUP, delivery.entry_id, entry[b"meta"], entry[b"body"]),
                *(delivery.person, delivery.size),
            ],
        )
        self._leases.release([delivery.entry_id])
        return bool(finished)

    def bury(self, delivery: Delivery, reason: str) -> None:
        """Give the photo up: dead letter, and "failed" to its sender, in one transaction."""
        answer = Answer.to(delivery.job, refusal="failed")
        self._put_away(delivery.entry_id, reason, answer.to_fields(self._keyring)[b"meta"])
        logger.error(
            "photo buried job=%s deliveries=%d: %s",
            *(delivery.job.id, delivery.deliveries, reason),
            extra={"job": delivery.job.id},
        )

    def release(self, delivery: Delivery) -> None:
        """Leave the photo unfinished: it is handed out again after the idle limit."""
        self._leases.release([delivery.entry_id])

    def _read(self, count: int, block_ms: int) -> list[Entry]:
        entries = entries_in(
            self._grouped(
                self._redis.xreadgroup,
                *(keys.WORKERS_GROUP, self._consumer, {keys.PHOTOS: ">"}, count, block_ms),
            )
        )
        self._leases.hold(entry_id for entry_id, _ in entries)
        return entries

    def _reclaim(self) -> Delivery | None:
        """The next photo whose worker gave no sign of life for the idle limit, if there is one."""
        while time.monotonic() >= self._look_at:
            if self._cursor == b"0-0":
                about = [keys.PHOTOS, keys.CLOCK]
                if held := self._mend_clock(keys=about, args=[keys.WORKERS_GROUP]):
                    logger.warning("Redis's clock was set back, %s photos are in hand", held)
            self._cursor, entries, *_ = self._grouped(
                self._redis.xautoclaim,
                *(keys.PHOTOS, keys.WORKERS_GROUP, self._consumer),
                *(int(self._idle_limit * 1000), self._cursor, 1),
            )
            if self._cursor == b"0-0":
                self._look_at = time.monotonic() + (0 if entries else self._idle_limit / 4)
            for entry_id, fields in entries:
                if entry_id is None:
                    continue  # Redis 6.2 says so of an entry that somebody deleted by hand.
                if delivery := self._accept(entry_id, fields, self._deliveries(entry_id)):
                    self._leases.hold([entry_id])
                    metrics.RETRIED.inc()
                    return delivery
        return None

    def _deliveries(self, entry_id: bytes) -> int:
        pending: Any = self._grouped(
            self._redis.xpending_range, keys.PHOTOS, keys.WORKERS_GROUP, entry_id, entry_id, 1
        )
        return int(pending[0]["times_delivered"]) if pending else 1

    def _accept(self, entry_id: bytes, fields: Fields, deliveries: int) -> Delivery | None:
        try:
            job = PhotoJob.from_fields(fields, self._keyring)
        except ValueError as error:
            if isinstance(error, Unsealable):
                check_key(self._redis)  # if ours was replaced, this is for workers with the new one
            self._put_away(entry_id, str(error))
            logger.error("entry buried entry=%s: %s", entry_id.decode(), error)
            return None
        delivery = Delivery(entry_id, job, deliveries, fields[b"person"], len(fields[b"body"]))
        if deliveries > MAX_DELIVERIES:
            self.bury(delivery, f"every worker crashed on it in {MAX_DELIVERIES} deliveries")
            return None
        return delivery

    def _put_away(self, entry_id: bytes, reason: str, answer_meta: bytes = b"") -> None:
        buried = self._bury(
            keys=[*keys.QUEUE, keys.DEAD, keys.ANSWERS],
            args=[keys.WORKERS_GROUP, entry_id, reason, answer_meta],
        )
        metrics.DEAD.inc(buried)
        self._leases.release([entry_id])

    def _grouped(self, call: Callable[..., Any], *args: Any) -> Any:
        """`call(*args)`, with the group made first if it is missing, as after FLUSHALL."""
        try:
            return call(*args)
        except redis.ResponseError as error:
            if not group_is_missing(error):
                raise
        try:
            # From id 0: what is in the stream already is work, too.
            self._redis.xgroup_create(keys.PHOTOS, keys.WORKERS_GROUP, id="0", mkstream=True)
        except redis.ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):  # another worker was faster
                raise
        return call(*args)
