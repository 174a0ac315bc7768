"""ImageNet's classes, read from an untuned end that does without some of the network's blocks.

Its features are not quite those of the whole network. So the rows that read classes from them are
fitted to what the whole network says of the pictures that training shows.
"""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from model.datasets.sources.clothing_photos import Row
from model.networks import pretrained
from model.networks.pretrained import Dense
from model.networks.second_opinion import SecondOpinion
from model.training.config import RowsConfig
from model.training.loop import kept_layer
from model.training.photo_features import of_whole_photos

Floats = NDArray[np.float32]


def fitted(
    untuned: keras.Model,
    whole: keras.Model,
    opinion: SecondOpinion,
    pictures: Sequence[Row],
    out: Path,
    *,
    config: RowsConfig,
) -> list[Dense]:
    """Kernel [k, m] and bias [m] of the m classes of each of the opinion's groups.

    `untuned` and `whole`: photos [n, height, width, 3] in [0, 1] → features, of which the latter's
    are read by ImageNet's own rows. The fitted rows are kept in FILE.imagenet-rows.npz next to
    `out`. Raises UnavailableError of a picture that cannot be read, and
    pretrained.NoPretrainedWeightsError.
    """

    def fit() -> Dense:
        own, _ = of_whole_photos(untuned, pictures, config.source_side)
        features, _ = of_whole_photos(whole, pictures, config.source_side)
        kernel, bias = pretrained.rows([each for group in opinion.groups for each in group])
        return regressed(own, features @ kernel + bias, config.ridge)

    places = np.cumsum([len(group) for group in opinion.groups])[:-1]
    layer = kept_layer(out.with_suffix(".imagenet-rows.npz"), fit)
    kernels, biases = (np.split(part, places, axis=-1) for part in layer)
    return list(zip(kernels, biases, strict=True))


def regressed(features: Floats, answers: Floats, ridge: float) -> Dense:
    """Ridge regression of answers [n, m] on features [n, k]: kernel [k, m] and bias [m].

    `ridge` is added to the variance of each feature.
    """
    mean, answer = features.mean(axis=0), answers.mean(axis=0)
    centred = features - mean
    inner = centred.T @ centred / len(features) + ridge * np.eye(len(mean), dtype=np.float32)
    kernel = np.linalg.solve(inner, centred.T @ (answers - answer) / len(features))
    return kernel, answer - mean @ kernel
