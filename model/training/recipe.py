"""The recipe of the shipped model: `litenet`, a photo branch and `smallnet`, joined into one model.

`litenet` learns from labels first, then from a teacher (`model.training.teacher`). The photo branch
(`model.training.photo_branch`) learns photos that lie any way up, bags, and things, `smallnet`
(`model.training.small_branch`) small pictures.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from model.common.registry.serving_config import ServingConfig
from model.common.settings import Settings
from model.datasets import labelled_pictures
from model.datasets.distillation import Teacher
from model.datasets.pool import Pool
from model.datasets.sources import clothing_builder, fashion_mnist, things
from model.datasets.sources.clothing_photos import Row
from model.datasets.validation import Validation
from model.networks import pretrained
from model.networks.architectures import NETWORKS, freeze
from model.networks.ensemble import ensemble
from model.networks.saving import save
from model.serving.classifier import Classifier
from model.training import compiler, photo_branch, small_branch
from model.training.batches import TAUGHT, Mixture, photo_pools, thing_pool
from model.training.calibration import calibrated, logits_of
from model.training.config import PHOTO_SHAPES, Recipe, Shares, Stage
from model.training.loop import fit, kept
from model.training.photo_features import Examples
from model.training.teacher import trained


@dataclass(frozen=True)
class Data:
    """Data to learn from: Fashion-MNIST's images and labels, photos of clothes and things.

    The held-out rows include things, too, of kinds that no training sees.
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
    """Train the recipe on the data in DATASETS_DIR; write the network and its config to `out`.

    Each step leaves a file next to `out`; a step whose file exists is not repeated. Interrupted, it
    resumes after the last whole epoch when started again with the same `out`.
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
        network = training.from_teacher(network, recipe.from_teacher)
    if recipe.photo_branch is None:
        # Mirror images of small pictures cost little, and photos no more than before.
        finish(network, validation, out, shown_at(recipe.network, *sides, version=version))
        return
    seen = Validation.of_photos(data.held_out, PHOTO_SHAPES[0][0])
    examples = Examples.load(settings)
    branch = photo_branch.trained(examples, seen, out, recipe.photo_branch, seed=seed)
    small = small_branch.trained(settings, out, recipe.small, seed=seed)
    finish_joined(ensemble(network, branch, small, recipe.weights), data, out, version)


@dataclass(frozen=True)
class _Training:
    """The recipe's two stages, and the files that each leaves next to `out`."""

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

    def from_teacher(self, network: keras.Model, stage: Stage) -> keras.Model:
        """The network after distillation: the one in its file, or trained now."""
        recipe = self.recipe
        file = self.out.with_suffix(".litenet.keras")

        def train() -> keras.Model:
            freeze(network, recipe.frozen_blocks if recipe.pretrained else 0)
            pools = self._pools(stage)
            photos = {name: pools[name] for name in TAUGHT if name in pools}
            seen = Validation.of_photos(self.data.held_out, recipe.teacher_config.side)
            teacher = trained(recipe.teacher_config, photos, seen, self.out)
            self._fit(network, self.data.mixture(stage.shares, pools, teacher), stage, file)
            return network

        return kept(file, train)

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
    """Calibrate the network and write it to `out`, with its config next to it."""
    config = calibrated(
        config,
        logits=validation.logits(network, config.mirrored),
        accepted=validation.accepted,
        photos=validation.photos,
    )
    save(network, out)
    config.write_next_to(out)


def finish_joined(network: keras.Model, data: Data, out: Path, version: str) -> None:
    """Calibrate an ensemble on what is held back and write it to `out`, its config next to it.

    It is compiled to int8 later, which keeps its answers within the compiler's bounds.
    """
    config = ServingConfig(
        version=version,
        network=network.name,
        photo_shapes=PHOTO_SHAPES,
        small_shape=network.input["small"].shape[1:3],
        mirrored=("small",),
        precision="int8",
        parameters=network.count_params(),
    )
    start = -fashion_mnist.HELD_BACK
    pictures = [
        *labelled_pictures.of_rows(data.held_out),
        *labelled_pictures.of_arrays(data.garments[start:], data.labels[start:]),
    ]
    classifier = Classifier(compiler.KerasNetwork(network), config)
    logits, accepted, photos = logits_of(classifier, pictures)
    config = calibrated(config, logits=logits, accepted=accepted, photos=photos)
    save(network, out)
    config.write_next_to(out)
