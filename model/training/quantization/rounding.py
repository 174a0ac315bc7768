"""Weights rounded to int8's steps such that the errors of a layer's weights cancel each other.

Each weight rounded to its nearest step would make errors that add up where a layer's inputs are
alike, as neighbouring pixels are. So the weights that are still to be rounded make up for the error
of each that was: GPTQ (Frantar et al. 2022, https://arxiv.org/abs/2210.17323), at last the bias.
The compiler finds every weight on one of its own steps, and changes none.
"""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from model.serving.classifier import Prepared
from model.training.quantization.reading import Tensor, layers_of, read

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

STEPS = 127  # of int8 to either side of 0; the largest weight of an output is the last of them
ROWS = 100  # of what a convolution reads of a picture, at places chosen at random
DAMPING = 0.01  # added to the moments' diagonal, as a share of its mean


def round_weights(network: keras.Model, shown: Sequence[Prepared]) -> None:
    """Round the kernels of all convolutions and dense layers in place, but for unbiased ones.

    By what they read of the pictures shown.
    """
    moments: dict[keras.Layer, Array] = {}
    rng = np.random.default_rng(0)

    def note(layer: keras.Layer, inputs: Tensor) -> None:
        rows = _rows(layer, np.asarray(inputs), rng)
        rows = np.concatenate([rows, np.ones((*rows.shape[:2], 1), np.float32)], axis=2)
        found = np.matmul(rows.transpose(0, 2, 1), rows).astype(np.float64)
        moments[layer] = moments.get(layer, 0.0) + found

    kinds = (layers.Conv2D, layers.DepthwiseConv2D, layers.Dense)
    chosen = [layer for layer in layers_of(network, kinds) if layer.use_bias]
    read(network, chosen, shown, note)
    for layer in chosen:
        kernel, bias = layer.get_weights()
        depthwise = isinstance(layer, layers.DepthwiseConv2D)
        # [groups, outputs of one, weights of an output]
        shape = (-1, kernel.shape[2], 1) if depthwise else (-1, 1, kernel.shape[-1])
        weights = kernel.reshape(shape).transpose(1, 2, 0)
        weights, biases = rounded(weights, bias.reshape(weights.shape[:2]), moments[layer])
        layer.set_weights([weights.transpose(2, 0, 1).reshape(kernel.shape), biases.reshape(-1)])


def rounded(weights: Array, biases: Array, moments: Array) -> tuple[Array, Array]:
    """Weights [g, o, k] on int8's steps, and biases [g, o] that make up for what is left.

    Of g groups of o outputs that read the same k inputs; `moments` [g, k + 1, k + 1] are the sums
    of the products of any two inputs, the last of which is always 1.
    """
    count = weights.shape[-1]
    steps = np.maximum(np.abs(weights).max(axis=2) / STEPS, np.finfo(np.float32).tiny)
    largest = np.abs(weights).argmax(axis=2)
    diagonal = np.einsum("gii->gi", moments)
    # The inputs that matter most come first: all others can make up for their errors. Bias is last.
    order = np.append(np.argsort(-diagonal[:, :count].mean(axis=0)), count)
    damping = DAMPING * diagonal[:, :count].mean(axis=1, keepdims=True) + 1e-9
    damped = moments + np.eye(count + 1) * np.append(np.ones(count), 1e-6) * damping[:, :, None]
    inverse = np.linalg.inv(damped[:, order][:, :, order])
    upper = np.linalg.cholesky(inverse).transpose(0, 2, 1)
    left = np.concatenate([weights, biases[:, :, None]], axis=2)[:, :, order].astype(np.float64)
    result = np.zeros(weights.shape)
    for place, number in enumerate(order[:-1]):
        nearest = np.clip(np.rint(left[:, :, place] / steps), -STEPS, STEPS)
        # The compiler takes its steps from the largest weight, so that one has to stay.
        kept = np.sign(weights[:, :, number]) * STEPS
        result[:, :, number] = np.where(largest == number, kept, nearest) * steps
        error = (left[:, :, place] - result[:, :, number]) / upper[:, place, place, None]
        left[:, :, place:] -= error[:, :, None] * upper[:, place, None, place:]
    return result, left[:, :, -1]


def _rows(layer: keras.Layer, inputs: Floats, rng: np.random.Generator) -> Floats:
    """What the layer's weights are multiplied by: [groups, rows, weights of an output]."""
    if isinstance(layer, layers.Dense):
        return inputs[None]
    size, strides = ([1, *each, 1] for each in (layer.kernel_size, layer.strides))
    patches = tf.image.extract_patches(inputs, size, strides, [1] * 4, layer.padding.upper())
    found: Floats = patches.numpy().reshape(-1, int(np.prod(layer.kernel_size)), inputs.shape[-1])
    found = found[rng.permutation(len(found))[: ROWS * len(inputs)]]
    if isinstance(layer, layers.DepthwiseConv2D):
        return found.transpose(2, 0, 1)
    return found.reshape(1, len(found), -1)
