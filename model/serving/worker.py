"""The worker process: takes photos from the queue, answers them with a prediction and a chart."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import redis
from PIL import Image

from model.common import health, logs, metrics
from model.common.corrections.store import CorrectionStore
from model.common.health import Health, RedisChecks
from model.common.prediction import Prediction
from model.common.queue import keys
from model.common.queue.heartbeats import WORKERS, WorkerStatus, show
from model.common.queue.job_stream import IDLE_LIMIT, MAX_DELIVERIES, Delivery, JobStream
from model.common.queue.messages import Answer, Correction
from model.common.redis_tools.connection import Client, connect
from model.common.service import Service, configured
from model.common.settings import Settings
from model.common.shutdown import StopSignal
from model.photos import malloc
from model.photos.decoder import Decoder
from model.photos.refusals import DecoderLost, Refused
from model.serving.corrections import Corrector, Drawer
from model.serving.strikes import Strikes
from model.serving.timing import Classified, Decoded, timed, waited

logger = logging.getLogger(__name__)

BLOCK_MS = 1000  # how long a read waits; a stop is noticed in between
STATUS_EVERY = 5.0  # seconds


class Labeller(Protocol):
    """The part of `model.serving.classifier.Classifier` that the worker needs."""

    @property
    def version(self) -> str:
        """The model's version, shown in the status and in every prediction."""

    @property
    def batch_size(self) -> int:
        """How many images one call serves best."""

    def warm_up(self) -> None:
        """Do now what would make the first call slow."""

    def classify(self, images: Sequence[Image.Image]) -> list[Prediction]:
        """One prediction for each image, in their order."""


class Worker(Service):
    """Answers photos until `stopping()` says to stop; any number of workers share one queue.

    One photo is a `Delivery` in and an `Answer` out: with a prediction and a JPEG in the person's
    language, or with a refusal; of a photo that comes with a correction, the chart is redrawn. A
    photo that makes the classifier or the chart fail is tried again without its neighbours, then by
    other workers, and given up after MAX_DELIVERIES.
    """

    def __init__(
        self,
        client: Client,
        classifier: Labeller,
        chart: Drawer,
        *,
        stopping: Callable[[], bool],
        idle_limit: float = IDLE_LIMIT,
        health: Health | None = None,
    ) -> None:
        super().__init__(client, WORKERS, stopping=stopping, health=health)
        self._classifier = classifier
        self._chart = chart
        self._decoder = Decoder()
        self._strikes = Strikes(client)
        self._corrector = Corrector(chart, CorrectionStore(client))
        self._jobs = JobStream(client, self.name, idle_limit=idle_limit)
        self._publish_at = 0.0
        self._published_model = ""
        self._answered = 0

    def run(self) -> None:
        """Work until told to stop; the batch in hand is finished first.

        Raises redis.AuthenticationError. Any other trouble with Redis is waited out.
        """
        self._classifier.warm_up()
        self._health.note("model")
        size = self._classifier.batch_size
        version = self._classifier.version
        with self._decoder, self._jobs:
            logger.info("worker ready name=%s model=%s batch=%d", self.name, version, size)
            super().run()
        logger.info("worker stopped name=%s answered=%d", self.name, self._answered)

    def _turn(self) -> None:
        size = self._classifier.batch_size
        self._answer(self._patiently(lambda: self._jobs.take(size, BLOCK_MS)))

    def _answer(self, batch: Sequence[Delivery]) -> None:
        """See each photo of the batch through to its answer, or leave it for another attempt."""
        photos: list[Decoded] = []
        for delivery in batch:
            with logs.about(delivery.job.id):
                photos += self._decode(delivery)
        new = [photo for photo in photos if photo.delivery.job.correction is None]
        if new:
            metrics.BATCH.observe(len(new))
        for classified in self._classify(new):
            with logs.about(classified.photo.delivery.job.id):
                self._draw(classified)
        for photo in photos:
            if correction := photo.delivery.job.correction:
                with logs.about(photo.delivery.job.id):
                    self._correct(photo, correction)

    def _decode(self, delivery: Delivery) -> list[Decoded]:
        """The photo as an image; none if it is refused, or fails."""
        job = delivery.job
        queued = waited(job.sent_at)
        try:
            with timed("preparing") as preparing:
                self._strikes.check(job.address.user_id)
                image = self._decoder.decode(job.image)
        except Refused as refused:
            if isinstance(refused, DecoderLost):
                self._strikes.add(job.address.user_id)
            if self._finish(delivery, Answer.to(job, refusal=refused.reason)):
                logger.info("photo refused job=%s reason=%s: %s", job.id, refused.reason, refused)
            return []
        # Whatever a library raises on a strange photo must not end the worker: here and below.
        except Exception as error:
            self._failed(delivery, error)
            return []
        return [Decoded(delivery, image, queued, preparing.seconds)]

    def _classify(self, photos: list[Decoded]) -> list[Classified]:
        """The photos with their predictions, without those that fail even on their own."""
        if not photos:
            return []
        with logs.about(*(photo.delivery.job.id for photo in photos)):
            try:
                with timed("predicting", photos=len(photos)) as predicting:
                    predictions = self._classifier.classify([photo.image for photo in photos])
                    pairs = list(zip(photos, predictions, strict=True))
            except Exception as error:
                if len(photos) == 1:
                    self._failed(photos[0].delivery, error)
                    return []
                logger.warning("batch failed, now one by one: %r", error)
                return [classified for photo in photos for classified in self._classify([photo])]
        return [Classified(photo, prediction, predicting.seconds) for photo, prediction in pairs]

    def _draw(self, classified: Classified) -> None:
        """The last steps: the picture, and the answer on its way."""
        photo, prediction = classified.photo, classified.prediction
        job = photo.delivery.job
        try:
            with timed("drawing") as drawing:
                draw = self._chart.tile if job.address.album else self._chart.draw
                picture = draw(prediction, photo.image, job.address.language)
        except Exception as error:
            self._failed(photo.delivery, error)
            return
        if self._finish(photo.delivery, Answer.to(job, prediction=prediction, picture=picture)):
            classified.answered(drawing.seconds)

    def _correct(self, photo: Decoded, correction: Correction) -> None:
        """Redraw a corrected answer's chart."""
        job = photo.delivery.job
        try:
            answer = self._patiently(lambda: self._corrector.answer(job, correction, photo.image))
        except redis.RedisError:
            raise
        except Exception as error:
            self._failed(photo.delivery, error)
            return
        self._finish(photo.delivery, answer)

    def _finish(self, delivery: Delivery, answer: Answer) -> bool:
        finished = self._patiently(lambda: self._jobs.finish(delivery, answer))
        if finished:
            self._answered += 1
        else:
            logger.info("photo finished before job=%s", delivery.job.id)
        return finished

    def _failed(self, delivery: Delivery, error: Exception) -> None:
        """Give the photo up if this was its last attempt; else leave it to the next."""
        logger.error("photo failed job=%s: %r", delivery.job.id, error, exc_info=error)
        if delivery.deliveries >= MAX_DELIVERIES:
            self._patiently(lambda: self._jobs.bury(delivery, repr(error)))
        else:
            self._jobs.release(delivery)

    def _publish(self) -> None:
        """Show this worker, if Redis takes that."""
        self._health.beat()
        model = self._classifier.version
        if model == self._published_model and time.monotonic() < self._publish_at:
            return
        status = WorkerStatus(name=self.name, model=model, answered=self._answered)
        show(lambda: WORKERS.publish(self._redis, status))
        self._publish_at = time.monotonic() + STATUS_EVERY
        if model != self._published_model:
            # The new one first: there is no moment at which none serves.
            metrics.MODEL.labels(model).set(1)
            if self._published_model:
                metrics.MODEL.remove(self._published_model)
            self._published_model = model


Loaded = AbstractContextManager[tuple[Labeller, Drawer]]


def serve(settings: Settings, load: Callable[[], Loaded]) -> None:
    """Run one worker with what `load` brings, until a signal stops it."""
    stop = StopSignal()
    checks = RedisChecks(health.impatient(settings), {keys.PHOTOS: keys.WORKERS_GROUP})
    # Shown from the start: while a model is loaded the process lives, and is not ready.
    signs = Health(checks, model="is being loaded")
    with (
        health.served(signs, settings, "worker"),
        load() as (classifier, chart),
        connect(settings) as client,
    ):
        worker = Worker(client, classifier, chart, stopping=stop, health=signs)
        worker.serve(stop)


def main() -> None:
    """The process `python -m model worker`."""
    settings = configured()
    health.end_when_hung()
    serve(settings, lambda: _loaded(settings))


@contextmanager
def _loaded(settings: Settings) -> Iterator[tuple[Labeller, Drawer]]:
    malloc.keep_ready()
    # The health checks answer before these are there.
    from model.serving import live_model  # noqa: PLC0415 - brings LiteRT in
    from model.serving.chart import Chart  # noqa: PLC0415 - and NumPy

    with live_model.current(settings) as served:
        yield served, Chart()
