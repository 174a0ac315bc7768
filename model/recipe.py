"""How the shipped model is made: one network, trained on photos and on Fashion-MNIST together."""

import itertools
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from model.calibration import calibrated
from model.card import ModelCard
from model.datasets import clothing_photos, fashion_mnist
from model.datasets.mixture import Mixture, Shares
from model.datasets.validation import Validation
from model.labels import LABELS
from model.networks import NETWORKS

Tensor = Any  # neither Keras nor TensorFlow has types to offer

# The last training images of Fashion-MNIST are held back, to choose by.
HELD_BACK = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Every number of the training; those of the data are in `shares`."""

    network: str = "convnet"
    epochs: int = 18
    steps: int = 469  # batches in an epoch: about 60,000 images
    learning_rate: float = 2e-3
    warm_up: int = 500  # steps
    weight_decay: float = 0.02
    average: float = 0.999  # momentum of the weights' moving average
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

    def __init__(self, out: Path, validation: Validation, batches: Iterable[Any]) -> None:
        super().__init__()
        self.out, self.validation, self.batches = out, validation, batches

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Write both accuracies into the epoch's logs, and the weights to disk."""
        logs = {} if logs is None else logs
        refresh_statistics(self.model, self.batches)
        photos, fashion_mnist = self.validation.accuracies(self.validation.logits(self.model))
        logs |= {"photos_accuracy": photos, "fashion_mnist_accuracy": fashion_mnist}
        self.model.save_weights(self.out.with_suffix(".weights.h5"))
        print(
            f"epoch {epoch + 1}: loss {logs.get('loss', float('nan')):.4f}, "
            f"photos {photos:.3f}, Fashion-MNIST (held back) {fashion_mnist:.4f}",
            flush=True,
        )


def refresh_statistics(network: keras.Model, batches: Iterable[Any], count: int = 30) -> None:
    """Measure the batch normalisations' means and variances anew, over `count` batches.

    Those gathered in training belong to the weights of each step, not to their average
    (Izmailov et al. 2018, https://arxiv.org/abs/1803.05407, section 3.2).
    """
    norms = [n for n in network.layers if isinstance(n, keras.layers.BatchNormalization)]
    before = [norm.momentum for norm in norms]
    for step, (images, _) in enumerate(itertools.islice(batches, count)):
        for norm in norms:
            # A plain mean over the batches seen so far.
            norm.momentum = step / (step + 1.0)
        network(images, training=True)
    for norm, momentum in zip(norms, before, strict=True):
        norm.momentum = momentum


def run(
    datasets_dir: Path, out: Path, *, version: str, seed: int = 0, recipe: Recipe | None = None
) -> None:
    """Train the recipe on the data in `datasets_dir`; write the network to `out`, its card beside.

    Interrupted, it goes on after the last whole epoch when started again with the same `out`.
    """
    recipe = recipe or Recipe()
    keras.utils.set_random_seed(seed)
    # Quicker where the processor multiplies bfloat16; the weights themselves stay float32.
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    network = NETWORKS[recipe.network]()
    side = network.input_shape[1]
    rows = clothing_photos.rows(datasets_dir / "clothing-photos")
    garments, labels = fashion_mnist.arrays("train")
    training = [row for row in rows if row.split == "train"]
    mixture = Mixture(recipe.shares, training, garments[:-HELD_BACK], labels[:-HELD_BACK])
    held_out = [row for row in rows if row.split == "validation"]
    validation = Validation.load(held_out, garments[-HELD_BACK:], labels[-HELD_BACK:], side)
    batches = mixture.dataset(side)
    network.compile(_optimizer(recipe), loss=joint_loss, jit_compile=False)
    network.fit(
        batches,
        steps_per_epoch=recipe.steps,
        epochs=recipe.epochs,
        verbose=1 if sys.stdout.isatty() else 0,
        callbacks=[
            keras.callbacks.BackupAndRestore(out.with_suffix(".resume")),
            keras.callbacks.SwapEMAWeights(swap_on_epoch=True),
            Progress(out, validation, batches),
            keras.callbacks.CSVLogger(out.with_suffix(".csv"), append=True),
        ],
    )
    keras.mixed_precision.set_global_policy("float32")
    final = NETWORKS[recipe.network]()
    final.set_weights(network.get_weights())
    refresh_statistics(final, batches)
    card = ModelCard(version=version, network=recipe.network, mirrored=True)
    finish(final, validation, out, card)


def finish(network: keras.Model, validation: Validation, out: Path, card: ModelCard) -> None:
    """Calibrate the network and write it to `out`, with its card beside it."""
    logits = validation.logits(network, mirrored=card.mirrored)
    shown = validation.shown
    # Fashion-MNIST's images are many; as many as there are photos keep the two in balance.
    chosen = np.flatnonzero(shown)[: 2 * int((shown & validation.photos).sum())]
    card = calibrated(
        card,
        logits=logits[chosen, : len(LABELS)],
        accepted=validation.accepted[chosen],
        garment_logits=logits[validation.photos, len(LABELS)],
        shown=shown[validation.photos],
    )
    network.save(out)
    card.write_beside(out)


def _optimizer(recipe: Recipe) -> keras.optimizers.Optimizer:
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        decay_steps=recipe.epochs * recipe.steps - recipe.warm_up,
        warmup_target=recipe.learning_rate,
        warmup_steps=recipe.warm_up,
    )
    return keras.optimizers.AdamW(
        schedule,
        weight_decay=recipe.weight_decay,
        use_ema=True,
        ema_momentum=recipe.average,
        clipnorm=1.0,
    )
