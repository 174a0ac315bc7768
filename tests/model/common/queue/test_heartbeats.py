import time

import redis

from model.common.queue import heartbeats, keys
from model.common.queue.messages import WorkerStatus


def worker(name: str, seen_ago: float = 0) -> WorkerStatus:
    return WorkerStatus(
        name=name, model="m", started_at=0, seen_at=time.time() - seen_ago, answered=0
    )


def names(client: redis.Redis) -> list[bytes]:
    return sorted(client.hkeys(keys.WORKERS))  # type: ignore[arg-type]


def test_a_worker_is_shown_until_it_says_goodbye(client: redis.Redis) -> None:
    heartbeats.publish(client, worker("one"))
    heartbeats.publish(client, worker("two"))
    assert names(client) == [b"one", b"two"]
    heartbeats.withdraw(client, "one")
    assert names(client) == [b"two"]


def test_workers_that_ended_without_a_word_are_cleared_away(client: redis.Redis) -> None:
    client.hset(keys.WORKERS, "dead", worker("dead", seen_ago=60).to_json())
    client.hset(keys.WORKERS, "junk", "no JSON")
    heartbeats.publish(client, worker("one"))
    assert names(client) == [b"one"]
