"""Photos for the queue, and what lies in its streams."""

from typing import Any

import redis

from model.common.queue import keys
from model.common.queue.messages import Address, Answer, PhotoJob


def job(number: int = 1) -> PhotoJob:
    return PhotoJob(
        id=f"job-{number}",
        address=Address(chat_id=10, message_id=number, user_id=30, language="en"),
        image=b"\xff\xd8\x00",
    )


def submit(client: redis.Redis, *numbers: int) -> list[PhotoJob]:
    submitted = [job(number) for number in numbers]
    for each in submitted:
        client.xadd(keys.PHOTOS, each.to_fields())  # type: ignore[arg-type]
    return submitted


def answers(client: redis.Redis) -> list[Answer]:
    entries: Any = client.xrange(keys.ANSWERS)
    return [Answer.from_fields(fields) for _, fields in entries]


def pending(client: redis.Redis) -> list[dict[str, Any]]:
    found: Any = client.xpending_range(keys.PHOTOS, keys.WORKERS_GROUP, "-", "+", 100)
    return list(found)
