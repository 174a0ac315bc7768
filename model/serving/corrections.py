"""The worker's part in corrections: an answer's chart redrawn, and its photo kept if allowed."""

import io
import logging
from typing import Protocol

import redis
from PIL import Image

from model.common.corrections.store import CorrectionStore, KeptCorrection
from model.common.prediction import Prediction
from model.common.queue.messages import Answer, Correction, PhotoJob
from model.photos.fingerprint import fingerprint

logger = logging.getLogger(__name__)

# Of a kept photo, in pixels: a little more than the network sees, so that training can crop.
SHORTER_SIDE = 160
QUALITY = 90  # of its JPEG


class Drawer(Protocol):
    """The part of `model.serving.chart.Chart` that corrections need."""

    def draw(
        self, prediction: Prediction, photo: Image.Image, language: str, *, truth: int | None = None
    ) -> bytes:
        """The picture of the answer, a JPEG."""

    def tile(
        self, prediction: Prediction, photo: Image.Image, language: str, *, truth: int | None = None
    ) -> bytes:
        """Its part of the picture that answers an album, a JPEG."""


class Corrector:
    """Redraws the charts of corrected answers.

    In goes a PhotoJob that has a correction, with its decoded photo; out comes the Answer that
    takes the former one's place.
    """

    def __init__(self, chart: Drawer, store: CorrectionStore) -> None:
        self._chart = chart
        self._store = store

    def answer(self, job: PhotoJob, correction: Correction, photo: Image.Image) -> Answer:
        """Draw, and keep what may be kept. Doing so twice is as good as once.

        Raises redis.RedisError and any error of the drawing.
        """
        prediction = correction.prediction
        draw = self._chart.tile if job.address.album else self._chart.draw
        picture = draw(prediction, photo, job.address.language, truth=correction.label)
        kept = correction.keep and self._keep(job, correction, photo)
        logger.info("correction drawn job=%s kept=%s", job.id, "yes" if kept else "no")
        return Answer.to(job, prediction=prediction, picture=picture)

    def _keep(self, job: PhotoJob, correction: Correction, photo: Image.Image) -> bool:
        predicted = correction.prediction.said
        if correction.label is None or correction.label == predicted:
            return False  # nothing to learn from it
        keyring = self._store.keyring
        kept = KeptCorrection(
            id=keyring.answer(correction.answer_id),
            label=correction.label,
            predicted=predicted,
            model=correction.prediction.model,
            person=keyring.person(job.address.user_id),
            date=correction.made_at,
            by=correction.by,
            fingerprint=fingerprint(photo),
        )
        try:
            return self._store.keep(kept, thumbnail(photo), turn=correction.turn)
        except redis.OutOfMemoryError as error:
            # It must not hold up the answers, which make room.
            logger.error("correction not kept job=%s: %s", job.id, error)
            return False


def thumbnail(photo: Image.Image) -> bytes:
    """The photo as it is kept: a JPEG, whole, its shorter side SHORTER_SIDE px at most."""
    shorter = min(photo.size)
    if shorter > SHORTER_SIDE:
        width, height = (max(1, round(side * SHORTER_SIDE / shorter)) for side in photo.size)
        photo = photo.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    file = io.BytesIO()
    photo.convert("RGB").save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
