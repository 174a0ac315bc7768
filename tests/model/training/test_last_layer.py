"""A layer exchanged in a compiled network: the new answers, and all other bytes as they were."""

import keras
import numpy as np
import pytest

from model.common.registry.serving_config import ServingConfig
from model.datasets.labelled_pictures import drawn
from model.networks.ensemble import Weights, ensemble
from model.networks.head import head_of
from model.serving.compiled_network import CompiledNetwork
from model.training import compiler, last_layer
from model.training.last_layer import NotFoundError
from tests.helpers.models import tiny

WEIGHTS = Weights(
    litenet_classes=1.5, litenet_garment=0.5, photo_branch_classes=0.5, photo_branch_garment=2.0
)
CONFIG = ServingConfig(version="a", photo_shapes=((24, 24),), small_shape=(28, 28))


@pytest.fixture(scope="module")
def network() -> keras.Model:
    keras.utils.set_random_seed(4)
    parts = [tiny() for _ in range(3)]
    rng = np.random.default_rng(0)
    for part in parts:  # as they come, tiny networks hardly say anything of a picture
        part.set_weights([rng.normal(0.2, 0.7, each.shape) for each in part.get_weights()])
    small = keras.Input((28, 28, 3))
    return ensemble(
        keras.Model(parts[0].input, parts[0].output, name="litenet"),
        keras.Model(parts[1].input, parts[1].output, name="photo_branch"),
        keras.Model(small, parts[2](small), name="smallnet"),
        WEIGHTS,
    )


@pytest.fixture(scope="module")
def content(network: keras.Model) -> bytes:
    pictures = [picture for picture, _ in drawn(range(0, 60, 5))]
    held_back = ((picture, frozenset[int]()) for picture in pictures)
    return compiler.compiled(
        network, CONFIG, held_back, precision="int8", calibration=pictures
    ).content


def test_the_new_layer_is_served_and_nothing_else_changes(
    network: keras.Model, content: bytes
) -> None:
    head = head_of(network)
    before = [np.array(each) for each in head.layer.get_weights()]
    sides = [picture.resize((24, 24)) for picture, _ in drawn(range(0, 60, 5))]
    photos = np.stack([np.asarray(each, np.float32) / np.float32(255.0) for each in sides])
    small = np.random.default_rng(2).random((4, 28, 28, 3), np.float32)
    # What the layer says stays within the range that int8 has for it.
    head.move(before[0] * np.linspace(-0.6, -0.2, 11), before[1] * -0.5)
    after = head.layer.get_weights()
    new = last_layer.replaced(content, (before[0], before[1]), (after[0], after[1]))

    old_said, new_said = (CompiledNetwork(each) for each in (content, new))
    expected = np.asarray(head.model(photos, training=False)[1])
    head.layer.set_weights(before)
    previous = np.asarray(head.model(photos, training=False)[1])
    found = new_said.outputs("photo", photos)
    assert np.abs(expected - previous).max() > 0.1
    assert np.abs(found - expected).mean() < 0.25 * np.abs(found - previous).mean()
    np.testing.assert_array_equal(
        new_said.outputs("small", small), old_said.outputs("small", small)
    )
    changed = sum(one != other for one, other in zip(new, content, strict=True))
    assert len(new) == len(content) and changed <= before[0].size + 3 * 4 * 11
    again = last_layer.replaced(new, (after[0], after[1]), (before[0], before[1]))
    said_again = CompiledNetwork(again).outputs("photo", photos)
    np.testing.assert_allclose(said_again, old_said.outputs("photo", photos), atol=0.5)


def test_a_bias_alone_is_exchanged(network: keras.Model, content: bytes) -> None:
    kernel, bias = head_of(network).layer.get_weights()
    shift = np.linspace(-1.0, 1.0, len(bias)).astype(np.float32)
    new = last_layer.replaced(content, (kernel, bias), (kernel, bias + shift))

    photos = np.full((1, 24, 24, 3), 0.5, np.float32)
    old_said, new_said = (CompiledNetwork(each).outputs("photo", photos) for each in (content, new))
    factors = np.array([WEIGHTS.photo_branch_classes] * 10 + [WEIGHTS.photo_branch_garment])
    np.testing.assert_allclose((new_said - old_said)[0], shift * factors, atol=0.3)


def test_a_multiplication_that_the_compiler_took_into_the_layer_stays() -> None:
    keras.utils.set_random_seed(4)
    rng = np.random.default_rng(0)
    part, factors = tiny(), np.array([0.5] * 10 + [2.0], np.float32)
    part.set_weights([rng.normal(0.2, 0.7, each.shape) for each in part.get_weights()])
    network, layer = keras.Model(part.input, part.output * factors), part.get_layer("logits")
    pictures = [picture for picture, _ in drawn(range(0, 60, 5))]
    held_back = ((picture, frozenset[int]()) for picture in pictures)
    content = compiler.compiled(
        network, CONFIG, held_back, precision="int8", calibration=pictures
    ).content
    kernel, bias = (np.array(each) for each in layer.get_weights())
    photos = np.full((1, 24, 24, 3), 0.5, np.float32)
    before = CompiledNetwork(content).outputs(compiler.ONLY, photos)
    after = kernel * np.float32(0.4), bias * np.float32(-0.5)
    layer.set_weights(after)
    expected = np.asarray(network(photos, training=False))

    new = last_layer.replaced(content, (kernel, bias), after)

    gains = last_layer._found(bytearray(content), kernel).gains
    np.testing.assert_allclose(gains, factors, rtol=0.05)
    found = CompiledNetwork(new).outputs(compiler.ONLY, photos)
    np.testing.assert_allclose(found, expected, atol=0.1 * np.abs(before - expected).max())


def test_what_the_layer_reads_is_what_keras_gives_it(network: keras.Model, content: bytes) -> None:
    head = head_of(network)
    kernel, bias = head.layer.get_weights()
    read = last_layer.Reader(content, (kernel, bias))
    sides = [picture.resize((24, 24)) for picture, _ in drawn(range(0, 60, 5))]
    photos = np.stack([np.asarray(each, np.float32) / np.float32(255.0) for each in sides])

    features, said = (np.stack(each) for each in zip(*map(read, photos), strict=True))

    expected = np.asarray(head.model(photos, training=False)[0])
    assert features.shape == expected.shape
    assert np.abs(features - expected).mean() < 0.1 * np.abs(expected).mean()
    np.testing.assert_array_equal(said, CompiledNetwork(content).outputs("photo", photos))


def test_a_layer_that_is_not_there_is_not_exchanged(network: keras.Model, content: bytes) -> None:
    kernel, bias = head_of(network).layer.get_weights()
    another = kernel + np.random.default_rng(5).normal(0.0, 0.1, kernel.shape)

    with pytest.raises(NotFoundError, match="has 0 layers of this kernel"):
        last_layer.replaced(content, (another, bias), (kernel, bias))


def test_of_two_equal_layers_none_is_exchanged(network: keras.Model) -> None:
    litenet, branch = (network.get_layer(name) for name in ("litenet", "photo_branch"))
    kept = litenet.get_weights()
    litenet.set_weights(branch.get_weights())
    pictures = [picture for picture, _ in drawn(range(0, 60, 5))]
    held_back = ((picture, frozenset[int]()) for picture in pictures)
    done = compiler.compiled(network, CONFIG, held_back, precision="int8", calibration=pictures)
    litenet.set_weights(kept)
    kernel, bias = branch.get_layer("logits").get_weights()

    with pytest.raises(NotFoundError, match="has 2 layers"):
        last_layer.replaced(done.content, (kernel, bias), (kernel, bias))
