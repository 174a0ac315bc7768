"""What training never sees: validation photos and held-back images of Fashion-MNIST."""

from dataclasses import dataclass, replace
from typing import Self

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.datasets import clothing_photos
from model.datasets.clothing_photos import Row
from model.labels import LABELS


@dataclass(frozen=True, slots=True)
class Validation:
    """What the network is chosen and calibrated by; none of it is trained on.

    pictures: floats [n, side, side, 3] in [0, 1]; accepted: bool [n, 10], the classes that are
    right for each, none of them where it shows no such garment; photos: bool [n], false for
    Fashion-MNIST's images.
    """

    pictures: NDArray[np.float32]
    accepted: NDArray[np.bool_]
    photos: NDArray[np.bool_]

    @classmethod
    def load(
        cls, rows: list[Row], garments: NDArray[np.uint8], labels: NDArray[np.int64], side: int
    ) -> Self:
        """From photos and from Fashion-MNIST's images that were held back."""
        photos = clothing_photos.images(rows, side).astype(np.float32) / 255.0
        greys = tf.image.resize(garments[..., None], [side, side]) / 255.0
        kinds = np.arange(len(LABELS))
        accepted = [[row.accepts(int(index)) for index in kinds] for row in rows]
        return cls(
            pictures=np.concatenate([photos, np.repeat(greys, 3, axis=3)]),
            accepted=np.concatenate([np.array(accepted), labels[:, None] == kinds]),
            photos=np.arange(len(rows) + len(garments)) < len(rows),
        )

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Which pictures show one of the ten garments: bool [n]."""
        return np.asarray(self.accepted.any(axis=1))

    def logits(self, network: keras.Model, *, mirrored: bool = False) -> NDArray[np.float32]:
        """The network's logits for all pictures: [n, 11]; `mirrored` as in `ModelCard`."""
        if mirrored:
            images = replace(self, pictures=self.pictures[:, :, ::-1])
            return (self.logits(network) + images.logits(network)) / np.float32(2.0)
        starts = range(0, len(self.pictures), 256)
        parts = [network(self.pictures[start : start + 256], training=False) for start in starts]
        return np.concatenate([np.asarray(part) for part in parts])

    def accuracies(self, logits: NDArray[np.float32]) -> tuple[float, float]:
        """The shares of photos and of Fashion-MNIST images named rightly."""
        likeliest = logits[:, : len(LABELS)].argmax(axis=1)
        right = self.accepted[np.arange(len(likeliest)), likeliest]
        on_photos, on_fashion_mnist = self.photos & self.shown, ~self.photos
        return float(right[on_photos].mean()), float(right[on_fashion_mnist].mean())
