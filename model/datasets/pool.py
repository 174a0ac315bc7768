"""Pictures to sample at random, with their targets."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.common.labels import LABELS, NONE_OF_THESE
from model.datasets.sources.clothing_photos import Row

Tensor = Any  # TensorFlow has no types to offer
Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


class Pool:
    """`count` pictures, uint8 [count, side, side, 3], and their targets, float32 [count, 12].

    A target holds the ten classes' shares, whether there is a garment of the ten at all, and
    whether the ten count in the loss.
    """

    def __init__(self, pictures: Pixels, targets: Floats, odds: Floats | None = None) -> None:
        """Take pictures and targets, and in which proportion they are drawn (default: alike)."""
        self.count = len(pictures)
        self._pictures = tf.constant(pictures)
        self._targets = tf.constant(targets, tf.float32)
        odds = np.ones(self.count, np.float32) if odds is None else odds
        self._logits = tf.constant([np.log(odds)], tf.float32)

    @classmethod
    def of_none(cls, pictures: Pixels) -> Self:
        """Pictures that show none of the ten."""
        return cls(pictures, flagged(np.zeros((len(pictures), len(LABELS)), np.float32)))

    def draw(self, count: int) -> tuple[Tensor, Tensor]:
        """Some of them, as they come again and again: uint8 [n, side, side, 3], [n, 12]."""
        chosen = tf.random.categorical(self._logits, count)[0]
        return tf.gather(self._pictures, chosen), tf.gather(self._targets, chosen)


def flagged(classes: Floats) -> Floats:
    """The classes' shares [n, 10] with the two flags, both 0 if all ten are: [n, 12]."""
    shown = (classes.sum(axis=1, keepdims=True) > 0).astype(np.float32)
    return np.concatenate([classes, shown, shown], axis=1)


def classes_of(rows: Sequence[Row], *, smoothing: float, also_accepted: float) -> Floats:
    """The ten classes' shares of each row, all 0 if it shows none of them: [n, 10].

    `smoothing` is spread over all ten; of the rest a second accepted class gets `also_accepted`.
    """
    shares = np.zeros((len(rows), len(LABELS)), np.float32)
    for classes, row in zip(shares, rows, strict=True):
        if row.garment is None:
            continue
        second = 0.0 if row.also_accepted is None else also_accepted
        classes[:] = smoothing / len(LABELS)
        classes[row.garment] += (1 - smoothing) * (1 - second)
        if row.also_accepted is not None:
            classes[row.also_accepted] += (1 - smoothing) * second
    return shares


def targets_of(labels: NDArray[np.int64], smoothing: float) -> Floats:
    """Labels [n], NONE_OF_THESE among them, as targets [n, 12], see `Pool`."""
    classes = np.eye(len(LABELS) + 1, len(LABELS), dtype=np.float32)[labels]
    spread = (labels != NONE_OF_THESE)[:, None] * np.float32(smoothing / len(LABELS))
    return flagged(classes * (1 - smoothing) + spread)


def balanced(labels: NDArray[np.int64], power: float) -> Floats:
    """Sampling weights [n]: each class in proportion to its count to this power.

    With 1 as it comes, with 0 all classes alike.
    """
    counts = np.bincount(labels)
    return np.asarray(counts[labels] ** (power - 1.0), np.float32)
