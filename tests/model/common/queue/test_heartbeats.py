import logging

import pytest
import redis

from model.common.queue import keys
from model.common.queue.heartbeats import WORKERS, WorkerStatus, show
from tests.helpers.redis import Client


def publish(client: Client, name: str, ago: float = 0) -> None:
    WORKERS.publish(client, WorkerStatus(name=name, model="m", answered=0))
    seen = client.zscore(keys.SEEN + "workers", name)
    client.zadd(keys.SEEN + "workers", {name: float(str(seen)) - ago})


def names(client: Client) -> list[bytes]:
    return sorted(client.hkeys(keys.WORKERS))  # type: ignore[arg-type]


def test_a_worker_is_shown_until_it_says_goodbye(client: Client) -> None:
    publish(client, "one")
    publish(client, "two")
    assert names(client) == [b"one", b"two"]
    assert [each.name for each in WORKERS.alive(client)] == ["one", "two"]
    WORKERS.withdraw(client, "one")
    assert names(client) == [b"two"] == client.zrange(keys.SEEN + "workers", 0, -1)


@pytest.mark.parametrize("ago", [60, -3600])
def test_workers_that_ended_without_a_word_are_cleared_away(client: Client, ago: float) -> None:
    """Also those that were seen an hour from now, before the clock was set back."""
    publish(client, "dead", ago)
    client.hset(keys.WORKERS, "junk", "no JSON")
    assert WORKERS.alive(client) == []
    publish(client, "one")
    assert names(client) == [b"one"] == client.zrange(keys.SEEN + "workers", 0, -1)


def test_how_long_ago_a_worker_was_seen_is_told_by_redis(client: Client) -> None:
    publish(client, "one", 20)
    [status] = WORKERS.alive(client)
    assert 19.9 < status.silent < 25


def test_nobody_waits_to_be_shown(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    def refused() -> None:
        raise redis.OutOfMemoryError("command not allowed when used memory > 'maxmemory'")

    def closed() -> None:
        raise redis.AuthenticationError("no")

    with caplog.at_level(logging.INFO):
        show(refused)
    assert "maxmemory" in caplog.text
    with pytest.raises(redis.AuthenticationError):
        show(closed)
