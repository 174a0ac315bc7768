"""How the shipped model is made: one network, trained on photos and on Fashion-MNIST together."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from model import pretrained
from model.calibration import calibrated
from model.card import ModelCard
from model.datasets import clothing_builder, fashion_mnist, nothing
from model.datasets.mixture import Mixture, Shares
from model.datasets.pool import Pool
from model.datasets.validation import Validation
from model.networks import NETWORKS
from model.photo import stretched
from model.settings import Settings

Tensor = Any  # neither Keras nor TensorFlow has types to offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Every number of the training; those of the data are in `shares`."""

    network: str = "litenet"
    pretrained: bool = True  # starts from EfficientNet-Lite0's weights; else from random ones
    frozen_blocks: int = 3  # of the pretrained, how many stay as they are
    epochs: int = 30
    steps: int = 400  # batches in an epoch
    learning_rate: float = 1e-3
    warm_up: int = 500  # steps
    weight_decay: float = 0.02
    average: float = 0.999  # momentum of the weights' moving average
    nothing: int = 800  # drawn pictures without a garment
    shares: Shares = field(default_factory=Shares)


def joint_loss(targets: Tensor, logits: Tensor) -> Tensor:
    """Cross-entropy over the ten classes where they count, and over "a garment at all".

    targets [n, 12] as `Mixture` makes them, logits [n, 11]; returns [n].
    """
    classes = keras.losses.categorical_crossentropy(
        targets[:, :10], logits[:, :10], from_logits=True
    )
    garment = keras.losses.binary_crossentropy(
        targets[:, 10:11], logits[:, 10:11], from_logits=True
    )
    return ops.cast(targets[:, 11], classes.dtype) * classes + garment


class Progress(keras.callbacks.Callback):
    """After each epoch: measures the averaged weights, saves them, and reports."""

    def __init__(self, network: keras.Model, out: Path, validation: Validation) -> None:
        super().__init__()
        self.network, self.out, self.validation = network, out, validation

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Write both accuracies into the epoch's logs, and the weights to disk."""
        logs = {} if logs is None else logs
        photos, fashion_mnist = self.validation.accuracies(self.validation.logits(self.network))
        logs |= {"photos_accuracy": photos, "fashion_mnist_accuracy": fashion_mnist}
        self.network.save_weights(self.out.with_suffix(".weights.h5"))
        print(
            f"epoch {epoch + 1}: loss {logs.get('loss', float('nan')):.4f}, "
            f"photos {photos:.3f}, Fashion-MNIST (held back) {fashion_mnist:.4f}",
            flush=True,
        )


def run(
    settings: Settings, out: Path, *, version: str, seed: int = 0, recipe: Recipe | None = None
) -> None:
    """Train the recipe on the data in DATASETS_DIR; write the network to `out`, its card beside.

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
    mixture = Mixture(
        shares,
        training,
        garments[: -fashion_mnist.HELD_BACK],
        labels[: -fashion_mnist.HELD_BACK],
        {"nothing": Pool.of_none(nothing_at_all(recipe.nothing, shares.source_side, seed))},
    )
    validation = Validation.load(
        held_out,
        garments[-fashion_mnist.HELD_BACK :],
        labels[-fashion_mnist.HELD_BACK :],
        side=shares.side,
        plain_side=shares.plain_side,
    )
    trained = both_sides(network)
    trained.compile(
        optimizer(
            steps=recipe.epochs * recipe.steps,
            learning_rate=recipe.learning_rate,
            warm_up=recipe.warm_up,
            weight_decay=recipe.weight_decay,
            average=recipe.average,
        ),
        loss=joint_loss,
        jit_compile=False,
    )
    trained.fit(
        mixture.dataset(),
        steps_per_epoch=recipe.steps,
        epochs=recipe.epochs,
        verbose=1 if sys.stdout.isatty() else 0,
        callbacks=[
            keras.callbacks.BackupAndRestore(out.with_suffix(".resume")),
            keras.callbacks.SwapEMAWeights(swap_on_epoch=True),
            Progress(network, out, validation),
            keras.callbacks.CSVLogger(out.with_suffix(".csv"), append=True),
        ],
    )
    card = ModelCard(
        version=version,
        network=recipe.network,
        sides=(shares.plain_side, shares.side),
        # Small pictures cost little, and a photo, which is never so small, no more than before.
        mirrored=(shares.plain_side,),
    )
    finish(network, validation, out, card)


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


def optimizer(
    *, steps: int, learning_rate: float, warm_up: int, weight_decay: float, average: float
) -> keras.optimizers.Optimizer:
    """AdamW whose rate rises for `warm_up` of the `steps` and then falls like a cosine.

    `average` is the momentum of the weights' moving average.
    """
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        decay_steps=steps - warm_up,
        warmup_target=learning_rate,
        warmup_steps=warm_up,
    )
    return keras.optimizers.AdamW(
        schedule, weight_decay=weight_decay, use_ema=True, ema_momentum=average, clipnorm=1.0
    )
