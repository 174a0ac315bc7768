"""Data that training never sees: validation photos and held-back images of Fashion-MNIST."""

from dataclasses import dataclass
from typing import Self

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from PIL import Image

from model.common.labels import LABELS
from model.datasets.sources import clothing_photos
from model.datasets.sources.clothing_photos import Row
from model.photos.resizing import stretched

Pixels = NDArray[np.uint8]
BATCH = 250


@dataclass(frozen=True, slots=True)
class Validation:
    """Pictures that a network is chosen and calibrated by, and never trained on.

    pictures: photos uint8 [p, side, side, 3], then Fashion-MNIST's images
    [q, plain_side, plain_side, 3]; accepted: bool [p + q, 10], the classes that are right for each,
    none of them if it shows no such garment; photos: bool [p + q], false for Fashion-MNIST's.
    """

    pictures: tuple[Pixels, Pixels]
    accepted: NDArray[np.bool_]
    photos: NDArray[np.bool_]

    @classmethod
    def load(
        cls,
        rows: list[Row],
        garments: Pixels,
        labels: NDArray[np.int64],
        *,
        side: int,
        plain_side: int,
    ) -> Self:
        """From photos and from Fashion-MNIST's images that were held back: [q, 28, 28], [q]."""
        plain = labels[:, None] == np.arange(len(LABELS))
        return cls(
            pictures=(clothing_photos.images(rows, side), _enlarged(garments, plain_side)),
            accepted=np.concatenate([clothing_photos.accepted(rows), plain]),
            photos=np.arange(len(rows) + len(garments)) < len(rows),
        )

    @classmethod
    def of_photos(cls, rows: list[Row], side: int) -> Self:
        """From photos alone."""
        none = np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64)
        return cls.load(rows, *none, side=side, plain_side=side)

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Which pictures show one of the ten garments: bool [p + q]."""
        return np.asarray(self.accepted.any(axis=1))

    def logits(self, network: keras.Model) -> NDArray[np.float32]:
        """The network's logits for all pictures: [p + q, 11]."""
        return np.concatenate([_logits(network, pictures) for pictures in self.pictures])

    def accuracies(self, logits: NDArray[np.float32]) -> tuple[float, float]:
        """The accuracies on photos and on Fashion-MNIST images; NaN if there are none."""
        likeliest = logits[:, : len(LABELS)].argmax(axis=1)
        right = self.accepted[np.arange(len(likeliest)), likeliest]
        photos, fashion_mnist = (
            float(right[kind].mean()) if kind.any() else float("nan")
            for kind in (self.photos & self.shown, ~self.photos)
        )
        return photos, fashion_mnist


def _logits(network: keras.Model, pictures: Pixels) -> NDArray[np.float32]:
    """The network's logits for pictures of one side, [n, 11]."""
    # Compiled for each call: that takes 0.3 s, and saves 2 s of 5 for some 2,000 pictures.
    said = tf.function(
        lambda images: network(images, training=False),
        input_signature=[tf.TensorSpec((None, *pictures.shape[1:]), tf.float32)],
    )
    parts = [
        said(pictures[start : start + BATCH].astype(np.float32) / np.float32(255.0))
        for start in range(0, len(pictures), BATCH)
    ]
    # Without any photos there is nothing to join.
    return np.concatenate([np.zeros((0, len(LABELS) + 1), np.float32), *parts])


def _enlarged(greys: Pixels, side: int) -> Pixels:
    """Grey images as the classifier prepares them: [n, h, w] → [n, side, side, 3]."""
    sized = np.zeros((len(greys), side, side, 1), np.uint8)
    for place, grey in zip(sized, greys, strict=True):
        place[..., 0] = np.asarray(stretched(Image.fromarray(grey), (side, side)))
    return np.repeat(sized, 3, axis=3)
