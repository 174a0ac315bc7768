"""Rounding to int8's steps: errors that cancel each other, and steps that the compiler keeps."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras import layers

from model.serving.classifier import Prepared
from model.training.quantization.rounding import STEPS, round_weights, rounded


def steps_of(weights: np.ndarray) -> np.ndarray:
    """What the compiler divides each output's weights [g, o, k] by: [g, o, 1]."""
    return np.asarray(np.abs(weights).max(axis=2, keepdims=True) / STEPS)


@given(
    seed=st.integers(0, 2**32 - 1),
    groups=st.integers(1, 3),
    outputs=st.integers(1, 4),
    count=st.integers(2, 9),
)
def test_errors_cancel_and_weights_lie_on_the_compilers_steps(
    seed: int, groups: int, outputs: int, count: int
) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.normal(size=(groups, outputs, count))
    biases = rng.normal(size=(groups, outputs))
    # Inputs that are much alike, as neighbouring pixels are.
    inputs = rng.uniform(0.0, 6.0, (groups, 60, 1)) + 0.3 * rng.normal(size=(groups, 60, count))
    inputs = np.concatenate([inputs, np.ones((groups, 60, 1))], axis=2)
    moments = inputs.transpose(0, 2, 1) @ inputs

    after, after_biases = rounded(weights, biases, moments)

    steps = steps_of(weights)
    np.testing.assert_allclose(after / steps, np.rint(after / steps), atol=1e-6)
    np.testing.assert_allclose(steps_of(after), steps)
    assert (np.abs(after - weights) <= 10 * steps).all()

    def error(to: np.ndarray, to_biases: np.ndarray) -> float:
        change = np.concatenate([to - weights, (to_biases - biases)[:, :, None]], axis=2)
        return float(((change @ inputs.transpose(0, 2, 1)) ** 2).sum())

    nearest = np.rint(weights / steps) * steps
    assert error(after, after_biases) <= error(nearest, biases) + 1e-9


def network() -> keras.Model:
    """A branch for each kind of picture, with every kind of layer that has weights."""
    keras.utils.set_random_seed(5)
    inputs = {kind: keras.Input((12, 12, 3), name=kind) for kind in ("photo", "small")}
    outputs = {}
    for kind, pictures in inputs.items():
        first = layers.Conv2D(8, 3, 2, padding="same", activation="relu", name=f"first_{kind}")
        depthwise = layers.DepthwiseConv2D(3, activation="relu", name=f"depthwise_{kind}")
        x = depthwise(first(pictures))
        inner = keras.Input(x.shape[1:])
        narrow = layers.Conv2D(6, 1, name=f"narrow_{kind}")(inner)
        nested = keras.Model(inner, narrow, name=f"nested_{kind}")
        x = layers.GlobalAveragePooling2D()(nested(x))
        unbiased = layers.Dense(4, use_bias=False, name=f"unbiased_{kind}")
        outputs[kind] = layers.Add()([layers.Dense(4, name=f"logits_{kind}")(x), unbiased(x)])
    return keras.Model(inputs, outputs)


def shown() -> list[Prepared]:
    rng = np.random.default_rng(2)
    pixels = [rng.random((12, 12, 3), np.float32) for _ in range(20)]
    return [Prepared("photo" if n % 2 else "small", each) for n, each in enumerate(pixels)]


def kernels(one: keras.Model) -> dict[str, np.ndarray]:
    """Each kernel by its path, as [1, outputs, weights of an output]."""
    found = {}
    for weight in one.weights:
        if weight.name != "kernel":
            continue
        array = weight.numpy()
        if "depthwise" in weight.path:
            array = array.reshape(-1, array.shape[2], 1).transpose(1, 2, 0)[:, 0][None]
        else:
            array = array.reshape(-1, array.shape[-1]).T[None]
        found[weight.path] = array
    return found


def test_every_biased_layer_of_a_network_is_rounded_by_what_it_reads() -> None:
    before, after = network(), network()
    after.set_weights(before.get_weights())

    round_weights(after, shown())

    for path, kernel in kernels(after).items():
        original = kernels(before)[path]
        if "unbiased" in path:
            np.testing.assert_array_equal(kernel, original)
            continue
        assert (kernel != original).any(), path
        steps = steps_of(original)
        np.testing.assert_allclose(kernel / steps, np.rint(kernel / steps), atol=1e-3)
        np.testing.assert_allclose(steps_of(kernel), steps, rtol=1e-6)


def test_a_rounded_network_says_what_it_said_more_closely_than_by_nearest_steps() -> None:
    before, after, nearest = network(), network(), network()
    for one in (after, nearest):
        one.set_weights(before.get_weights())
    round_weights(after, shown())
    for layer in (each for one in nearest.layers for each in flattened(one) if each.weights):
        kernel, *bias = layer.get_weights()
        depthwise = isinstance(layer, layers.DepthwiseConv2D)
        axes = (0, 1, 3) if depthwise else tuple(range(kernel.ndim - 1))
        steps = np.abs(kernel).max(axis=axes, keepdims=True) / STEPS
        if bias:
            layer.set_weights([np.rint(kernel / steps) * steps, *bias])

    def off(one: keras.Model, kind: str) -> float:
        pixels = np.stack([each.pixels for each in shown() if each.kind == kind])
        given = {"photo": pixels, "small": pixels}
        return float(np.abs(one(given)[kind] - before(given)[kind]).mean())

    for kind in ("photo", "small"):
        assert off(after, kind) < 0.7 * off(nearest, kind)


def flattened(layer: keras.Layer) -> list[keras.Layer]:
    return list(layer.layers) if isinstance(layer, keras.Model) else [layer]


@pytest.mark.parametrize("kind", ["photo", "small"])
def test_the_network_is_as_it_was_when_it_has_been_watched(kind: str) -> None:
    watched = network()
    round_weights(watched, shown())

    assert not any("call" in vars(each) for one in watched.layers for each in flattened(one))
    pixels = np.zeros((1, 12, 12, 3), np.float32)
    assert watched({"photo": pixels, "small": pixels})[kind].shape == (1, 4)
