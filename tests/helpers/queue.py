"""Photos for the queue, and what lies in its streams."""

from typing import Any

from model.common.queue import keys
from model.common.queue.job_stream import Delivery, JobStream
from model.common.queue.messages import Address, Answer, PhotoJob
from tests.helpers.redis import KEYRING, Client
from tests.helpers.waiting import eventually


def job(number: int = 1) -> PhotoJob:
    return PhotoJob(
        id=f"job-{number}",
        address=Address(chat_id=10, message_id=number, user_id=30, language="en"),
        image=b"\xff\xd8\x00",
    )


def submit(client: Client, *numbers: int) -> list[PhotoJob]:
    submitted = [job(number) for number in numbers]
    for each in submitted:
        client.xadd(keys.PHOTOS, each.to_fields(KEYRING))  # type: ignore[arg-type]
    return submitted


def answers(client: Client) -> list[Answer]:
    entries: Any = client.xrange(keys.ANSWERS)
    return [Answer.from_fields(fields, KEYRING) for _, fields in entries]


def pending(client: Client) -> list[dict[str, Any]]:
    found: Any = client.xpending_range(keys.PHOTOS, keys.WORKERS_GROUP, "-", "+", 100)
    return list(found)


def taken_over(stream: JobStream) -> Delivery:
    """The next photo that an idle worker loses to `stream`."""
    [delivery] = eventually(lambda: stream.take(8, 1))
    return delivery  # type: ignore[no-any-return]


def refused(delivery: Delivery) -> Answer:
    return Answer.to(delivery.job, refusal="unreadable")
