"""The training data of the shipped model: every batch is a mixture of real and made-up photos.

A batch mixes real photos, Fashion-MNIST's garments pasted onto photos' backgrounds, plain
Fashion-MNIST images, and backgrounds with no garment at all. Read `Mixture.batch`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.datasets import clothing_photos
from model.datasets import compositing as draw
from model.datasets.clothing_photos import Row
from model.labels import LABELS

Tensor = Any  # TensorFlow has no types to offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How many images of each kind are in a batch, and how their targets are softened."""

    garment_photos: int = 40
    other_photos: int = 10  # shorts, hats …: photos of none of the ten
    pasted: int = 30
    plain: int = 40  # Fashion-MNIST as it is
    empty: int = 8  # backgrounds alone
    source_side: int = 96  # px; photos are kept at this size and seen through random views
    label_smoothing: float = 0.05
    also_accepted: float = 0.3  # the share of the target that a second right class gets
    # A class is drawn in proportion to its count to this power: 1 as it comes, 0 all alike.
    class_balance: float = 0.5


class Mixture:
    """The training data: batches of ([n, side, side, 3] in [0, 1], targets [n, 12]).

    A target holds the ten classes' shares, whether there is a garment at all, and whether the ten
    count in the loss.
    """

    def __init__(
        self,
        shares: Shares,
        rows: list[Row],
        garments: NDArray[np.uint8],
        labels: NDArray[np.int64],
    ) -> None:
        self.shares = shares
        photos = clothing_photos.images(rows, shares.source_side)
        shown = np.array([row.garment is not None for row in rows])
        self.photos = tf.constant(photos[shown])
        self.others = tf.constant(photos[~shown])
        garment_rows = [row for row in rows if row.garment is not None]
        self.photo_targets = tf.constant(self._targets(garment_rows))
        classes = np.array([row.garment for row in garment_rows], np.int64)
        counts = np.bincount(classes, minlength=len(LABELS))
        weights = (shares.class_balance - 1.0) * np.log(counts[classes])
        self.photo_logits = tf.constant([weights], tf.float32)
        self.garments = tf.constant(garments)
        self.masks = tf.constant(draw.masks(garments))
        smooth = shares.label_smoothing
        hot = np.eye(len(LABELS), dtype=np.float32)[labels]
        self.labels = tf.constant(hot * (1 - smooth) + smooth / len(LABELS))

    def dataset(self, side: int) -> tf.data.Dataset:
        """Batches without end, for a network that sees `side` × `side` pixels."""
        endless = tf.data.Dataset.counter()
        return endless.map(lambda _: self.batch(side), num_parallel_calls=2).prefetch(3)

    def batch(self, side: int) -> tuple[Tensor, Tensor]:
        """One batch, drawn at random."""
        shares = self.shares
        chosen = tf.random.categorical(self.photo_logits, shares.garment_photos)[0]
        photos = self._view(tf.gather(self.photos, chosen), side)
        others = self._view(_draw(self.others, shares.other_photos), side)

        picks = _indices(self.garments, shares.pasted)
        backgrounds = self._backgrounds(shares.pasted, side)
        pasted = draw.paste(
            tf.gather(self.garments, picks), tf.gather(self.masks, picks), backgrounds
        )
        plain = _indices(self.garments, shares.plain)
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
                draw.colour_jitter(self._backgrounds(shares.empty, side)),
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
                _flagged(garments[: shares.garment_photos], shown=True),
                _flagged(tf.zeros([shares.other_photos, len(LABELS)]), shown=False),
                _flagged(garments[shares.garment_photos :], shown=True),
                _flagged(tf.zeros([shares.empty, len(LABELS)]), shown=False),
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
        smooth = self.shares.label_smoothing
        targets = np.full((len(rows), len(LABELS)), smooth / len(LABELS), np.float32)
        for target, row in zip(targets, rows, strict=True):
            share = self.shares.also_accepted if row.also_accepted is not None else 0.0
            target[row.garment] += (1 - smooth) * (1 - share)
            if row.also_accepted is not None:
                target[row.also_accepted] += (1 - smooth) * share
        return targets


def _draw(images: Tensor, count: int) -> Tensor:
    return tf.gather(images, _indices(images, count))


def _indices(images: Tensor, count: int) -> Tensor:
    return tf.random.uniform([count], maxval=tf.shape(images)[0], dtype=tf.int32)


def _flagged(classes: Tensor, *, shown: bool) -> Tensor:
    flag = tf.fill([tf.shape(classes)[0], 2], float(shown))
    return tf.concat([classes, flag], axis=1)
