"""Queues with limits, and one that refuses."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from model.common.queue.limits import Limits
from model.common.queue.refusals import RefusalLog
from tests.model.common.queue.crowd import BOB, Crowd, Limited, crowded


@pytest.fixture
def limited(redis_url: str) -> Limited:
    """An empty queue with these limits and no others for a person."""

    def limited(**limits: int) -> AbstractContextManager[Crowd]:
        return crowded(redis_url, Limits(**{"per_minute": 0, "waiting": 0} | limits))

    return limited


@pytest.fixture
def refused(redis_url: str) -> Iterator[tuple[Crowd, RefusalLog]]:
    """A queue that takes nothing, and what it notes."""
    with crowded(redis_url, Limits(photos=1)) as crowd:
        crowd.send(BOB)
        yield crowd, RefusalLog(crowd.queue._redis)
