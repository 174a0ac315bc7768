"""Drawn garments that look like Fashion-MNIST: nothing to download, any number of them."""

from functools import cache
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.common.labels import LABELS
from tests import drawings
from tests.drawings.scenes import CLOTHES_PATTERNS


def arrays(count: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Images uint8 [count, 28, 28] and labels int64 [count], 0 to 9 again and again.

    The same arguments give the same arrays.
    """
    labels = np.arange(count, dtype=np.int64) % len(LABELS)
    images = [
        _silhouette(int(label), seed * 1_000_003 + number) for number, label in enumerate(labels)
    ]
    return np.array(images, np.uint8).reshape(count, 28, 28), labels


@cache
def _silhouette(label: int, seed: int) -> NDArray[np.uint8]:
    """One light garment on black, upright and tightly framed. Shoes point to the left."""
    random = Random(f"{label}-{seed}")
    light = random.randint(120, 235)
    accent = min(255, max(60, light + random.choice([-60, -40, 40])))
    style = drawings.Style(
        colour=(light, light, light),
        accent=(accent, accent, accent),
        pattern=random.choice(CLOTHES_PATTERNS),
        rotation=random.uniform(-3, 3),
        scale=random.uniform(0.94, 1.0),
        stretch=random.uniform(0.82, 1.18),
        flare=random.uniform(-0.12, 0.12),
    )
    garment = drawings.draw(label, 28, style)
    black = Image.new("RGBA", garment.size, "black")
    return np.asarray(Image.alpha_composite(black, garment).convert("L"))
