"""The recipe of the shipped model: `litenet`, a photo branch and `smallnet`, joined into one model.

`litenet` learns from labels first, then from a teacher: two networks, each seven times its
arithmetic, that know photos alone. At nearly twice the side they see buttons, zips and straps,
which tell a shirt from a pullover and a sandal from a sneaker. Their output for a photo teaches
more than its label. The photo branch (`model.training.photo_branch`) learns photos that lie any way
up, bags, and things, `smallnet` (`model.training.small_branch`) small pictures.
"""

from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Self

import keras
from keras import ops

from model.common.registry.serving_config import ServingConfig
from model.common.settings import Settings
from model.datasets import labelled_pictures
from model.datasets.distillation import Teacher
from model.datasets.pool import Pool
from model.datasets.sources import clothing_builder, clothing_photos, fashion_mnist, things
from model.datasets.sources.clothing_photos import Row
from model.datasets.sources.fashion_mnist import Arrays
from model.datasets.validation import Validation
from model.networks import pretrained
from model.networks.architectures import NETWORKS, freeze, lite2
from model.networks.ensemble import ensemble
from model.networks.saving import save
from model.serving.classifier import Classifier
from model.training import compiler, photo_branch, quantization, small_branch
from model.training.batches import TAUGHT, Mixture, photo_pools, teacher_batches, thing_pool
from model.training.calibration import Said, calibrated
from model.training.config import PHOTO_CROP, PHOTO_SHAPES, Recipe, Stage
from model.training.loop import fit, kept
from model.training.photo_features import Examples


@dataclass(frozen=True)
class Data:
    """Data to learn from: images of Fashion-MNIST, photos of clothes and things.

    The held-out rows include things, too, of kinds that no training sees.
    """

    fashion_mnist: Arrays
    training: list[Row]
    things: list[Row]
    held_out: list[Row]
    held_out_fashion_mnist: Arrays

    @classmethod
    def load(cls, settings: Settings) -> Self:
        """Raises UnavailableError of any of the data sets."""
        training, held_out = (
            clothing_builder.examples(split, settings) for split in clothing_photos.SPLITS
        )
        images, unseen_images = (
            read(settings) for read in (fashion_mnist.to_learn, fashion_mnist.held_back)
        )
        shown, unseen = (things.rows(split, settings) for split in clothing_photos.SPLITS)
        return cls(images, training, shown, [*held_out, *unseen], unseen_images)


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
    plain_side, side = recipe.from_labels.shares.plain_side, recipe.from_labels.shares.side
    data = Data.load(settings)
    validation = Validation.load(
        data.held_out, *data.held_out_fashion_mnist, side=side, plain_side=plain_side
    )
    training = _Training(recipe, data, validation, out)
    network = training.from_labels()
    if recipe.from_teacher:
        network = training.from_teacher(network, recipe.from_teacher)
    config = shown_at(recipe.network, plain_side, side)
    if recipe.photo_branch:
        seen = Validation.of_photos(data.held_out, PHOTO_SHAPES[0][0])
        examples = Examples.load(settings)
        branch = photo_branch.trained(examples, seen, out, recipe.photo_branch, seed=seed)
        file = out.with_suffix(".small.keras")
        if not file.is_file():
            small_branch.run(settings, file, seed=seed, config=recipe.small)
        small = keras.saving.load_model(file, compile=False)
        network = ensemble(network, branch, small, recipe.weights)
        config = ServingConfig(
            version="",
            network=network.name,
            photo_shapes=PHOTO_SHAPES,
            photo_crop=PHOTO_CROP,
            small_shape=network.input["small"].shape[1:3],
            mirrored=("small",),
            # It is compiled to int8 later, which keeps its answers within the compiler's bounds.
            precision="int8",
            parameters=network.count_params(),
        )
        shower = Classifier(compiler.KerasNetwork(network), config)
        rows, images = [*data.training, *data.things], data.fashion_mnist[0]
        shown = labelled_pictures.calibrating(rows, images, quantization.PICTURES)
        quantization.make_ready(network, [shower.prepare(each) for each in shown])
    finish(network, replace(config, version=version), data, validation, out)


@dataclass(frozen=True)
class _Training:
    """The recipe's two stages, and the files that each leaves next to `out`."""

    recipe: Recipe
    data: Data
    validation: Validation
    out: Path

    def from_labels(self) -> keras.Model:
        """The network that labels alone have taught: the one in its file, or trained now."""
        recipe, stage = self.recipe, self.recipe.from_labels
        file = self.out.with_suffix(".from-labels.keras")

        def train() -> keras.Model:
            network = NETWORKS[recipe.network]()
            if recipe.pretrained:
                pretrained.start(network, frozen_blocks=recipe.frozen_blocks)
            mixture = Mixture(stage.shares, *self.data.fashion_mnist, self._pools(stage))
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
            teacher = self._teacher(pools)
            mixture = Mixture(stage.shares, *self.data.fashion_mnist, pools, teacher)
            self._fit(network, mixture, stage, file)
            return network

        return kept(file, train)

    def _teacher(self, pools: dict[str, Pool]) -> Teacher:
        """Networks that know photos alone, in FILE.teacher-1.keras and so on next to `out`."""
        config = self.recipe.teacher_config
        photos = {name: pools[name] for name in TAUGHT if name in pools}
        seen = Validation.of_photos(self.data.held_out, config.side)

        def train(file: Path) -> keras.Model:
            network = lite2()
            if config.pretrained:
                pretrained.start(network, frozen_blocks=config.frozen_blocks)
            fit(network, teacher_batches(config, photos), config.schedule, seen, file)
            return network

        numbers = range(1, config.networks + 1)
        files = [self.out.with_suffix(f".teacher-{number}.keras") for number in numbers]
        return Teacher(tuple(kept(file, partial(train, file)) for file in files), config.side)

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


def shown_at(network: str, small: int, photo: int) -> ServingConfig:
    """How a network of one input is shown squares of these sides: small ones mirrored as well."""
    return ServingConfig(
        version="",
        network=network,
        photo_shapes=((photo, photo),),
        small_shape=(small, small),
        mirrored=("small",),
    )


def finish(
    network: keras.Model, config: ServingConfig, data: Data, validation: Validation, out: Path
) -> None:
    """Calibrate the network on what is held back and write it to `out`, its config next to it."""
    pictures = chain(
        labelled_pictures.of_rows(data.held_out),
        labelled_pictures.of_arrays(*data.held_out_fashion_mnist),
    )
    classifier = Classifier(compiler.KerasNetwork(network), config)
    said = Said.by(classifier, (picture for picture, _ in pictures))
    config = calibrated(
        config, logits=said.logits, accepted=validation.accepted, photos=said.photos
    )
    save(network, out)
    config.write_next_to(out)
