"""Waiting for a Redis that is away."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

import redis

logger = logging.getLogger(__name__)
T = TypeVar("T")

LONGEST_PAUSE = 1.0  # seconds between two attempts to reach Redis


def patiently(call: Callable[[], T], *, stopping: Callable[[], bool] = lambda: False) -> T:
    """Call until Redis is there to answer; only a stop or a refused password ends the wait."""
    pause = 0.0
    while True:
        try:
            result = call()
        except redis.AuthenticationError:
            raise
        except redis.RedisError as error:
            if stopping():
                raise
            if not pause:
                logger.warning("Redis does not serve, waiting for it: %s", error)
            pause = min(LONGEST_PAUSE, pause * 2 or 0.1)
            time.sleep(pause)
        else:
            if pause:
                logger.info("Redis serves again")
            return result
