"""The ensemble: three networks in one model, and the one in it that goes on learning."""

import keras
import numpy as np

from model.networks.ensemble import Weights, ensemble, litenet_of
from tests.helpers.models import tiny

WEIGHTS = Weights(
    litenet_classes=1.5, litenet_garment=0.25, photo_branch_classes=0.5, photo_branch_garment=2.0
)


def named(name: str) -> keras.Model:
    network = tiny()
    return keras.Model(network.input, network.output, name=name)


def small() -> keras.Model:
    return keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(11)], name="smallnet"
    )


def test_a_photo_gets_the_weighed_sum_and_a_small_picture_smallnets_mean_over_moves() -> None:
    litenet, branch, smallnet = named("litenet"), named("lite2"), small()
    network = ensemble(litenet, branch, smallnet, WEIGHTS)
    photo = np.full((1, 184, 136, 3), 0.3, np.float32)
    picture = np.random.default_rng(0).random((1, 28, 28, 1), np.float32)

    said = network({"photo": photo, "small": picture})

    square = litenet(np.full((1, 128, 128, 3), 0.3, np.float32)).numpy()
    factors = np.array([[1.5] * 10 + [0.25]]), np.array([[0.5] * 10 + [2.0]])
    expected = factors[0] * square + factors[1] * branch(photo).numpy()
    np.testing.assert_allclose(said["photo"], expected, atol=1e-5)
    moved = [np.zeros_like(picture) for _ in range(4)]
    moved[0][:, :, 1:], moved[1][:, :, :-1] = picture[:, :, :-1], picture[:, :, 1:]
    moved[2][:, 1:], moved[3][:, :-1] = picture[:, :-1], picture[:, 1:]
    mean = np.mean([smallnet(each).numpy() for each in (picture, *moved)], axis=0)
    np.testing.assert_allclose(said["small"], mean, atol=1e-6)


def test_how_a_photo_lies_is_said_by_the_branch_alone() -> None:
    litenet, branch = named("litenet"), tiny()
    lies = keras.layers.Dense(3)(keras.layers.GlobalMaxPooling2D()(branch.input))
    both = keras.Model(
        branch.input, keras.layers.Concatenate()([branch.output, lies]), name="lite2"
    )
    picture = np.random.default_rng(0).random((1, 28, 28, 1), np.float32)
    photo = np.random.default_rng(0).random((1, 120, 208, 3), np.float32)

    lying, plain = (
        ensemble(litenet, each, small(), WEIGHTS)({"photo": photo, "small": picture})["photo"]
        for each in (both, named_after(branch))
    )

    np.testing.assert_allclose(lying[:, :11], plain, atol=1e-5)
    np.testing.assert_array_equal(lying[:, 11:], both(photo)[:, 11:])


def named_after(branch: keras.Model) -> keras.Model:
    return keras.Model(branch.input, branch.output, name="lite2")


def test_what_its_litenet_learns_the_ensemble_says_of_photos() -> None:
    network = ensemble(named("litenet"), named("lite2"), small(), WEIGHTS)
    pictures = {"photo": np.ones((1, 160, 160, 3)), "small": np.ones((1, 28, 28, 1))}
    before = {kind: said.numpy() for kind, said in network(pictures).items()}

    part = litenet_of(network)
    *others, bias = part.get_weights()
    part.set_weights([*others, bias + 1.0])

    after = network(pictures)
    np.testing.assert_allclose((after["photo"] - before["photo"])[:, :10], 1.5, atol=1e-5)
    np.testing.assert_array_equal(after["small"], before["small"])


def test_any_other_network_is_trained_itself() -> None:
    network = named("litenet")

    assert litenet_of(network) is network
