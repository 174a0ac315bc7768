"""The training data of the shipped model: every batch is a mixture of real and made-up photos.

A batch mixes real photos, Fashion-MNIST's garments pasted onto photos' backgrounds, pictures
without any garment, and plain Fashion-MNIST images. Read `Mixture.batch`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.datasets import clothing_photos
from model.datasets import compositing as draw
from model.datasets.clothing_photos import Row
from model.labels import LABELS, NAMES

Tensor = Any  # TensorFlow has no types to offer

# Real photos show them seldom or never: they are pasted more often than the rest.
SELDOM = ("Sandal", "Sneaker", "Bag", "Ankle boot")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How many images of each kind are in a batch, and how their targets are softened."""

    garment_photos: int = 16
    other_photos: int = 4  # shorts, hats …: photos of none of the ten
    pasted: int = 8
    nothing: int = 3  # drawn pictures of screens, documents, places …
    empty: int = 2  # backgrounds alone
    plain: int = 96  # Fashion-MNIST as it is
    side: int = 128  # px, of all but the plain
    plain_side: int = 64  # px: they have but 28 to show
    source_side: int = 160  # px; photos are kept at this size and seen through random views
    photo_weight: float = 2.0  # what all but the plain count in the loss, against the plain's 1
    label_smoothing: float = 0.05
    also_accepted: float = 0.3  # the share of the target that a second right class gets
    # A class is drawn in proportion to its count to this power: 1 as it comes, 0 all alike.
    class_balance: float = 0.5
    seldom: float = 2.0  # how much likelier a class of SELDOM is pasted than another


class Mixture:
    """The training data, without end: batches of (images, targets [n, 12], weights [n]).

    `images` are two: photos and the like [p, side, side, 3], then plain Fashion-MNIST
    [n - p, plain_side, plain_side, 3], both in [0, 1]; targets and weights follow in this order.
    A target holds the ten classes' shares, whether there is a garment at all, and whether the ten
    count in the loss.
    """

    def __init__(
        self,
        shares: Shares,
        rows: list[Row],
        garments: NDArray[np.uint8],
        labels: NDArray[np.int64],
        nothing: NDArray[np.uint8],
    ) -> None:
        """Take photos, Fashion-MNIST [n, 28, 28] with its labels [n], and pictures of nothing.

        `nothing` is uint8 [n, source_side, source_side, 3].
        """
        self.shares = shares
        photos = clothing_photos.images(rows, shares.source_side)
        shown = np.array([row.garment is not None for row in rows])
        self.photos = tf.constant(photos[shown])
        self.others = tf.constant(photos[~shown])
        self.nothing = tf.constant(nothing)
        garment_rows = [row for row in rows if row.garment is not None]
        self.photo_targets = tf.constant(self._targets(garment_rows))
        classes = np.array([row.garment for row in garment_rows], np.int64)
        counts = np.bincount(classes, minlength=len(LABELS))
        weights = (shares.class_balance - 1.0) * np.log(counts[classes])
        self.photo_logits = tf.constant([weights], tf.float32)
        self.garments = tf.constant(garments)
        self.masks = tf.constant(draw.masks(garments))
        seldom = np.isin(labels, [NAMES.index(name) for name in SELDOM])
        self.paste_logits = tf.constant([np.log(shares.seldom) * seldom], tf.float32)
        smooth = shares.label_smoothing
        hot = np.eye(len(LABELS), dtype=np.float32)[labels]
        self.labels = tf.constant(hot * (1 - smooth) + smooth / len(LABELS))

    def dataset(self) -> tf.data.Dataset:
        """Batches without end, as Keras's fit takes them."""
        endless = tf.data.Dataset.counter()
        return endless.map(lambda _: self.batch(), num_parallel_calls=2).prefetch(3)

    def batch(self) -> tuple[tuple[Tensor, Tensor], Tensor, Tensor]:
        """One batch, drawn at random."""
        shares = self.shares
        chosen = tf.random.categorical(self.photo_logits, shares.garment_photos)[0]
        picked = tf.random.categorical(self.paste_logits, shares.pasted)[0]
        plain = _indices(self.garments, shares.plain)
        pasted = draw.paste(
            tf.gather(self.garments, picked),
            tf.gather(self.masks, picked),
            self._backgrounds(shares.pasted),
        )
        photos = tf.concat(
            [
                self._view(tf.gather(self.photos, chosen)),
                pasted,
                self._view(_draw(self.others, shares.other_photos)),
                self._view(_draw(self.nothing, shares.nothing)),
                self._backgrounds(shares.empty),
            ],
            axis=0,
        )
        shown = tf.concat(
            [tf.gather(self.photo_targets, chosen), tf.gather(self.labels, picked)], axis=0
        )
        unshown = tf.zeros([shares.other_photos + shares.nothing + shares.empty, len(LABELS)])
        targets = tf.concat(
            [
                _flagged(shown, shown=True),
                _flagged(unshown, shown=False),
                _flagged(tf.gather(self.labels, plain), shown=True),
            ],
            axis=0,
        )
        weights = tf.concat(
            [tf.fill([len(photos)], shares.photo_weight), tf.ones([shares.plain])], axis=0
        )
        return (draw.colour_jitter(photos), self._plain(plain)), targets, weights

    def _plain(self, indices: Tensor) -> Tensor:
        greys = tf.cast(tf.gather(self.garments, indices)[..., None], tf.float32) / 255.0
        greys = draw.warp(
            greys,
            self.shares.plain_side,
            zoom=(0.9, 1.15),
            turn=6.0,
            shift=0.05,
            stretch=0.08,
            fill="CONSTANT",
        )
        return tf.repeat(draw.erase(greys, chance=0.4), 3, axis=3)

    def _view(self, photos: Tensor) -> Tensor:
        pixels = tf.cast(photos, tf.float32) / 255.0
        return draw.warp(pixels, self.shares.side, zoom=(0.6, 1.1), turn=15.0, shift=0.08)

    def _backgrounds(self, count: int) -> Tensor:
        cut, side = count * 3 // 4, self.shares.side
        photos = _draw(self.photos, cut)
        return tf.concat(
            [draw.cut_backgrounds(photos, side), draw.flat_backgrounds(count - cut, side)], 0
        )

    def _targets(self, rows: list[Row]) -> NDArray[np.float32]:
        smooth = self.shares.label_smoothing
        targets = np.full((len(rows), len(LABELS)), smooth / len(LABELS), np.float32)
        for target, row in zip(targets, rows, strict=True):
            share = self.shares.also_accepted if row.also_accepted is not None else 0.0
            target[row.garment] += (1 - smooth) * (1 - share)
            if row.also_accepted is not None:
                target[row.also_accepted] += (1 - smooth) * share
        return targets


def _flagged(classes: Tensor, *, shown: bool) -> Tensor:
    """Targets with their two flags: a garment at all, and whether the classes count."""
    flags = tf.fill([tf.shape(classes)[0], 2], 1.0 if shown else 0.0)
    return tf.concat([classes, flags], axis=1)


def _indices(images: Tensor, count: int) -> Tensor:
    return tf.random.uniform([count], maxval=len(images), dtype=tf.int32)


def _draw(images: Tensor, count: int) -> Tensor:
    return tf.gather(images, _indices(images, count))
