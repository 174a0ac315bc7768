"""`/retrain` of the shipped network: all of it, against its own passes alone.

One side is `model.retraining.pipeline.run` on twenty corrections,
from the start to the verdict and the album. The other is what the networks in it compute, on
batches that lie ready in memory: the steps forward and backward with their optimizer, the teacher's
passes forward, those on the held-back pictures before, after each epoch, for the blend and for the
calibration, and both models' trials, in the batches in which each of them is made. A few of each
kind are measured, before the retraining and after it, and counted as often as the retraining makes
them.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from model.common.registry.serving_config import SHIPPED
from model.common.retraining.messages import RetrainJob, RetrainProgress
from model.common.settings import Settings
from model.datasets.sources import fashion_mnist
from model.datasets.sources.corrections import CorrectedPhotos
from model.networks.architectures import freeze
from model.photos import decode
from model.retraining import pipeline
from model.retraining.candidate import WATCHED, Material
from model.retraining.comparison import Held
from model.serving.classifier import Classifier
from model.training.config import Tuning
from model.training.loop import joint_loss, optimizer
from model.training.recipe import both_sides
from tests.bench.lab.measure import Measure
from tests.bench.training.bench_retraining import kept, upside_down

FEW = 12  # training batches, and as many times 40 held-back pictures of each kind
LOOKED_AT_ONCE = 250

Pixels = Any
Pass = Callable[[], object]


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU, of all threads, and of the clock."""

    cpu: float
    wall: float

    @classmethod
    def of(cls, action: Pass) -> "Cost":
        """What one call takes."""
        cpu, wall = time.process_time(), time.monotonic()
        action()
        return cls(time.process_time() - cpu, time.monotonic() - wall)


def measures() -> list[Measure]:
    """A retraining's seconds against those of its passes, and what the passes are."""
    settings = Settings()
    folder = settings.clothing_photos
    if folder is None or not folder.is_dir() or not (folder.parent / fashion_mnist.FOLDER).is_dir():
        print("DATASETS_DIR is not set to a folder with both data sets: /retrain is not measured.")
        return []
    passes = _passes(settings)
    for one, _ in passes.values():
        one()  # which traces it
    rounds = [_measured(passes)]
    until_first_step, whole = _retrained()
    rounds.append(_measured(passes))
    cpu = {name: statistics.mean(each[name].cpu for each in rounds) for name in passes}
    wall = {name: statistics.mean(each[name].wall for each in rounds) for name in passes}
    what = "of /retrain of the shipped network, against its own passes alone"
    return [
        Measure.at_most(f"CPU {what}", whole.cpu, "s", against=sum(cpu.values()), times=1.3),
        Measure.at_most(f"seconds {what}", whole.wall, "s", against=sum(wall.values()), times=1.3),
        Measure.shown("CPU of it until its first step is done", until_first_step.cpu, "s"),
        *(Measure.shown(f"CPU of its passes: {name}", each, "s") for name, each in cpu.items()),
    ]


def _measured(passes: dict[str, tuple[Pass, float]]) -> dict[str, Cost]:
    """What each kind costs in all."""
    costs = {name: (Cost.of(few), times) for name, (few, times) in passes.items()}
    return {
        name: Cost(cost.cpu * times, cost.wall * times) for name, (cost, times) in costs.items()
    }


def _passes(settings: Settings) -> dict[str, tuple[Pass, float]]:
    """A few passes of each kind, and how many times as many a retraining makes."""
    tuning, classifier = Tuning(), Classifier.load()
    images, labels = fashion_mnist.arrays("train", settings)
    thumbnails = [(label, decode.decode(data)) for label, data in upside_down(settings)]
    corrections = CorrectedPhotos(
        tuple(picture for _, picture in thumbnails), np.array([label for label, _ in thumbnails])
    )
    material = Material(
        settings, images, labels, corrections, Held.load(settings, images, labels, corrections)
    )
    photos, plain = (_floats(kind[: FEW * 40]) for kind in material.validation.pictures)
    network = keras.saving.load_model(SHIPPED, compile=False, safe_mode=True)
    freeze(network, tuning.frozen_blocks)
    teacher = keras.models.clone_model(network)
    trained = both_sides(network)
    steps = tuning.schedule.epochs * tuning.schedule.steps
    trained.compile(optimizer(tuning.schedule), loss=joint_loss, jit_compile=False)
    batches = list(material.mixture(tuning).dataset(teacher).take(FEW))

    def forward(by: Any, pictures: Pixels) -> Any:
        return by(pictures, training=False)

    said = tf.function(forward, reduce_retracing=True)

    def learn() -> None:
        for batch in batches:
            trained.train_on_batch(*batch)

    def teach() -> None:
        for sides, *_ in batches:
            for each in sides:
                said(teacher, each)

    def look(pictures: Pixels) -> Pass:
        starts = range(0, len(pictures), LOOKED_AT_ONCE)
        return lambda: [said(network, pictures[s : s + LOOKED_AT_ONCE]) for s in starts]

    # A look at the photos and some garments before, after each epoch and for one blend; then at
    # all, and the garments mirrored too, to calibrate.
    looks, held = tuning.schedule.epochs + 2, len(material.held.images)
    rows = len(material.held.rows)
    return {
        "steps forward and backward": (learn, steps / FEW),
        "the teacher's": (teach, steps / FEW),
        "looks at held-back photos": (look(photos), (looks + 1) * rows / len(photos)),
        "looks at held-back garments": (
            look(plain),
            (looks * WATCHED + 2 * held) / len(plain),
        ),
        "both trials' photos": (
            lambda: classifier.outputs("photo", photos),
            2 * rows / len(photos),
        ),
        "both trials' garments": (
            lambda: classifier.outputs("small", plain),
            2 * held / len(plain),
        ),
    }


def _floats(pictures: Pixels) -> Pixels:
    return pictures.astype(np.float32) / np.float32(255.0)


def _retrained() -> tuple[Cost, Cost]:
    """What a retraining takes until its first step is done, and in all."""
    cpu, wall = 0.0, 0.0
    first: list[Cost] = []

    def since() -> Cost:
        return Cost(time.process_time() - cpu, time.monotonic() - wall)

    def report(progress: RetrainProgress) -> None:
        if progress.epoch and not first:
            first.append(since())

    with kept(upside_down) as (settings, client):
        cpu, wall = time.process_time(), time.monotonic()
        outcome, _ = pipeline.run(
            RetrainJob(id="bench", user_name="bench"), settings, client, report
        )
        whole = since()
    print(f"the verdict: {outcome.verdict}, {outcome.reason}")
    return first[0], whole
