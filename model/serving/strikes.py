"""Strikes: a person whose files cost three decoders in ten minutes has to wait."""

import logging
import time

import redis

from model.common import metrics
from model.common.queue import keys
from model.common.redis_tools.connection import Client
from model.photos.refusals import Refused

logger = logging.getLogger(__name__)

MOST = 3
SECONDS = 600  # from the first strike on, after which all are forgotten


class Strikes:
    """Counts strikes in Redis, for all workers, so that nobody keeps them busy with bad files.

    Redis is asked only about people who have struck this worker: ordinary photos cost nothing. So
    somebody may cost each further worker one decoder more. Without Redis nobody is made to wait.
    """

    def __init__(self, client: Client) -> None:
        self._redis = client
        self._keyring = client.keyring
        self._struck: dict[int, float] = {}  # person → until when, by the monotonic clock

    def check(self, person: int) -> None:
        """Raise Refused with reason "paused" if this person has to wait."""
        if person not in self._struck:
            return
        if self._struck[person] < time.monotonic():
            del self._struck[person]
            return
        try:
            count = int(self._redis.get(self._key(person)) or 0)  # type: ignore[arg-type]
        except redis.RedisError as error:
            logger.warning("strikes not looked up: %s", error)
            return
        if count >= MOST:
            raise Refused("paused", "Too many files of this person crashed the decoder: wait.")

    def add(self, person: int) -> None:
        """A file of this person's cost a decoder."""
        metrics.DECODERS_LOST.inc()
        self._struck[person] = time.monotonic() + SECONDS
        key = self._key(person)
        try:
            with self._redis.pipeline() as pipeline:
                pipeline.set(key, 0, ex=SECONDS, nx=True)
                pipeline.incr(key)
                pipeline.execute()
        except redis.RedisError as error:
            logger.warning("strike not counted: %s", error)

    def _key(self, person: int) -> str:
        return keys.STRIKES + self._keyring.person(person)
