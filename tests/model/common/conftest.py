from collections.abc import Iterator

import pytest
import redis

from model.common.queue.photo_queue import connect


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    with connect(redis_url) as client:
        yield client
