"""How the shipped model is made: one network, trained on photos and on Fashion-MNIST together.

Every batch mixes real photos, Fashion-MNIST's garments pasted onto photos' backgrounds, plain
Fashion-MNIST images, and backgrounds with no garment at all. The batch is the recipe: read
`Mixture.batch`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import NDArray

from model.datasets import clothing_photos, fashion_mnist
from model.datasets import compositing as draw
from model.datasets.clothing_photos import Row
from model.labels import LABELS
from model.networks import NETWORKS

Tensor = Any  # neither Keras nor TensorFlow has types to offer

# The last training images of Fashion-MNIST are held back, to choose by.
HELD_BACK = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Every number of the training. Counts are of images in a batch."""

    network: str = "convnet"
    epochs: int = 20
    steps: int = 469  # batches in an epoch: about 60,000 images
    garment_photos: int = 56
    other_photos: int = 10  # shorts, hats …: photos of none of the ten
    pasted: int = 34
    plain: int = 20  # Fashion-MNIST as it is
    empty: int = 8  # backgrounds alone
    source_side: int = 96  # px; photos are kept at this size and seen through random views
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    label_smoothing: float = 0.05
    also_accepted: float = 0.3  # the share of the target that a second right class gets
    average: float = 0.999  # momentum of the weights' moving average
    # A class is drawn in proportion to its count to this power: 1 as it comes, 0 all alike.
    class_balance: float = 0.5


class Mixture:
    """The training data: batches of ([n, side, side, 3] in [0, 1], targets [n, 12]).

    A target holds the ten classes' shares, whether there is a garment at all, and whether the ten
    count in the loss.
    """

    def __init__(
        self,
        recipe: Recipe,
        rows: list[Row],
        garments: NDArray[np.uint8],
        labels: NDArray[np.int64],
    ) -> None:
        self.recipe = recipe
        photos = clothing_photos.images(rows, recipe.source_side)
        shown = np.array([row.garment is not None for row in rows])
        self.photos = tf.constant(photos[shown])
        self.others = tf.constant(photos[~shown])
        garment_rows = [row for row in rows if row.garment is not None]
        self.photo_targets = tf.constant(self._targets(garment_rows))
        classes = np.array([row.garment for row in garment_rows], np.int64)
        counts = np.bincount(classes, minlength=len(LABELS))
        weights = (recipe.class_balance - 1.0) * np.log(counts[classes])
        self.photo_logits = tf.constant([weights], tf.float32)
        self.garments = tf.constant(garments)
        self.masks = tf.constant(draw.masks(garments))
        smooth = recipe.label_smoothing
        hot = np.eye(len(LABELS), dtype=np.float32)[labels]
        self.labels = tf.constant(hot * (1 - smooth) + smooth / len(LABELS))

    def dataset(self, side: int) -> tf.data.Dataset:
        """Batches without end, for a network that sees `side` × `side` pixels."""
        endless = tf.data.Dataset.counter()
        return endless.map(lambda _: self.batch(side), num_parallel_calls=2).prefetch(3)

    def batch(self, side: int) -> tuple[Tensor, Tensor]:
        """One batch, drawn at random."""
        recipe = self.recipe
        chosen = tf.random.categorical(self.photo_logits, recipe.garment_photos)[0]
        photos = self._view(tf.gather(self.photos, chosen), side)
        others = self._view(_draw(self.others, recipe.other_photos), side)

        picks = _indices(self.garments, recipe.pasted)
        backgrounds = self._backgrounds(recipe.pasted, side)
        pasted = draw.paste(
            tf.gather(self.garments, picks), tf.gather(self.masks, picks), backgrounds
        )
        plain = _indices(self.garments, recipe.plain)
        greys = tf.cast(tf.gather(self.garments, plain)[..., None], tf.float32) / 255.0
        greys = draw.warp(
            greys, side, zoom=(0.9, 1.15), turn=6.0, shift=0.05, stretch=0.08, fill="CONSTANT"
        )
        images = tf.concat(
            [
                draw.colour_jitter(photos),
                draw.colour_jitter(others),
                draw.colour_jitter(pasted),
                tf.repeat(greys, 3, axis=3),
                draw.colour_jitter(self._backgrounds(recipe.empty, side)),
            ],
            axis=0,
        )
        garments = tf.concat(
            [
                tf.gather(self.photo_targets, chosen),
                tf.gather(self.labels, tf.concat([picks, plain], 0)),
            ],
            axis=0,
        )
        targets = tf.concat(
            [
                _flagged(garments[: recipe.garment_photos], shown=True),
                _flagged(tf.zeros([recipe.other_photos, len(LABELS)]), shown=False),
                _flagged(garments[recipe.garment_photos :], shown=True),
                _flagged(tf.zeros([recipe.empty, len(LABELS)]), shown=False),
            ],
            axis=0,
        )
        return images, targets

    def _view(self, photos: Tensor, side: int) -> Tensor:
        pixels = tf.cast(photos, tf.float32) / 255.0
        return draw.warp(pixels, side, zoom=(0.6, 1.1), turn=15.0, shift=0.08)

    def _backgrounds(self, count: int, side: int) -> Tensor:
        cut = count * 3 // 4
        photos = _draw(tf.concat([self.photos, self.others], 0), cut)
        return tf.concat(
            [draw.cut_backgrounds(photos, side), draw.flat_backgrounds(count - cut, side)], 0
        )

    def _targets(self, rows: list[Row]) -> NDArray[np.float32]:
        smooth = self.recipe.label_smoothing
        targets = np.full((len(rows), len(LABELS)), smooth / len(LABELS), np.float32)
        for target, row in zip(targets, rows, strict=True):
            share = self.recipe.also_accepted if row.also_accepted is not None else 0.0
            target[row.garment] += (1 - smooth) * (1 - share)
            if row.also_accepted is not None:
                target[row.also_accepted] += (1 - smooth) * share
        return targets


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
    """Measures the network after each epoch, with the averaged weights, and keeps the best."""

    def __init__(
        self,
        out: Path,
        photos: tuple[NDArray[np.uint8], list[Row]],
        held_back: tuple[NDArray[np.float32], NDArray[np.int64]],
    ) -> None:
        super().__init__()
        self.out, self.photos, self.held_back = out, photos, held_back

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Write both accuracies into the epoch's logs, and the weights to disk."""
        logs = logs if logs is not None else {}
        pixels, rows = self.photos
        likeliest = self._logits(pixels.astype(np.float32) / 255.0)[:, :10].argmax(axis=1)
        shown = [
            row.accepts(int(index))
            for row, index in zip(rows, likeliest, strict=True)
            if row.garment is not None
        ]
        images, labels = self.held_back
        likeliest = self._logits(images)[:, :10].argmax(axis=1)
        logs["photos_accuracy"] = float(np.mean(shown))
        logs["fashion_mnist_accuracy"] = float(np.mean(likeliest == labels))
        self.model.save_weights(self.out.with_suffix(".weights.h5"))
        print(
            f"epoch {epoch + 1}: loss {logs.get('loss', float('nan')):.4f}, "
            f"photos {logs['photos_accuracy']:.3f}, "
            f"Fashion-MNIST (held back) {logs['fashion_mnist_accuracy']:.4f}",
            flush=True,
        )

    def _logits(self, images: NDArray[np.float32]) -> NDArray[np.float32]:
        steps = [
            np.asarray(self.model(images[start : start + 256], training=False))
            for start in range(0, len(images), 256)
        ]
        return np.concatenate(steps)


def run(datasets_dir: Path, out: Path, *, seed: int = 0, recipe: Recipe | None = None) -> None:
    """Train the recipe on the data in `datasets_dir` and write the network to `out`.

    Interrupted, it goes on after the last whole epoch when started again with the same `out`.
    """
    recipe = recipe or Recipe()
    keras.utils.set_random_seed(seed)
    # The processor multiplies bfloat16 half as fast again; the weights themselves stay float32.
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    network = NETWORKS[recipe.network]()
    side = network.input_shape[1]
    rows = clothing_photos.rows(datasets_dir / "clothing-photos")
    garments, labels = fashion_mnist.arrays("train")
    mixture = Mixture(
        recipe,
        [row for row in rows if row.split == "train"],
        garments[:-HELD_BACK],
        labels[:-HELD_BACK],
    )
    validation = [row for row in rows if row.split == "validation"]
    photos = clothing_photos.images(validation, side)
    held_back = tf.image.resize(garments[-HELD_BACK:, ..., None], [side, side]) / 255.0
    held_back = tf.repeat(held_back, 3, axis=3).numpy()
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        decay_steps=recipe.epochs * recipe.steps - 500,
        warmup_target=recipe.learning_rate,
        warmup_steps=500,
    )
    network.compile(
        keras.optimizers.AdamW(
            schedule,
            weight_decay=recipe.weight_decay,
            use_ema=True,
            ema_momentum=recipe.average,
            clipnorm=1.0,
        ),
        loss=joint_loss,
        jit_compile=False,
    )
    network.fit(
        mixture.dataset(side),
        steps_per_epoch=recipe.steps,
        epochs=recipe.epochs,
        verbose=0,
        callbacks=[
            keras.callbacks.BackupAndRestore(out.with_suffix(".resume")),
            keras.callbacks.SwapEMAWeights(swap_on_epoch=True),
            Progress(out, (photos, validation), (held_back, labels[-HELD_BACK:])),
            keras.callbacks.CSVLogger(out.with_suffix(".csv"), append=True),
        ],
    )
    keras.mixed_precision.set_global_policy("float32")
    final = NETWORKS[recipe.network]()
    final.set_weights(network.get_weights())
    final.save(out)


def _draw(images: Tensor, count: int) -> Tensor:
    return tf.gather(images, _indices(images, count))


def _indices(images: Tensor, count: int) -> Tensor:
    return tf.random.uniform([count], maxval=tf.shape(images)[0], dtype=tf.int32)


def _flagged(classes: Tensor, *, shown: bool) -> Tensor:
    flag = tf.fill([tf.shape(classes)[0], 2], float(shown))
    return tf.concat([classes, flag], axis=1)
