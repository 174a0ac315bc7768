"""A network's head: what it reads, and its part in the logits of the whole."""

from typing import Any

import keras
import numpy as np
import pytest

from model.networks.ensemble import Weights, ensemble
from model.networks.head import head_of
from tests.helpers.models import tiny

WEIGHTS = Weights(
    litenet_classes=1.5, litenet_garment=0.25, photo_branch_classes=0.5, photo_branch_garment=2.0
)
PHOTOS = np.random.default_rng(0).random((2, 40, 24, 3), np.float32)
SMALL = np.zeros((2, 28, 28, 1), np.float32)


def joined(*, lies: bool) -> keras.Model:
    keras.utils.set_random_seed(1)
    litenet, branch = tiny(), tiny()
    said = branch.output
    if lies:
        pooled = keras.layers.GlobalMaxPooling2D()(branch.input)
        said = keras.layers.Concatenate()([said, keras.layers.Dense(3)(pooled)])
    small = keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(11)], name="smallnet"
    )
    return ensemble(
        keras.Model(litenet.input, litenet.output, name="litenet"),
        keras.Model(branch.input, said, name="photo_branch"),
        small,
        WEIGHTS,
    )


def said_by(network: keras.Model) -> Any:
    given: Any = {"photo": PHOTOS, "small": SMALL} if isinstance(network.input, dict) else PHOTOS
    said = network(given, training=False)
    return np.asarray(said["photo"] if isinstance(said, dict) else said)


@pytest.mark.parametrize("lies", [False, True])
def test_the_logits_that_are_tuned_are_those_of_the_whole_ensemble(lies: bool) -> None:
    network = joined(lies=lies)
    before = said_by(network)
    small = network({"photo": PHOTOS, "small": SMALL})["small"].numpy()

    head = head_of(network)
    features, logits = (np.asarray(each) for each in head.model(PHOTOS, training=False))
    np.testing.assert_allclose(logits, before[:, :11], atol=1e-5)
    np.testing.assert_allclose(head.weights, [0.5] * 10 + [2.0], atol=1e-5)
    assert not head.sees_small

    rng = np.random.default_rng(2)
    kernel, bias = rng.normal(size=(features.shape[1], 11)), rng.normal(size=11)
    head.move(kernel, bias)

    after = said_by(network)
    change = head.weights * (features @ kernel + bias)
    np.testing.assert_allclose(after[:, :11], logits + change, atol=1e-4)
    np.testing.assert_array_equal(after[:, 11:], before[:, 11:])
    np.testing.assert_array_equal(network({"photo": PHOTOS, "small": SMALL})["small"], small)


def test_of_a_network_of_one_input_it_is_the_last_layer() -> None:
    network = tiny()
    before = said_by(network)

    head = head_of(network)
    features, logits = (np.asarray(each) for each in head.model(PHOTOS, training=False))
    head.move(np.zeros((features.shape[1], 11)), np.arange(11.0))

    np.testing.assert_array_equal(logits, before)
    assert head.sees_small and head.weights.tolist() == [1.0] * 11
    np.testing.assert_allclose(said_by(network) - before, [np.arange(11.0)] * 2, atol=1e-5)
