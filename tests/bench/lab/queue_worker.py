"""The lab's workers: they answer at once while the gate is open."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Event

from PIL import Image

from model.common.prediction import Prediction
from model.serving.worker import Worker
from tests.bench.bench_queue import InstantClassifier
from tests.helpers.redis import connect

# With figures as long as a network's are.
PREDICTION = Prediction(
    probabilities=tuple(number / 55 for number in range(1, 11)),
    garment_score=1 / 1.1,
    verdict="sure",
    model="instant",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """The size of an experiment: workers, chats that send in turn, waiting photos, corrections.

    `photo` and `chart` are the bytes of one, `pause` the seconds for which a worker does nothing in
    each batch: as fast as it could be, the bot's side would not keep it supplied.
    """

    workers: int = 1
    chats: int = 1
    queue: int = 64
    corrections: int = 0
    photo: int = 1_000
    chart: int = 1_000
    pause: float = 0.01


class GatedClassifier(InstantClassifier):
    """Answers at once while the gate is open; else the worker stands still, with what it has."""

    def __init__(self, gate: Event, pause: float) -> None:
        self._gate = gate
        self._pause = pause

    def classify(self, images: Sequence[Image.Image]) -> list[Prediction]:
        """The same for every image."""
        self._gate.wait()
        time.sleep(self._pause)
        return [PREDICTION] * len(images)


class SizedChart:
    """`size` bytes."""

    def __init__(self, size: int) -> None:
        self._chart = os.urandom(size)

    def draw(
        self, prediction: Prediction, photo: Image.Image, language: str, *, truth: int | None = None
    ) -> bytes:
        """No drawing."""
        return self._chart

    tile = draw


def work(url: str, gate: Event, stop: Event, size: Size) -> None:
    """A worker: the body of its process."""
    classifier, chart = GatedClassifier(gate, size.pause), SizedChart(size.chart)
    Worker(connect(url), classifier, chart, stopping=stop.is_set).run()
