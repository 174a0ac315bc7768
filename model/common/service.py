"""The skeleton that the worker and the trainer share: start, main loop on Redis, end."""

import logging
import os
import secrets
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar

import redis
from pydantic import ValidationError

from model.common import logs
from model.common.health import Health
from model.common.queue.heartbeats import Heartbeats
from model.common.redis_tools.connection import Client
from model.common.redis_tools.retry import patiently
from model.common.redis_tools.server_check import check, sentences_about_redis
from model.common.settings import Settings, leave
from model.common.shutdown import StopSignal, dying_of_errors

logger = logging.getLogger(__name__)
T = TypeVar("T")


class Service(ABC):
    """A main loop that runs until `stopping()` and waits out any outage of Redis.

    A subclass shows itself in `_publish` and works in `_turn`, and calls Redis by `_patiently`.
    """

    def __init__(
        self,
        client: Client,
        heartbeats: Heartbeats[Any],
        *,
        stopping: Callable[[], bool],
        health: Health | None,
    ) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
        self._redis = client
        self._heartbeats = heartbeats
        self._stopping = stopping
        self._health = health or Health()
        self._refused = False  # whether Redis did not take the last call

    def serve(self, stop: StopSignal) -> None:
        """Run until the signal comes; before this call, it ends the process at once.

        SystemExit with a sentence if Redis refuses us or does not suit.
        """
        stop.ready = True
        with dying_of_errors(), sentences_about_redis():
            patiently(lambda: check(self._redis))
            self.run()

    def run(self) -> None:
        """Work until told to stop. Raises redis.AuthenticationError."""
        try:
            while not self._stopping():
                self._publish()
                self._turn()
            self._heartbeats.withdraw(self._redis, self.name)
        except redis.RedisError as error:
            if not self._stopping():
                raise
            # Nothing is lost: once its lease is over, another process takes up what is in hand.
            logger.info("stops without Redis: %s", error)

    @abstractmethod
    def _publish(self) -> None:
        """Publish a heartbeat now and then: it is called before each turn."""

    @abstractmethod
    def _turn(self) -> None:
        """Do the work there is, or wait for some briefly: a stop is noticed after each turn."""

    def _patiently(self, call: Callable[[], T]) -> T:
        """Call until Redis answers; only a stop or a refused password ends the wait."""

        def attempt() -> T:
            self._health.beat()
            try:
                result = call()
            except redis.RedisError as error:
                # Redis may take what checks try, and refuse this: a user who lacks a command.
                self._health.note("calls", f"Redis does not take them ({type(error).__name__})")
                self._refused = True
                raise
            if self._refused:
                self._health.note("calls")
                self._refused = False
            return result

        return patiently(attempt, stopping=self._stopping)


def configured() -> Settings:
    """The settings, with the log set up by them. SystemExit with a sentence if one is wrong."""
    try:
        settings = Settings()
    except ValidationError as error:
        leave(error)
    logs.set_up(settings)
    return settings
