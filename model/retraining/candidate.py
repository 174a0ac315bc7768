"""Makes a retraining's candidate: by fine-tuning, or a named network from scratch."""

from dataclasses import dataclass, replace
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from rich.console import Console

from model.common.registry.serving_config import SHIPPED, ServingConfig
from model.common.retraining.messages import RetrainJob, RetrainProgress
from model.datasets.distillation import Teacher
from model.datasets.validation import Validation
from model.networks import pretrained
from model.networks.architectures import NETWORKS, freeze
from model.networks.ensemble import litenet_of
from model.networks.head import Head, head_of
from model.networks.pretrained import Dense
from model.retraining import rehearsal
from model.retraining.material import Material
from model.retraining.progress import part_of
from model.serving.classifier import Classifier
from model.training import exercise
from model.training.calibration import cross_entropy
from model.training.config import Recipe, Tuning
from model.training.fine_tuning import Read, tune
from model.training.last_layer import NotFoundError, Reader
from model.training.loop import Losses, Report, Schedule, fit_reporting
from model.training.recipe import both_sides, shown_at

# Of a fine-tuning's training, the share in which pictures are looked at.
LOOKING = 0.85
WATCHED = 1_000  # of the held-back images, how many are looked at after each epoch
SEED = 0


@dataclass(frozen=True, slots=True)
class HeadChange:
    """All that a fine-tuning changed: the head's weights in the file of the network `base`.

    `photos_alone`: small pictures do not come by it.
    """

    base: Path
    before: Dense
    after: Dense
    photos_alone: bool


@dataclass(frozen=True, slots=True)
class Learned:
    """A candidate: the network, the config to calibrate, how it came about, and from which version.

    `trained_on` counts pictures by their source. `change`: what is new in it, where that is the
    head alone.
    """

    network: keras.Model
    config: ServingConfig
    losses: Losses
    base: str
    trained_on: dict[str, int]
    change: HeadChange | None = None


def learn(job: RetrainJob, current: Path, material: Material, report: Report) -> Learned:
    """The candidate that the job asks for; `report` hears how far its training is.

    `current` is the Keras file of the model that serves, with its config next to it.
    Raises pretrained.NoPretrainedWeightsError for a network that starts from those weights.
    """
    keras.utils.set_random_seed(SEED)
    if job.network == "ann":
        return _exercise(job, material, report)
    if job.network is None:
        return _fine_tuned(job, current, material, report)
    return _from_scratch(job, current, material, report)


def _fine_tuned(job: RetrainJob, current: Path, material: Material, report: Report) -> Learned:
    """The model that serves, its head tuned on corrections and on some of what it knows."""
    tuning = Tuning()
    tuning = replace(tuning, schedule=_asked(tuning.schedule, job))
    base = _base(current)
    network, config = _loaded(base)
    head = head_of(network)
    before = _weights(head.layer)

    def looked(share: float) -> None:
        report(RetrainProgress(stage="training", share=LOOKING * share))

    classifier = Classifier.load(base.with_suffix(".tflite"))
    seen = rehearsal.look(_reader(base, head), classifier, material, tuning, looked)
    losses = tune(head, seen, config, tuning, part_of(report, LOOKING, 1.0))
    change = HeadChange(base, before, _weights(head.layer), photos_alone=not head.sees_small)
    counts = {
        "photos": min(len(material.rows), tuning.photos),
        "things": min(len(material.things), tuning.things),
        "corrections": len(material.corrections),
    }
    if head.sees_small:
        counts["fashion_mnist"] = tuning.small
    return Learned(network, config, losses, config.version, counts, change)


def _reader(base: Path, head: Head) -> Read:
    """Reads pictures as they are served, where the head is in int8; else by Keras."""
    try:
        return Reader(base.with_suffix(".tflite").read_bytes(), _weights(head.layer))
    except NotFoundError:
        said = tf.function(
            lambda images: head.model(images, training=False),
            input_signature=[tf.TensorSpec((None, *head.model.input_shape[1:]), tf.float32)],
        )

    def read(pixels: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        features, logits = said(pixels[None])
        return features.numpy()[0], logits.numpy()[0]

    return read


def _from_scratch(job: RetrainJob, current: Path, material: Material, report: Report) -> Learned:
    """The shipped recipe, but that the model that serves is the teacher of photos.

    In an ensemble only `litenet` starts again; the photo branch stays as it is.
    """
    recipe = Recipe()
    fresh = NETWORKS[recipe.network]()
    if recipe.pretrained:
        pretrained.start(fresh, frozen_blocks=recipe.frozen_blocks)
    stage = recipe.from_labels
    shares = stage.shares
    base, config = _loaded(_base(current))
    known = litenet_of(base)
    if known is base:
        network, config = fresh, shown_at(recipe.network, shares.plain_side, shares.side)
    else:
        network, known = base, keras.models.clone_model(known)
        known.set_weights(litenet_of(base).get_weights())
        litenet_of(network).set_weights(fresh.get_weights())
        freeze(litenet_of(network), recipe.frozen_blocks)
    learning = litenet_of(network)
    held = material.held
    validation = Validation.load(
        [*held.rows, *held.things] if held.rows else [],
        held.images[:WATCHED],
        held.labels[:WATCHED],
        side=shares.side,
        plain_side=shares.plain_side,
    )

    def look() -> tuple[float, float, float]:
        logits = validation.logits(learning)
        return cross_entropy(logits, validation.accepted), *validation.accuracies(logits)

    mixture = material.mixture(shares, recipe.things, Teacher((known,), shares.side))
    losses = fit_reporting(
        both_sides(learning), mixture.dataset(), _asked(stage.schedule, job), look, report
    )
    counts = {
        "fashion_mnist": len(material.fashion_mnist[0]),
        "photos": len(material.rows),
        "things": len(material.things),
        "corrections": len(material.corrections),
    }
    return Learned(network, config, losses, config.version, counts)


def _asked(schedule: Schedule, job: RetrainJob) -> Schedule:
    """The schedule, with as many epochs as the job asks for."""
    return schedule if job.epochs is None else replace(schedule, epochs=job.epochs)


def _base(current: Path) -> Path:
    """The network that serves, or the shipped one if that cannot say "no garment"."""
    return current if ServingConfig.next_to(current).photo_shapes else SHIPPED


def _loaded(base: Path) -> tuple[keras.Model, ServingConfig]:
    network = keras.saving.load_model(base, compile=False, safe_mode=True)
    return network, ServingConfig.next_to(base)


def _weights(layer: keras.layers.Dense) -> Dense:
    kernel, bias = layer.get_weights()
    # Copies: the layer may write to its own.
    return np.array(kernel), np.array(bias)


def _exercise(job: RetrainJob, material: Material, report: Report) -> Learned:
    """The original exercise, but for the images that are held back."""
    hyper = exercise.Hyperparameters()
    if job.epochs is not None:
        hyper = replace(hyper, epochs=job.epochs)

    def shown(epoch: int, done: exercise.EpochResult) -> None:
        report(
            RetrainProgress(
                stage="training",
                share=epoch / hyper.epochs,
                epoch=epoch,
                epochs=hyper.epochs,
                loss=done.loss,
                accuracy=done.test_accuracy,
                accuracy_of="fashion_mnist",
            )
        )

    network, history = exercise.train(
        hyper,
        material.fashion_mnist,
        (material.held.images, material.held.labels),
        Console(quiet=True),
        shown,
    )
    losses = [(epoch.loss, epoch.test_loss) for epoch in history.epochs]
    counts = {"fashion_mnist": len(material.fashion_mnist[0])}
    return Learned(network, ServingConfig(version="", network="ann"), losses, "", counts)
