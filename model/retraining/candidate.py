"""Makes a retraining's candidate: by fine-tuning, or a named network from scratch."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from model.common.registry.serving_config import SHIPPED, ServingConfig
from model.common.retraining.messages import RetrainJob, RetrainProgress
from model.common.settings import Settings
from model.datasets.distillation import Teacher
from model.datasets.sources import clothing_builder, fashion_mnist, things
from model.datasets.sources.clothing_photos import Row
from model.datasets.sources.corrections import CorrectedPhotos
from model.datasets.validation import Validation
from model.networks import pretrained
from model.networks.architectures import NETWORKS
from model.networks.ensemble import litenet_of
from model.retraining.comparison import Held
from model.training import exercise
from model.training.batches import Mixture, photo_pools, thing_pool
from model.training.config import Recipe, Shares, Tuning
from model.training.fine_tuning import Step, TunedEpoch, tune
from model.training.loop import Schedule
from model.training.recipe import shown_at

Report = Callable[[RetrainProgress], None]

WATCHED = 1_000  # of the held-back images, how many are looked at after each epoch
SEED = 0
# Tests draw from small seeds: training sees none of their drawings.


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch's points in the figure: the loss during it, and the held-back loss after it."""

    loss: float
    held_back_loss: float


@dataclass(frozen=True, slots=True)
class Learned:
    """A candidate: the network, the config to calibrate, how it came about, and from which version.

    `mixed`: whether it was trained on photos and corrections too, not on Fashion-MNIST alone.
    """

    network: keras.Model
    config: ServingConfig
    epochs: list[Epoch]
    base: str
    mixed: bool


@dataclass(frozen=True)
class Material:
    """Data to learn from: images of Fashion-MNIST [n, 28, 28], photos, corrections.

    What `held` has is left out of it.
    """

    settings: Settings
    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    corrections: CorrectedPhotos
    held: Held

    @cached_property
    def rows(self) -> list[Row]:
        """The clothing photos to train on; none if there are no clothing photos."""
        return clothing_builder.examples("train", self.settings) if self.held.rows else []

    @cached_property
    def things(self) -> list[Row]:
        """The photos of things to train on; none if there are none to judge by either."""
        return things.rows("train", self.settings) if self.held.things else []

    @cached_property
    def validation(self) -> Validation:
        """What is held back, as the shipped recipe's networks see it."""
        shares = Shares()
        return Validation.load(
            [*self.held.rows, *self.held.things] if self.held.rows else [],
            self.held.images,
            self.held.labels,
            side=shares.side,
            plain_side=shares.plain_side,
        )

    def mixture(self, tuning: Tuning, teacher: Teacher | None = None) -> Mixture:
        """The batches for a network of the shipped recipe's kind."""
        shares = replace(tuning.shares, corrected=min(tuning.most_corrected, len(self.corrections)))
        pools = photo_pools(shares, self.rows)
        if self.things:
            pools["things"] = thing_pool(shares, self.things, tuning.things)
        if len(self.corrections):
            pools["corrected"] = self.corrections.pool(
                side=shares.source_side,
                smoothing=shares.label_smoothing,
                balance=shares.class_balance,
            )
        return Mixture(
            shares,
            self.images[: -fashion_mnist.HELD_BACK],
            self.labels[: -fashion_mnist.HELD_BACK],
            pools,
            teacher,
        )

    def counts(self, *, photos: bool) -> dict[str, Any]:
        """How many pictures there are of each kind; with `photos` False of Fashion-MNIST alone."""
        counts = {"fashion_mnist": len(self.images) - fashion_mnist.HELD_BACK}
        if photos:
            counts |= {
                "photos": len(self.rows),
                "things": len(self.things),
                "corrections": len(self.corrections),
            }
        return counts


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
    tuning = Tuning()
    tuning = replace(tuning, schedule=_asked(tuning.schedule, job))
    network, config = _base(current)
    return _tuned(network, config, tuning, material, report)


def _from_scratch(job: RetrainJob, current: Path, material: Material, report: Report) -> Learned:
    """The shipped recipe, but that the model that serves is the teacher of photos.

    In an ensemble only `litenet` starts again; the photo branch stays as it is.
    """
    recipe = Recipe()
    fresh = NETWORKS[recipe.network]()
    if recipe.pretrained:
        pretrained.start(fresh, frozen_blocks=recipe.frozen_blocks)
    stage = recipe.from_labels
    tuning = Tuning(
        schedule=_asked(stage.schedule, job),
        frozen_blocks=recipe.frozen_blocks,
        things=recipe.things,
        shares=stage.shares,
        gentle=False,
    )
    shares = stage.shares
    base, config = _base(current)
    known = litenet_of(base)
    if known is base:
        network, config = fresh, shown_at(recipe.network, shares.plain_side, shares.side)
    else:
        network, known = base, keras.models.clone_model(known)
        known.set_weights(litenet_of(base).get_weights())
        litenet_of(network).set_weights(fresh.get_weights())
    teacher = Teacher((known,), shares.side)
    return _tuned(network, config, tuning, material, report, teacher=teacher)


def _asked(schedule: Schedule, job: RetrainJob) -> Schedule:
    """The schedule, with as many epochs as the job asks for."""
    return schedule if job.epochs is None else replace(schedule, epochs=job.epochs)


def _base(current: Path) -> tuple[keras.Model, ServingConfig]:
    """The network that serves, or the shipped one if that cannot say "no garment"."""
    base = current if ServingConfig.next_to(current).photo_shapes else SHIPPED
    network = keras.saving.load_model(base, compile=False, safe_mode=True)
    return network, ServingConfig.next_to(base)


def _tuned(
    network: keras.Model,
    config: ServingConfig,
    tuning: Tuning,
    material: Material,
    report: Report,
    *,
    teacher: Teacher | None = None,
) -> Learned:
    """The candidate: of an ensemble `litenet` is trained, which the photo branch then adds to."""

    def shown(far: Step | TunedEpoch) -> None:
        report(_progress(far))

    validation = material.validation.fewer(WATCHED)
    epochs = tune(litenet_of(network), material.mixture(tuning, teacher), validation, tuning, shown)
    drawn = [Epoch(epoch.loss, epoch.held_back_loss) for epoch in epochs]
    return Learned(network, config, drawn, config.version, mixed=True)


def _progress(far: Step | TunedEpoch) -> RetrainProgress:
    """What is shown of it; between two epochs the last epoch's accuracy is not known any more."""
    if isinstance(far, Step):
        return RetrainProgress(
            stage="training",
            share=far.share,
            epoch=far.epoch,
            epochs=far.epochs,
            loss=far.loss,
        )
    return RetrainProgress(
        stage="training",
        share=far.number / far.epochs,
        epoch=far.number,
        epochs=far.epochs,
        loss=far.loss,
        accuracy=far.fashion_mnist if far.photos is None else far.photos,
        accuracy_of="fashion_mnist" if far.photos is None else "photos",
    )


def _exercise(job: RetrainJob, material: Material, report: Report) -> Learned:
    """The original exercise, but for the images that are held back."""
    count = len(material.images) - fashion_mnist.HELD_BACK
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
        (material.images[:count], material.labels[:count]),
        (material.held.images, material.held.labels),
        Console(quiet=True),
        shown,
    )
    epochs = [Epoch(epoch.loss, epoch.test_loss) for epoch in history.epochs]
    return Learned(network, ServingConfig(version="", network="ann"), epochs, "", mixed=False)
