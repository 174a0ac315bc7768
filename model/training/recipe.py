"""How the shipped model is made: one network, trained on photos and on Fashion-MNIST together.

It learns from labels first. Then, of photos, a teacher tells it more than their labels do: see
`model.training.teacher`.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from model.common.registry.serving_config import ServingConfig
from model.common.settings import Settings
from model.datasets import clothing_builder, fashion_mnist, things
from model.datasets.batches import TAUGHT, Mixture, Shares, photo_pools, thing_pool
from model.datasets.clothing_photos import Row
from model.datasets.distillation import Teacher
from model.datasets.pool import Pool
from model.datasets.validation import Validation
from model.networks import pretrained
from model.networks.architectures import NETWORKS, freeze
from model.training.calibration import calibrated
from model.training.loop import Schedule, fit, kept
from model.training.teacher import Schooling, trained


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How long a part of the training takes, and what its batches are made of."""

    schedule: Schedule
    shares: Shares = field(default_factory=Shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Every number of the training; those of the teacher's own are in `schooling`."""

    network: str = "litenet"
    pretrained: bool = True  # starts from EfficientNet-Lite0's weights; else from random ones
    frozen_blocks: int = 3  # of the pretrained, how many stay as they are
    things: int = 1_600  # photos of things that are no garment
    from_labels: Stage = field(
        default_factory=lambda: Stage(
            schedule=Schedule(epochs=30, steps=400, learning_rate=1e-3, warm_up=500, average=0.999)
        )
    )
    from_teacher: Stage | None = field(
        default_factory=lambda: Stage(
            schedule=Schedule(epochs=18, steps=400, learning_rate=5e-4, warm_up=200, average=0.999),
            # Fewer photos, as asking the teacher costs more than learning from the answer; and
            # larger ones, as it looks closely.
            shares=Shares(garment_photos=12, other_photos=3, source_side=256),
        )
    )
    schooling: Schooling = field(default_factory=Schooling)


@dataclass(frozen=True)
class Data:
    """What there is to learn from: Fashion-MNIST's images and labels, photos of clothes and things.

    What is held out has things, too: of kinds that no training sees.
    """

    garments: NDArray[np.uint8]
    labels: NDArray[np.int64]
    training: list[Row]
    things: list[Row]
    held_out: list[Row]

    @classmethod
    def load(cls, settings: Settings) -> Self:
        """Raises UnavailableError of any of the data sets."""
        training, held_out = (
            clothing_builder.examples(split, settings) for split in clothing_builder.SPLITS
        )
        garments, labels = fashion_mnist.arrays("train", settings)
        shown, unseen = (things.rows(split, settings) for split in things.SPLITS)
        return cls(garments, labels, training, shown, [*held_out, *unseen])

    def mixture(
        self, shares: Shares, pools: dict[str, Pool], teacher: Teacher | None = None
    ) -> Mixture:
        """The batches, without the images of Fashion-MNIST that are held back."""
        end = -fashion_mnist.HELD_BACK
        return Mixture(shares, self.garments[:end], self.labels[:end], pools, teacher)

    def validation(self, *, side: int, plain_side: int) -> Validation:
        """What is held back."""
        start = -fashion_mnist.HELD_BACK
        return Validation.load(
            self.held_out,
            self.garments[start:],
            self.labels[start:],
            side=side,
            plain_side=plain_side,
        )


def run(
    settings: Settings, out: Path, *, version: str, seed: int = 0, recipe: Recipe | None = None
) -> None:
    """Train the recipe on the data in DATASETS_DIR; write the network to `out`, its config beside.

    First from labels alone; then, with a teacher that is trained in between, again. What comes
    before the end is kept beside `out`, and not trained again where it is there.
    Interrupted, it goes on after the last whole epoch when started again with the same `out`.
    Raises pretrained.NoPretrainedWeightsError, and UnavailableError of any data set.
    """
    recipe = recipe or Recipe()
    keras.utils.set_random_seed(seed)
    sides = recipe.from_labels.shares.plain_side, recipe.from_labels.shares.side
    data = Data.load(settings)
    validation = data.validation(side=sides[1], plain_side=sides[0])
    training = _Training(recipe, data, validation, out, seed)
    network = training.from_labels()
    if recipe.from_teacher:
        training.from_teacher(network, recipe.from_teacher)
    # Small pictures cost little, and a photo, which is never so small, no more than before.
    config = shown_at(recipe.network, *sides, version=version)
    finish(network, validation, out, config)


@dataclass(frozen=True)
class _Training:
    """The recipe's two stages, and the files that each leaves beside `out`."""

    recipe: Recipe
    data: Data
    validation: Validation
    out: Path
    seed: int

    def from_labels(self) -> keras.Model:
        """The network that labels alone have taught: the one in its file, or trained now."""
        recipe, stage = self.recipe, self.recipe.from_labels
        file = self.out.with_suffix(".from-labels.keras")

        def train() -> keras.Model:
            network = NETWORKS[recipe.network]()
            if recipe.pretrained:
                pretrained.start(network, frozen_blocks=recipe.frozen_blocks)
            mixture = self.data.mixture(stage.shares, self._pools(stage))
            self._fit(network, mixture, stage, file)
            return network

        return kept(file, train)

    def from_teacher(self, network: keras.Model, stage: Stage) -> None:
        """Let the network go on, now that somebody can tell it more of photos."""
        recipe = self.recipe
        freeze(network, recipe.frozen_blocks if recipe.pretrained else 0)
        pools = self._pools(stage)
        photos = {name: pools[name] for name in TAUGHT if name in pools}
        seen = Validation.of_photos(self.data.held_out, recipe.schooling.side)
        teacher = trained(recipe.schooling, photos, seen, self.out)
        self._fit(network, self.data.mixture(stage.shares, pools, teacher), stage, self.out)

    def _fit(self, network: keras.Model, mixture: Mixture, stage: Stage, out: Path) -> None:
        around = both_sides(network)
        fit(network, mixture.dataset(), stage.schedule, self.validation, out, trained=around)

    def _pools(self, stage: Stage) -> dict[str, Pool]:
        things = thing_pool(stage.shares, self.data.things, self.recipe.things)
        return photo_pools(stage.shares, self.data.training) | {"things": things}


def both_sides(network: keras.Model) -> keras.Model:
    """The network on pictures of two sides at a time: ([p, …], [q, …]) → logits [p + q, 11]."""
    photos, plain = (keras.Input(network.input_shape[1:]) for _ in range(2))
    logits = ops.concatenate([network(photos), network(plain)], axis=0)
    return keras.Model([photos, plain], logits)


def shown_at(network: str, small: int, photo: int, *, version: str = "") -> ServingConfig:
    """How a network of one input is shown squares of these sides: small ones mirrored as well."""
    return ServingConfig(
        version=version,
        network=network,
        photo_shapes=((photo, photo),),
        small_shape=(small, small),
        mirrored=("small",),
    )


def finish(network: keras.Model, validation: Validation, out: Path, config: ServingConfig) -> None:
    """Calibrate the network and write it to `out`, with its config beside it."""
    config = calibrated(
        config,
        logits=validation.logits(network, config.mirrored),
        accepted=validation.accepted,
        photos=validation.photos,
    )
    network.save(out)
    config.write_beside(out)
