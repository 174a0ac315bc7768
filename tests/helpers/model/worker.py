"""A worker in a thread, with parts that are quick, and what goes in and comes out."""

from collections.abc import Sequence
from typing import Any

from PIL import Image

from model.common.health import Health
from model.common.prediction import Prediction
from model.common.queue import keys
from model.common.queue.messages import Address, Answer, PhotoJob
from model.serving.worker import Worker
from tests.helpers import photos
from tests.helpers.redis import KEYRING, Client
from tests.helpers.waiting import InThread, eventually

POISON = (255, 0, 0)
BLUE = (0, 0, 255)


class FakeClassifier:
    """Knows one garment; fails at anything red."""

    version = "fake-1"
    batch_size = 8

    def __init__(self) -> None:
        self.batches: list[int] = []

    def warm_up(self) -> None:
        pass

    def classify(self, images: Sequence[Image.Image]) -> list[Prediction]:
        self.batches.append(len(images))
        if any(image.getpixel((0, 0)) == POISON for image in images):
            raise RuntimeError("poison")
        sneaker = tuple(float(index == 7) for index in range(10))
        prediction = Prediction(
            probabilities=sneaker, garment_score=1.0, verdict="sure", model=self.version
        )
        return [prediction] * len(images)


class FakeChart:
    """Says in which language it was asked to draw."""

    def draw(
        self, prediction: Prediction, photo: Image.Image, language: str, *, truth: int | None = None
    ) -> bytes:
        corrected = "" if truth is None else f" truth {truth}"
        return f"{prediction.label.name} {photo.size} {language}{corrected}".encode()

    def tile(
        self, prediction: Prediction, photo: Image.Image, language: str, *, truth: int | None = None
    ) -> bytes:
        return b"tile of " + self.draw(prediction, photo, language, truth=truth)


class Running(InThread):
    """A worker in a thread, with what it was made of."""

    def __init__(
        self,
        client: Client,
        *,
        idle_limit: float = 20.0,
        health: Health | None = None,
    ) -> None:
        self.classifier = FakeClassifier()
        super().__init__()
        self.worker = Worker(
            client,
            self.classifier,
            FakeChart(),
            stopping=self.stopping,
            idle_limit=idle_limit,
            health=health,
        )

    def run(self) -> None:
        self.worker.run()


def picture(colour: tuple[int, int, int] = BLUE) -> bytes:
    return photos.picture(colour, (40, 30), "PNG")


def submit(client: Client, *images: bytes, language: str = "en") -> list[PhotoJob]:
    jobs = [
        PhotoJob(
            id=f"job-{n}",
            address=Address(chat_id=1, message_id=n, user_id=2, language=language),
            image=image,
        )
        for n, image in enumerate(images)
    ]
    for job in jobs:
        client.xadd(keys.PHOTOS, job.to_fields(KEYRING))  # type: ignore[arg-type]
    return jobs


def answers(client: Client, count: int) -> list[Answer]:
    """The answers, once there are `count` and no photo is left."""
    eventually(lambda: client.xlen(keys.ANSWERS) == count and client.xlen(keys.PHOTOS) == 0)
    entries: Any = client.xrange(keys.ANSWERS)
    return [Answer.from_fields(fields, KEYRING) for _, fields in entries]
