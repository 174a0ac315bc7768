"""Many people who send photos, and a worker who answers one photo at a time."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from model.common.prediction import Prediction
from model.common.queue import keys
from model.common.queue.answer_stream import AnswerStream
from model.common.queue.job_stream import Delivery, JobStream
from model.common.queue.limits import Limits, Reason
from model.common.queue.messages import Address, Answer, Correction, PhotoJob
from model.common.queue.photo_queue import PhotoQueue, QueueFull
from model.common.queue.refusals import RefusalLog, RefusedPhotos
from tests.helpers.redis import KEYRING, Client, connect, connect_async

ADA, BOB = 1, 2

FRONT = 32  # of a queue that has two workers or fewer
ANY_NUMBER = Limits(photos=10_000, per_minute=0, waiting=0)


def photo(name: str, person: int, size: int = 3, **more: Any) -> PhotoJob:
    to: dict[str, Any] = {
        "chat_id": person,
        "message_id": 1,
        "user_id": person,
        "language": "en",
    }
    address = Address(**{field: more.pop(field, value) for field, value in to.items()})
    return PhotoJob(id=name, address=address, image=b"x" * size, **more)


def correction(name: str, person: int, size: int = 3) -> PhotoJob:
    said = Prediction(
        probabilities=(0.1,) * 10, garment_score=1.0, verdict="sure", model="stand-in"
    )
    about = Correction(answer_id="u1", edits=1, turn=1, label=5, prediction=said)
    return photo(name, person, size, correction=about)


class Crowd:
    """The queue from both ends, without an event loop around."""

    def __init__(self, client: Client, url: str, limits: Limits) -> None:
        self.client = client
        self._runner = asyncio.Runner()
        self._async = connect_async(url)
        self.queue = PhotoQueue(self._async, limits)
        self.answers = AnswerStream(self._async)
        self.jobs = JobStream(client, "worker", idle_limit=60.0)
        self.sent = 0

    def close(self) -> None:
        self._runner.run(self._async.aclose())
        self._runner.close()

    def wait(self, awaitable: Any) -> Any:
        return self._runner.run(awaitable)

    def send(self, person: int, size: int = 3, *, job: PhotoJob | None = None) -> int:
        """Somebody sends a photo: how many are ahead of it. Its id is 0 and so on, in order."""
        job = job or photo(str(self.sent), person, size)
        self.sent += 1
        return int(self.wait(self.queue.submit(job)))

    def take(self) -> Delivery | None:
        return next(iter(self.jobs.take(1, 1)), None)

    def finish(self, delivery: Delivery, picture: bytes = b"chart") -> None:
        assert self.jobs.finish(delivery, Answer.to(delivery.job, picture=picture))

    def answer(self) -> str | None:
        """The next photo is answered: its id."""
        delivery = self.take()
        if delivery is None:
            return None
        self.finish(delivery)
        return delivery.job.id

    def drain(self) -> list[str]:
        """All are answered: their ids, in this order."""
        return list(iter(self.answer, None))

    def send_answers(self) -> int:
        """Telegram takes all answers: how many."""
        taken = self.wait(self.answers.take(10_000, 1))
        for entry, _ in taken:
            self.wait(self.answers.done(entry))
        return len(taken)

    def hash(self, key: str) -> dict[str, str]:
        found: Any = self.client.hgetall(key)
        return {name.decode(): value.decode() for name, value in found.items()}

    def bytes(self, what: str) -> int:
        return int(self.hash(keys.BYTES).get(what, 0))

    def ids(self, stream: str) -> list[str]:
        """The jobs in a stream."""
        entries: Any = self.client.xrange(stream)
        return [PhotoJob.from_fields(fields, KEYRING).id for _, fields in entries]


@contextmanager
def crowded(url: str, limits: Limits = ANY_NUMBER) -> Iterator[Crowd]:
    """An empty queue with these limits."""
    with connect(url) as client:
        client.flushall()
        crowd = Crowd(client, url, limits)
        yield crowd
        crowd.close()


Limited = Callable[..., AbstractContextManager[Crowd]]


def refusal(crowd: Crowd, person: int = ADA, **more: Any) -> tuple[Reason, int]:
    """Why a photo of this person is refused, and for how many seconds."""
    with pytest.raises(QueueFull) as full:
        crowd.send(person, **more)
    return full.value.reason, full.value.seconds


def counts(crowd: Crowd, notes: RefusalLog) -> dict[str, int]:
    found: dict[str, RefusedPhotos] = crowd.wait(notes.all())
    return {name: photos.count for name, photos in found.items()}
