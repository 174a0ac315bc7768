"""The model that a worker serves, swapped for another while photos are answered."""

import logging
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal, Self

import redis
from PIL import Image
from pydantic import ValidationError

from model.common.prediction import Prediction
from model.common.redis_tools.connection import connect
from model.common.registry.entry import ModelEntry, Promotion
from model.common.registry.entry import shipped as shipped_entry
from model.common.registry.errors import DamagedModelError, UncompiledModelError, UnknownModelError
from model.common.registry.registry import Registry
from model.common.registry.serving_config import ServingConfig
from model.common.settings import Settings
from model.serving.classifier import BATCH, Classifier, UnusableModelError

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds between two looks at which version should serve
NICER = 10  # by so much the thread that loads is nicer than those that answer
LOOK_AGAIN = 30.0  # after a look that failed for a reason of this machine's
# Seconds that a trainer, which compiles what an earlier release published, has to do so until the
# admins hear that the version cannot serve.
COMPILED_WITHIN = 300.0

# Why a version cannot be served. Each has its sentence in model/common/languages.
Reason = Literal["missing", "damaged", "uncompiled", "unloadable", "unfit"]


class RefusedModelError(Exception):
    """The version cannot be served; str() gives the details."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class Served:
    """The current model of the registry, as a worker's classifier.

        with Served(registry) as served:
            served.classify(images)  # by one model, which may be another in the next call

    Inside the `with` a thread looks every second at what is to serve. Another version is fetched,
    loaded and warmed up while the old one serves, then takes its place: a call of `classify`
    that has begun ends with the model that it began with. A version that cannot be served is
    refused, which tells the admins, and is not tried again until it is promoted again; one that is
    not compiled is waited for.

    The first model is loaded at once. Where the current one is refused, those that served before
    it are tried, the shipped one last; if Redis is away, it is the shipped one until Redis is
    there. Raises UnusableModelError if even that cannot be loaded.
    """

    batch_size = BATCH

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="models", daemon=True)
        self._looking = True  # whether Redis let us look the last time
        self._seen: Promotion | None = None  # how what was to serve at the last look came to
        self._waiting_since: float | None = None  # for a version to be compiled
        self._serving = self._first()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._thread.join()

    @property
    def version(self) -> str:
        """The version that the next call will be answered by."""
        return self._serving.version

    def warm_up(self) -> None:
        """Nothing to do: what serves is warm."""

    def classify(self, images: Sequence[Image.Image]) -> list[Prediction]:
        """One prediction for each image, in their order, all by the same model."""
        return self._serving.classify(images)

    def look(self) -> None:
        """Swap to the version that should serve, if it changed; the thread calls it."""
        try:
            promotion = self._registry.promotion()
            version = promotion.version if promotion else shipped_entry().version
            if promotion != self._seen and self._exchange(version):
                self._seen = promotion
        except redis.RedisError as error:
            if self._looking:
                logger.warning(
                    "the version to serve is unknown, %s goes on: %s", self.version, error
                )
            self._looking = False
            return
        self._looking = True

    def _exchange(self, version: str) -> bool:
        """Serve a version, or refuse it; False if it is not compiled yet."""
        if version != self.version:
            try:
                classifier = self._loaded(version)
            except UncompiledModelError as error:
                self._wait_for(version, error)
                return False
            if classifier:
                logger.info("model exchanged from=%s to=%s", self.version, version)
                self._serving = classifier
        self._waiting_since = None
        return True

    def _wait_for(self, version: str, error: UncompiledModelError) -> None:
        """Be patient with a trainer that has yet to compile a version; then tell the admins."""
        if self._waiting_since is None:
            self._waiting_since = time.monotonic()
            logger.warning("%s serves until then: %s", self.version, error)
        elif time.monotonic() - self._waiting_since > COMPILED_WITHIN:
            self._registry.refuse(version, "uncompiled", str(error))

    def _watch(self) -> None:
        _give_way()
        pause = LOOK_EVERY
        while not self._closed.wait(pause):
            try:
                self.look()
                pause = LOOK_EVERY
            except Exception:
                # A full disk, say: no fault of the model's.
                logger.exception("swapping the model failed, %s goes on", self.version)
                pause = LOOK_AGAIN

    def _first(self) -> Classifier:
        """The current model, else the nearest of those before it that can be served."""
        try:
            promotion = self._registry.promotion()
            versions = [promotion.version, *self._registry.before()] if promotion else []
            self._seen = promotion
            for version in versions:
                if version == shipped_entry().version:
                    break
                try:
                    if loaded := self._loaded(version):
                        return loaded
                except UncompiledModelError as error:
                    logger.warning("%s", error)
                    self._seen = None  # it is looked at again
        except redis.RedisError as error:
            logger.warning("the version to serve is unknown, the shipped model serves: %s", error)
            self._seen, self._looking = None, False
        classifier = Classifier.load()
        classifier.warm_up()
        return classifier

    def _loaded(self, version: str) -> Classifier | None:
        """The version, ready to serve; None if it is refused.

        Raises redis.RedisError, UncompiledModelError.
        """
        started = time.monotonic()
        try:
            classifier = load(self._registry, version)
        except RefusedModelError as error:
            logger.error("model refused version=%s reason=%s: %s", version, error.reason, error)
            self._registry.refuse(version, error.reason, str(error))
            return None
        seconds = time.monotonic() - started
        logger.info("model loaded version=%s seconds=%.1f", version, seconds)
        return classifier


@contextmanager
def current(settings: Settings) -> Iterator[Served]:
    """The current model of the registry; SystemExit if none can be loaded."""
    with connect(settings) as client:
        try:
            served = Served(Registry(client))
        except UnusableModelError as error:
            raise SystemExit(str(error)) from None
        with served:
            yield served


def _give_way() -> None:
    """Let the calling thread come after those that answer photos: loading keeps a core busy."""
    if sys.platform == "linux":  # where each thread has a priority of its own
        niceness = min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICER)
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


def load(registry: Registry, version: str) -> Classifier:
    """A version of the registry, loaded and warmed up.

    Raises RefusedModelError, UncompiledModelError.
    """
    try:
        entry = registry.get(version)
        compiled = registry.read_compiled(version)
    except UnknownModelError as error:
        raise RefusedModelError("missing", str(error)) from error
    except DamagedModelError as error:
        raise RefusedModelError("damaged", str(error)) from error
    return _ready(compiled, entry)


def _ready(compiled: bytes, entry: ModelEntry) -> Classifier:
    try:
        # The answers are to carry the version by which the registry knows the model.
        config = ServingConfig.read(entry.config | {"version": entry.version})
        classifier = Classifier.of(compiled, config)
        classifier.warm_up()
        [prediction] = classifier.classify([Image.new("RGB", (300, 400), "grey")])
    except UnusableModelError as error:
        # With a cause, it could not be read; without, it was read and does not fit.
        reason: Reason = "unloadable" if error.__cause__ else "unfit"
        raise RefusedModelError(reason, _with_cause(str(error), error.__cause__)) from error
    except ValidationError as error:
        raise RefusedModelError("unloadable", "Its config is not a model's.") from error
    # Whatever a library raises at a network that does not fit must not end the worker.
    except Exception as error:
        raise RefusedModelError("unfit", _with_cause("It does not answer.", error)) from error
    numbers = (sum(prediction.probabilities), prediction.garment_score)
    if not (0.99 < numbers[0] < 1.01 and 0.0 <= numbers[1] <= 1.0):  # not a number is neither
        raise RefusedModelError("unfit", "Its outputs are not probabilities.")
    return classifier


def _with_cause(detail: str, cause: BaseException | None) -> str:
    return f"{detail} ({cause!r})"[:1000] if cause else detail
