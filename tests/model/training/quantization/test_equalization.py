"""Equal ranges of channels: the network says what it said, and every channel is used alike."""

import keras
import numpy as np
import pytest
from keras import layers

from model.networks import architectures
from model.networks.architectures import litenet
from model.serving.classifier import Prepared
from model.training.quantization.equalization import equalize

SIDE = 32
STAGES = ((1, 3, 1, 1, 8), (2, 3, 2, 2, 12), (2, 3, 1, 2, 12), (1, 3, 1, 2, 16))


def shown() -> list[Prepared]:
    rng = np.random.default_rng(1)
    return [Prepared("photo", rng.random((SIDE, SIDE, 3), np.float32)) for _ in range(6)]


def uneven(network: keras.Model) -> keras.Model:
    """With channels of very different ranges, as pretrained networks have them."""
    rng = np.random.default_rng(4)
    for layer in network.layers:
        if isinstance(layer, keras.Model):
            uneven(layer)
        elif layer.name.endswith("_project"):
            kernel, bias = layer.get_weights()
            spread = np.exp(rng.normal(0.0, 0.4, len(bias))).astype(np.float32)
            layer.set_weights([kernel * spread, 0.5 * spread])
    return network


def with_photo_input(network: keras.Model) -> keras.Model:
    photo = keras.Input((SIDE, SIDE, 3), name="photo")
    return keras.Model({"photo": photo}, {"photo": network(photo)})


def two_ends() -> keras.Model:
    """A small network of blocks with a second end after its block 2."""
    whole = architectures._lite("lite", STAGES, features=20, dropout=0.0)
    shared = whole.get_layer("block2_sum").output
    before = keras.Input(shared.shape[1:])
    x = before
    for number, block in (
        (3, architectures._Block(12, 3, 2, 2)),
        (5, architectures._Block(16, 3, 1, 2)),
    ):
        x = architectures._inverted_residual(x, number, block)
    x = layers.GlobalAveragePooling2D()(layers.Conv2D(20, 1, name="features")(x))
    end = keras.Model(before, x, name="lite2_end")
    said = layers.Concatenate()([whole.output, end(shared)])
    return keras.Model(whole.input, said, name="photo_branch")


def ranges(network: keras.Model, reader: str) -> np.ndarray:
    """The largest number of each channel that a layer reads."""
    before = keras.Model(network.input, network.get_layer(reader).input)
    pixels = np.stack([each.pixels for each in shown()])
    return np.asarray(np.abs(before(pixels)).max(axis=(0, 1, 2)))


def test_the_answers_stay_and_the_channels_get_equal_ranges() -> None:
    keras.utils.set_random_seed(6)
    branch = uneven(two_ends())
    network = with_photo_input(branch)
    pixels = np.stack([each.pixels for each in shown()])
    answers = np.asarray(network({"photo": pixels})["photo"])
    assert unevenness(branch) > 2

    equalize(network, shown())

    np.testing.assert_allclose(network({"photo": pixels})["photo"], answers, rtol=1e-3, atol=1e-4)
    # Only one layer reads this, so its channels are exactly equal.
    alone = ranges(branch, "block1_expand")
    np.testing.assert_allclose(alone, alone.max(), rtol=1e-3)
    assert unevenness(branch) == pytest.approx(1.0, rel=1e-3)


def unevenness(branch: keras.Model) -> float:
    """The largest range by the smallest, of the channels that blocks 2 to 5 read.

    They read sums of the same outputs, as the second end does.
    """
    read = [ranges(branch, f"block{number}_expand") for number in (2, 3, 4, 5)]
    together = np.maximum.reduce(read)
    return float(together.max() / together.min())


def test_litenet_says_what_it_said() -> None:
    keras.utils.set_random_seed(7)
    network = with_photo_input(uneven(litenet()))
    pixels = np.stack([each.pixels for each in shown()])
    answers = np.asarray(network({"photo": pixels})["photo"])
    weights = network.get_weights()

    equalize(network, shown())

    np.testing.assert_allclose(network({"photo": pixels})["photo"], answers, rtol=1e-3, atol=1e-4)
    changed = [(new != old).any() for new, old in zip(network.get_weights(), weights, strict=True)]
    assert sum(changed) > 20


def test_a_network_without_blocks_stays_as_it_is() -> None:
    photo = keras.Input((SIDE, SIDE, 3), name="photo")
    flat = layers.Dense(11)(layers.Flatten()(photo))
    network = keras.Model({"photo": photo}, {"photo": flat})
    weights = network.get_weights()

    equalize(network, shown())

    for new, old in zip(network.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(new, old)
