"""The steps of a photo through a worker, and the seconds that each took."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image

from model.common import metrics
from model.common.prediction import Prediction
from model.common.queue.job_stream import Delivery

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded photo, with the seconds that it waited and that decoding took."""

    delivery: Delivery
    image: Image.Image
    queued: float
    preparing: float


@dataclass(frozen=True, slots=True)
class Classified:
    """A photo with its prediction, and the seconds that its whole batch took for it."""

    photo: Decoded
    prediction: Prediction
    predicting: float

    def answered(self, drawing: float) -> None:
        """Note in the log that it was answered, its picture drawn in `drawing` seconds."""
        job, prediction = self.photo.delivery.job, self.prediction
        logger.info(
            "photo answered job=%s verdict=%s garment=%r probability=%.3f "
            "queued_ms=%.0f decode_ms=%.1f predict_ms=%.1f draw_ms=%.1f",
            *(job.id, prediction.verdict, prediction.label.name, max(prediction.probabilities)),
            *(1000 * each for each in (self.photo.queued, self.photo.preparing)),
            *(1000 * each for each in (self.predicting, drawing)),
        )


@dataclass(slots=True)
class Timer:
    """The seconds that a step took, once it is done."""

    seconds: float = 0.0


@contextmanager
def timed(step: str, *, photos: int = 1) -> Iterator[Timer]:
    """Count how long the code inside takes, also if it fails, as each photo's seconds."""
    timer, started = Timer(), time.perf_counter()
    try:
        yield timer
    finally:
        timer.seconds = time.perf_counter() - started
        for _ in range(photos):
            metrics.SECONDS.labels(step).observe(timer.seconds)


def waited(sent_at: float) -> float:
    """How long, by Unix time `sent_at`, a photo was queued; counted as such."""
    seconds = max(0.0, time.time() - sent_at)
    metrics.SECONDS.labels("queued").observe(seconds)
    return seconds
