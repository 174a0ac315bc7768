"""How the shipped model is made: one network, trained on photos and on Fashion-MNIST together.

Of photos a teacher tells it more than their labels do: see `model.teacher`.
"""

from dataclasses import dataclass, field
from pathlib import Path

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from model import pretrained, teacher
from model.calibration import calibrated
from model.card import ModelCard
from model.datasets import clothing_builder, fashion_mnist, nothing
from model.datasets.clothing_photos import Row
from model.datasets.lessons import Teacher
from model.datasets.mixture import Mixture, Shares, photo_pools
from model.datasets.pool import Pool
from model.datasets.validation import Validation
from model.fitting import Schedule, fit
from model.networks import NETWORKS
from model.photo import stretched
from model.settings import Settings
from model.teacher import Schooling


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Every number of the training; those of the data are in `shares`."""

    network: str = "litenet"
    pretrained: bool = True  # starts from EfficientNet-Lite0's weights; else from random ones
    frozen_blocks: int = 3  # of the pretrained, how many stay as they are
    schedule: Schedule = field(
        default_factory=lambda: Schedule(
            epochs=24, steps=400, learning_rate=1e-3, warm_up=500, average=0.999
        )
    )
    nothing: int = 800  # drawn pictures without a garment
    # A teacher sees photos larger than they are kept for other trainings; and asking it costs more
    # than learning from the answer.
    shares: Shares = field(
        default_factory=lambda: Shares(garment_photos=12, other_photos=3, source_side=256)
    )
    schooling: Schooling | None = field(default_factory=Schooling)  # None: no teacher


def run(
    settings: Settings, out: Path, *, version: str, seed: int = 0, recipe: Recipe | None = None
) -> None:
    """Train the recipe on the data in DATASETS_DIR; write the network to `out`, its card beside.

    The teacher is trained first, and kept beside `out` too: one that is there is not trained again.
    Interrupted, it goes on after the last whole epoch when started again with the same `out`.
    Raises pretrained.NoPretrainedWeightsError, and UnavailableError of either data set.
    """
    recipe = recipe or Recipe()
    shares = recipe.shares
    keras.utils.set_random_seed(seed)
    network = NETWORKS[recipe.network]()
    if recipe.pretrained:
        pretrained.start(network, frozen_blocks=recipe.frozen_blocks)
    training, held_out = (
        clothing_builder.examples(split, settings) for split in clothing_builder.SPLITS
    )
    garments, labels = fashion_mnist.arrays("train", settings)
    photos = photo_pools(shares, training)
    empty = {"nothing": Pool.of_none(nothing_at_all(recipe.nothing, shares.source_side, seed))}
    mixture = Mixture(
        shares,
        garments[: -fashion_mnist.HELD_BACK],
        labels[: -fashion_mnist.HELD_BACK],
        photos | empty,
        taught_by(recipe.schooling, photos, held_out, out),
    )
    validation = Validation.load(
        held_out,
        garments[-fashion_mnist.HELD_BACK :],
        labels[-fashion_mnist.HELD_BACK :],
        side=shares.side,
        plain_side=shares.plain_side,
    )
    fit(network, mixture.dataset(), recipe.schedule, validation, out, trained=both_sides(network))
    card = ModelCard(
        version=version,
        network=recipe.network,
        sides=(shares.plain_side, shares.side),
        # Small pictures cost little, and a photo, which is never so small, no more than before.
        mirrored=(shares.plain_side,),
    )
    finish(network, validation, out, card)


def taught_by(
    schooling: Schooling | None, photos: dict[str, Pool], held_out: list[Row], out: Path
) -> Teacher | None:
    """The teacher that is kept beside `out`, trained first where it is not yet there."""
    if schooling is None:
        return None
    validation = Validation.of_photos(held_out, schooling.side)
    return teacher.trained(schooling, photos, validation, out)


def both_sides(network: keras.Model) -> keras.Model:
    """The network on pictures of two sides at a time: ([p, …], [q, …]) → logits [p + q, 11]."""
    photos, plain = (keras.Input(network.input_shape[1:]) for _ in range(2))
    logits = ops.concatenate([network(photos), network(plain)], axis=0)
    return keras.Model([photos, plain], logits)


def nothing_at_all(count: int, side: int, seed: int) -> NDArray[np.uint8]:
    """Drawn pictures without a garment: uint8 [count, side, side, 3]."""
    pictures, _ = nothing.pictures(nothing.TRAINING_KINDS, count, seed)
    return np.stack([np.asarray(stretched(picture, (side, side))) for picture in pictures])


def finish(network: keras.Model, validation: Validation, out: Path, card: ModelCard) -> None:
    """Calibrate the network and write it to `out`, with its card beside it."""
    card = calibrated(
        card,
        logits=validation.logits(network, card.mirrored),
        accepted=validation.accepted,
        photos=validation.photos,
    )
    network.save(out)
    card.write_beside(out)
