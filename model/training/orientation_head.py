"""A photo's orientation, read from the features of a network that was never tuned.

ImageNet's photos lie upright, and what a network learned of them tells a photo that does not. One
linear layer reads it; serving turns the photo by it, see `model.serving.orientation`.
"""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from model.datasets.sources.clothing_photos import Row
from model.networks.pretrained import Dense
from model.serving.orientation import LOGITS, SIDEWAYS, UPRIGHT, UPSIDE_DOWN
from model.training.config import OrientationConfig
from model.training.loop import kept_layer
from model.training.photo_features import of_whole_photos

Floats = NDArray[np.float32]

LIES = (UPRIGHT, SIDEWAYS, UPSIDE_DOWN, SIDEWAYS)  # of a photo turned by 0, 90, 180, 270°


def fitted(
    features: keras.Model, rows: Sequence[Row], out: Path, config: OrientationConfig
) -> Dense:
    """Kernel [k, 3] and bias [3], in FILE.orientation.npz next to `out`; fitted now if not there.

    `features`: photos [n, height, width, 3] in [0, 1] → [n, k]. Raises UnavailableError of a photo
    that cannot be read.
    """
    return kept_layer(
        out.with_suffix(".orientation.npz"),
        lambda: regressed(*shown(features, rows, config.source_side), config),
    )


def shown(
    features: keras.Model, rows: Sequence[Row], side: int
) -> tuple[Floats, NDArray[np.int64]]:
    """The features [4 n, k] of photos turned by each quarter, and how each lies [4 n]."""
    found, quarters = of_whole_photos(features, rows, side, range(len(LIES)))
    return found, np.array(LIES)[quarters]


def regressed(features: Floats, lies: NDArray[np.int64], config: OrientationConfig) -> Dense:
    """Ridge regression of the three lies on standardised features: kernel [k, 3], bias [3].

    Hoerl and Kennard 1970, https://doi.org/10.1080/00401706.1970.10488634. All three weigh the
    same. The sums are scaled to the size of logits; upright is preferred by `config.preferred`.
    """
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-3
    centred = (features - mean) / deviation
    targets = np.eye(LOGITS, dtype=np.float32)[lies]
    weights = (1.0 / targets.sum(axis=0))[lies, None] * len(lies) / LOGITS
    weighed = centred * weights
    inner = centred.T @ weighed + config.ridge * np.eye(centred.shape[1], dtype=np.float32)
    kernel = np.linalg.solve(inner, weighed.T @ (targets - 1.0 / LOGITS)) * config.scale
    kernel /= deviation[:, None]
    bias = -mean @ kernel
    bias[UPRIGHT] += config.preferred * config.scale
    return kernel.astype(np.float32), bias.astype(np.float32)
