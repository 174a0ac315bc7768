"""Drawn garments as tiny training sets: nothing to download, any number of them.

They look like Fashion-MNIST and like photos, but are neither: for trying the code, not for
measuring how well a network knows real garments.
"""

from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.common import pictograms
from model.common.labels import LABELS
from model.common.pictograms.scenes import CLOTHES_PATTERNS


def silhouette(label_index: int, seed: int, size: int = 28) -> NDArray[np.uint8]:
    """One light garment on black, upright and tightly framed: uint8 [size, size].

    The same arguments give the same picture. Shoes point to the left, as in Fashion-MNIST.
    """
    random = Random(f"{label_index}-{seed}")
    light = random.randint(120, 235)
    accent = min(255, max(60, light + random.choice([-60, -40, 40])))
    style = pictograms.Style(
        colour=(light, light, light),
        accent=(accent, accent, accent),
        pattern=random.choice(CLOTHES_PATTERNS),
        rotation=random.uniform(-3, 3),
        scale=random.uniform(0.94, 1.0),
        stretch=random.uniform(0.82, 1.18),
        flare=random.uniform(-0.12, 0.12),
    )
    garment = pictograms.draw(label_index, size, style)
    ground = Image.new("RGBA", garment.size, "black")
    return np.asarray(Image.alpha_composite(ground, garment).convert("L"))


def fashion_mnist_like(count: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Images uint8 [count, 28, 28] and labels int64 [count], in the classes' order again and again.

    The same arguments give the same arrays.
    """
    labels = _labels(count)
    images = [silhouette(label, seed * 1_000_003 + n) for n, label in enumerate(labels)]
    return np.array(images, np.uint8).reshape(count, 28, 28), labels


def photos(
    count: int, seed: int, size: tuple[int, int] = (160, 200)
) -> tuple[list[Image.Image], NDArray[np.int64]]:
    """RGB scenes of `size` (width, height) and labels int64 [count], ordered as above."""
    labels = _labels(count)
    images = [pictograms.scene(label, seed * 1_000_003 + n, size) for n, label in enumerate(labels)]
    return images, labels


def _labels(count: int) -> NDArray[np.int64]:
    return np.arange(count, dtype=np.int64) % len(LABELS)
