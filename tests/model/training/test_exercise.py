"""The training loop, on garments so simple that one epoch is enough."""

import io
from functools import cache
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from rich.console import Console

from model.networks.architectures import NETWORKS
from model.training import exercise
from model.training.exercise import EpochResult, Examples, History, Hyperparameters


def bars(count: int, seed: int) -> Examples:
    """Images uint8 [n, 28, 28] with a light bar on dark, whose row is the class."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 10, count)
    images = generator.integers(0, 40, (count, 28, 28), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[2 * label + 4 : 2 * label + 6] = 220
    return images, labels


@cache
def train(seed: int = 0, **chosen: Any) -> tuple[keras.Model, History, str]:
    """A network, its history and what was shown of its training; the same one when asked again."""
    shown = io.StringIO()
    hyper = Hyperparameters(
        **{"epochs": 1, "batch_size": 8, "learning_rate": 0.003, **chosen}, seed=seed
    )
    network, history = exercise.train(
        hyper, bars(1000, 1), bars(200, 2), Console(file=shown, width=120)
    )
    return network, history, shown.getvalue()


def test_the_exercise_is_five_epochs_of_batches_of_32() -> None:
    assert Hyperparameters() == Hyperparameters(
        network="ann", epochs=5, batch_size=32, learning_rate=0.001, seed=0
    )


def test_one_epoch_learns_what_is_plain_to_see() -> None:
    network, history, shown = train()
    (epoch,) = history.epochs
    assert epoch.test_accuracy > 0.8
    assert epoch.test_loss < 1.0
    assert isinstance(network.optimizer, keras.optimizers.Adam)
    assert "Epoch 1/1" in shown
    assert f"test accuracy {epoch.test_accuracy:.4f}" in shown


def test_the_history_holds_every_epoch() -> None:
    _, history, shown = train(epochs=2)
    assert len(history.epochs) == 2
    assert history.epochs[1].loss < history.epochs[0].loss
    assert len(shown.splitlines()) == 2


def test_every_figure_is_what_keras_finds() -> None:
    images, labels = bars(200, 2)
    network, history, _ = train(epochs=2)
    found = network.evaluate(images[..., None] / np.float32(255.0), labels, verbose=0)
    last = history.epochs[-1]
    assert [last.test_loss, last.test_accuracy] == pytest.approx(found, rel=1e-4)
    # As it learns, it is between what it knew before and what it knows after.
    assert history.epochs[0].accuracy < last.accuracy <= 1.0


def test_each_epoch_is_heard_of_as_it_ends() -> None:
    heard: list[tuple[int, EpochResult]] = []

    def hear(number: int, epoch: EpochResult) -> None:
        heard.append((number, epoch))

    hyper = Hyperparameters(epochs=2, batch_size=50)
    silent = Console(quiet=True)
    _, history = exercise.train(hyper, bars(100, 1), bars(50, 2), silent, hear)
    assert heard == list(enumerate(history.epochs, start=1))


def test_the_steps_are_those_that_keras_takes() -> None:
    """One epoch by Keras's own `fit`, on the same images in the same order."""
    images, labels = bars(96, 1)
    hyper = Hyperparameters(epochs=1, batch_size=32, seed=3)
    ours, history = exercise.train(hyper, (images, labels), bars(50, 2), Console(quiet=True))

    keras.utils.set_random_seed(3)
    network = NETWORKS["ann"]()
    network.compile(keras.optimizers.Adam(0.001), keras.losses.SparseCategoricalCrossentropy())
    order = np.random.default_rng(3).permutation(96)
    shown = images[order][..., None] / np.float32(255.0)
    fitted = network.fit(shown, labels[order], 32, 1, shuffle=False, verbose=0)

    for one, two in zip(ours.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_allclose(one, two, atol=1e-5)
    assert history.epochs[0].loss == pytest.approx(fitted.history["loss"][0], rel=1e-4)


@pytest.mark.parametrize(("count", "batch_size"), [(256, 100), (64, 32), (5, 32)])
def test_an_epoch_shows_every_image_and_fills_its_last_batch(count: int, batch_size: int) -> None:
    generator = np.random.default_rng(0)
    first, second = (exercise._order(count, batch_size, generator) for _ in range(2))
    assert first.shape == (-(-count // batch_size), batch_size)
    assert sorted(first.flat[:count]) == sorted(second.flat[:count]) == list(range(count))
    assert not np.array_equal(first, second)


def test_the_same_seed_gives_the_same_network_and_another_another() -> None:
    trainings = (train(0), train.__wrapped__(0), train(4))
    first, again, other = (network.get_weights() for network, _, _ in trainings)
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, two)
    assert not np.array_equal(first[0], other[0])


def test_a_network_is_kept_with_its_history(tmp_path: Path) -> None:
    network, history, _ = train()
    path = tmp_path / "deeper" / "ann.keras"
    exercise.save(network, history, path)
    assert sorted(file.name for file in path.parent.iterdir()) == ["ann.history.json", "ann.keras"]
    assert History.next_to(path) == history
    images = np.zeros((1, 28, 28, 1), np.float32)
    np.testing.assert_array_equal(keras.saving.load_model(path)(images), network(images))


def test_a_model_without_history_has_none(tmp_path: Path) -> None:
    assert History.next_to(tmp_path / "other.keras") is None


def test_an_unknown_network_is_refused_with_those_there_are() -> None:
    with pytest.raises(exercise.UntrainableError, match="no network cnn: choose ann"):
        train(network="cnn")


def test_a_network_for_other_images_is_sent_to_its_recipe() -> None:
    with pytest.raises(exercise.UntrainableError, match="--recipe default"):
        train(network="litenet")


def test_a_history_is_plain_json(tmp_path: Path) -> None:
    history = History(Hyperparameters(seed=7), (EpochResult(1.0, 0.5, 1.1, 0.4),))
    history.write_next_to(tmp_path / "ann.keras")
    assert '"seed": 7' in (tmp_path / "ann.history.json").read_text()
