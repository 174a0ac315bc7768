"""The head of a network: its last layer, which reads features; a fine-tuning tunes nothing else."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from model.common.labels import LABELS
from model.networks import ensemble

Floats = NDArray[np.float32]

LAYER = "logits"
COUNT = len(LABELS) + 1


@dataclass(frozen=True, slots=True)
class Head:
    """The layer, what it reads, and its part in the logits of the whole network.

    `model`: photos [n, height, width, channels] → features [n, k], the layer's input, and the
    network's logits [n, 11]. These change by `weights` [11] times what the layer's output does.
    `sees_small`: whether small pictures go the same way as photos.
    """

    layer: keras.layers.Dense
    model: keras.Model
    weights: Floats
    sees_small: bool

    def move(self, kernel: NDArray[np.floating], bias: NDArray[np.floating]) -> None:
        """Add to the layer's weights."""
        before = self.layer.get_weights()
        self.layer.set_weights([old + new for old, new in zip(before, (kernel, bias), strict=True)])


def head_of(network: keras.Model) -> Head:
    """The head of an ensemble's photo branch, or of a network of one input.

    Raises ValueError if it has no layer of that name.
    """
    if network.name != ensemble.NAME:
        layer = network.get_layer(LAYER)
        model = keras.Model(network.input, [layer.input, network.output[:, :COUNT]])
        return Head(layer, model, np.ones(COUNT, np.float32), sees_small=True)
    branch = ensemble.photo_branch_of(network)
    layer = branch.get_layer(LAYER)
    photo = network.input["photo"]
    features, said = keras.Model(branch.input, [layer.input, branch.output])(photo)
    others, branchs = network.get_layer(ensemble.SUM).input
    weights = _slope(keras.Model(photo, branchs), layer)
    # A model of its own, as the names of what it multiplies would occur twice.
    logits = keras.Model(photo, others)(photo) + said[:, :COUNT] * weights
    return Head(layer, keras.Model(photo, [features, logits]), weights, sees_small=False)


def _slope(model: keras.Model, layer: keras.layers.Dense) -> Floats:
    """By how much a model's outputs rise where the layer's rise by one: [11]."""
    picture: Any = np.zeros((1, 32, 32, model.input_shape[-1]), np.float32)
    kernel, bias = layer.get_weights()
    outputs = []
    for rise in (0.0, 1.0):
        layer.set_weights([kernel, bias + np.float32(rise)])
        outputs.append(np.asarray(model(picture, training=False))[0])
    layer.set_weights([kernel, bias])
    return np.asarray(outputs[1] - outputs[0], np.float32)
