"""The bot's end of the answers' stream."""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import redis

from model.common.lua import lua_script
from model.common.queue import keys
from model.common.queue.consumer_groups import Entry, entries_in, group_is_missing
from model.common.queue.messages import Answer
from model.common.redis_tools.connection import AsyncClient
from model.common.redis_tools.keyring import Unsealable
from model.common.redis_tools.server_check import check_key_async

logger = logging.getLogger(__name__)


class AnswerStream:
    """The bot's end of the answers' stream. One bot process reads it, so its name is fixed.

    `take` hands out every answer that was not `done`, each once per process. An answer taken before
    a crash therefore comes first after it.
    """

    consumer = "bot"
    # Seconds between looks for answers that Redis handed out but that never came through.
    look_back_every = 30.0

    def __init__(self, redis: AsyncClient) -> None:
        self._redis = redis
        self._keyring = redis.keyring
        self._bury = redis.register_script(lua_script("answers/bury"))
        self._done = redis.register_script(lua_script("answers/done"))
        self._in_hand: dict[bytes, int] = {}  # entry id → the bytes of its picture
        self._look_back_at = 0.0

    async def take(self, count: int, block_ms: int) -> list[tuple[bytes, Answer]]:
        """Up to `count` answers; none after `block_ms` (at most 10,000) without one.

        What cannot be read is buried. Raises UnsuitableServerError if our key was replaced.
        """
        entries: list[Entry] = []
        if time.monotonic() >= self._look_back_at:
            entries = await self._missed(count)
            if not entries:
                self._look_back_at = time.monotonic() + self.look_back_every
        if not entries:
            entries = await self._read(count, block_ms)
        answers = []
        for entry_id, fields in entries:
            try:
                answers.append((entry_id, Answer.from_fields(fields, self._keyring)))
                self._in_hand[entry_id] = len(fields[b"body"])
            except ValueError as error:
                if isinstance(error, Unsealable):
                    await check_key_async(self._redis)
                logger.error("answer buried entry=%s: %s", entry_id.decode(), error)
                await self._bury(
                    keys=[*keys.QUEUE, keys.DEAD, keys.ANSWERS],
                    args=[keys.BOTS_GROUP, entry_id, str(error)],
                )
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

    async def _missed(self, count: int) -> list[Entry]:
        """Up to `count` answers that Redis handed out and that are not in hand.

        Their ids are looked through first: those in hand may weigh 200 MB.
        """
        # As of now: one that is `done` while Redis replies may still be in the reply.
        in_hand = self._in_hand.copy()
        pending: Any = await self._grouped(
            lambda: self._redis.xpending_range(
                keys.ANSWERS, keys.BOTS_GROUP, "-", "+", count + len(in_hand), self.consumer
            )
        )
        missed = [each["message_id"] for each in pending if each["message_id"] not in in_hand]
        async with self._redis.pipeline(transaction=False) as reading:
            for entry_id in missed[:count]:
                reading.xrange(keys.ANSWERS, entry_id, entry_id)
            found = await reading.execute()
        for entry_id, entries in zip(missed, found, strict=False):
            if not entries:  # somebody deleted it by hand
                await self._redis.xack(keys.ANSWERS, keys.BOTS_GROUP, entry_id)
        return [entry for entries in found for entry in entries]

    async def _read(self, count: int, block_ms: int) -> list[Entry]:
        """Up to `count` answers that were not handed out before."""
        reply = await self._grouped(
            lambda: self._redis.xreadgroup(
                keys.BOTS_GROUP, self.consumer, {keys.ANSWERS: ">"}, count, block_ms
            )
        )
        return entries_in(reply)

    async def _grouped(self, call: Callable[[], Awaitable[Any]]) -> Any:
        """Await `call()`, with the group made first if it is missing, as after FLUSHALL."""
        try:
            return await call()
        except redis.ResponseError as error:
            if not group_is_missing(error):
                raise
        await self._redis.xgroup_create(keys.ANSWERS, keys.BOTS_GROUP, id="0", mkstream=True)
        return await call()
