"""The workers' hash: who is at work, and with which model."""

import time
from collections.abc import Mapping

import redis

from model.queue.keys import WORKERS
from model.queue.messages import WorkerStatus

# Seconds. A worker that was not seen for so long is dead, or as good as dead.
ALIVE = 30.0


def publish(client: redis.Redis, status: WorkerStatus) -> None:
    """Show `status`, and clear away those of workers that ended without a word."""
    client.hset(WORKERS, status.name, status.to_json())
    everyone: dict[bytes, bytes] = client.hgetall(WORKERS)  # type: ignore[assignment]
    here = {worker.name.encode() for worker in alive(everyone)}
    if stale := [name for name in everyone if name not in here]:
        client.hdel(WORKERS, *stale)  # type: ignore[arg-type]


def withdraw(client: redis.Redis, name: str) -> None:
    """Take the worker's status away: it stops."""
    client.hdel(WORKERS, name)


def alive(entries: Mapping[bytes, bytes]) -> list[WorkerStatus]:
    """The workers seen in the last ALIVE seconds, by name."""
    seen_after = time.time() - ALIVE
    workers = [worker for text in entries.values() if (worker := _parsed(text)) is not None]
    return sorted(
        (worker for worker in workers if worker.seen_at >= seen_after), key=lambda w: w.name
    )


def _parsed(text: bytes) -> WorkerStatus | None:
    try:
        return WorkerStatus.from_json(text)
    except ValueError:
        return None
