"""ImageNet's classes, read from an untuned end that does without some of the network's blocks.

Its features are not quite those of the whole network. So the rows that read classes from them are
fitted to what the whole network says of the pictures that training shows.
"""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from model.common.atomic_write import replacing
from model.datasets.sources.clothing_photos import Row
from model.networks import pretrained
from model.networks.second_opinion import Rows, SecondOpinion
from model.training.config import RowsConfig
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
) -> list[Rows]:
    """Kernel [k, m] and bias [m] of the m classes of each of the opinion's groups.

    `untuned` and `whole`: photos [n, height, width, 3] in [0, 1] → features, of which the latter's
    are read by ImageNet's own rows. The fitted rows are kept in FILE.imagenet-rows.npz next to
    `out`. Raises UnavailableError of a picture that cannot be read, and
    pretrained.NoPretrainedWeightsError.
    """
    file = out.with_suffix(".imagenet-rows.npz")
    counts = [len(group) for group in opinion.groups]
    if not file.is_file():
        own, _ = of_whole_photos(untuned, pictures, config.source_side)
        features, _ = of_whole_photos(whole, pictures, config.source_side)
        kernel, bias = pretrained.rows([each for group in opinion.groups for each in group])
        kernel, bias = regressed(own, features @ kernel + bias, config.ridge)
        with replacing(file) as complete, complete.open("wb") as stream:
            np.savez(stream, kernel=kernel, bias=bias)
    with np.load(file) as kept:
        places = np.cumsum(counts)[:-1]
        kernels, biases = (np.split(kept[name], places, axis=-1) for name in ("kernel", "bias"))
    return list(zip(kernels, biases, strict=True))


def regressed(features: Floats, answers: Floats, ridge: float) -> Rows:
    """Ridge regression of answers [n, m] on features [n, k]: kernel [k, m] and bias [m].

    `ridge` is added to the variance of each feature.
    """
    mean, answer = features.mean(axis=0), answers.mean(axis=0)
    centred = features - mean
    inner = centred.T @ centred / len(features) + ridge * np.eye(len(mean), dtype=np.float32)
    kernel = np.linalg.solve(inner, centred.T @ (answers - answer) / len(features))
    return kernel, answer - mean @ kernel
