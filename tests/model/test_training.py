"""The training loop, on garments so simple that one epoch is enough."""

import io
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from rich.console import Console

from model import training
from model.training import Epoch, History, Hyperparameters


def bars(count: int, seed: int) -> Any:
    """Images uint8 [28, 28, 1] with a light bar on dark, whose row is the class."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 10, count)
    images = generator.integers(0, 40, (count, 28, 28, 1), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[2 * label + 4 : 2 * label + 6] = 220
    return tf.data.Dataset.from_tensor_slices((images, labels))


def train(seed: int = 0, **chosen: Any) -> tuple[keras.Model, History, str]:
    shown = io.StringIO()
    hyper = Hyperparameters(
        **{"epochs": 1, "batch_size": 8, "learning_rate": 0.003, **chosen}, seed=seed
    )
    network, history = training.train(
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


def test_the_same_seed_gives_the_same_network_and_another_another() -> None:
    first, again, other = (train(seed)[0].get_weights() for seed in (3, 3, 4))
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, two)
    assert not np.array_equal(first[0], other[0])


def test_a_network_is_kept_with_its_history(tmp_path: Path) -> None:
    network, history, _ = train()
    path = tmp_path / "deeper" / "ann.keras"
    training.save(network, history, path)
    assert sorted(file.name for file in path.parent.iterdir()) == ["ann.history.json", "ann.keras"]
    assert History.beside(path) == history
    images = np.zeros((1, 28, 28, 1), np.float32)
    np.testing.assert_array_equal(keras.saving.load_model(path)(images), network(images))


def test_a_model_without_history_has_none(tmp_path: Path) -> None:
    assert History.beside(tmp_path / "other.keras") is None


def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "ann.keras"
    path.write_text("old")
    with pytest.raises(RuntimeError), training.replacing(path) as file:
        file.write_text("half of the n")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_unknown_network_is_refused_with_those_there_are() -> None:
    with pytest.raises(training.UntrainableError, match="no network cnn: choose ann"):
        train(network="cnn")


def test_a_network_for_other_images_is_sent_to_its_recipe() -> None:
    with pytest.raises(training.UntrainableError, match="--recipe default"):
        train(network="litenet")


def test_a_history_is_plain_json(tmp_path: Path) -> None:
    history = History(Hyperparameters(seed=7), (Epoch(1.0, 0.5, 1.1, 0.4),))
    history.write_beside(tmp_path / "ann.keras")
    assert '"seed": 7' in (tmp_path / "ann.history.json").read_text()
