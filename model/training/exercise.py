"""The original exercise's training: one network on Fashion-MNIST, from top to bottom.

`Hyperparameters` holds its numbers. The shipped model is trained by `model.training.recipe`.
"""

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from pydantic import TypeAdapter
from rich.console import Console
from rich.progress import track

from model.common.atomic_write import replacing
from model.common.labels import LABELS
from model.networks.architectures import NETWORKS

Tensor = Any  # TensorFlow has no types to offer
# Images uint8 [n, 28, 28] and labels int64 [n].
Examples = tuple[NDArray[np.uint8], NDArray[np.int64]]
Order = NDArray[np.int32]  # which images each step takes: [steps, batch size]


class UntrainableError(Exception):
    """The network cannot be trained here; str() says why, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hyperparameters:
    """The numbers of one training; the defaults are the original exercise's."""

    network: str = "ann"
    epochs: int = 5
    batch_size: int = 32
    learning_rate: float = 1e-3  # Adam's
    seed: int = 0


@dataclass(frozen=True, slots=True)
class EpochResult:
    """One epoch's results: on the training images during it, on the test images after it."""

    loss: float
    accuracy: float
    test_loss: float
    test_accuracy: float


@dataclass(frozen=True, slots=True)
class History:
    """A training's hyper-parameters and epochs, stored next to the network's file."""

    hyperparameters: Hyperparameters
    epochs: tuple[EpochResult, ...]

    @staticmethod
    def file_of(path: Path) -> Path:
        """Where the history of the network in `path` is kept: FILE.history.json."""
        return path.with_suffix(".history.json")

    @classmethod
    def next_to(cls, path: Path) -> Self | None:
        """The history of the network in `path`, or None if none was kept."""
        file = cls.file_of(path)
        return TypeAdapter(cls).validate_json(file.read_bytes()) if file.is_file() else None

    def write_next_to(self, path: Path) -> None:
        """Write the history next to the network in `path`."""
        text = json.dumps(asdict(self), indent=2) + "\n"
        with replacing(self.file_of(path)) as file:
            file.write_text(text, encoding="utf-8")


def train(
    hyper: Hyperparameters,
    training_examples: Examples,
    test_examples: Examples,
    console: Console,
    heard: Callable[[int, EpochResult], None] | None = None,
) -> tuple[keras.Model, History]:
    """Train a new network on examples as `fashion_mnist.arrays` gives them.

    The test images are only looked at: nothing is chosen by them, every epoch is run. The same
    seed on the same machine gives the same network. Progress goes to `console`; `heard`
    is called with each epoch, from 1, and what it came to. Raises UntrainableError if the
    network does not take such images.
    """
    # The weights are drawn from this seed, and from another generator of it the images' order.
    keras.utils.set_random_seed(hyper.seed)
    generator = np.random.default_rng(hyper.seed)
    network = _network(hyper.network)
    network.compile(
        optimizer=keras.optimizers.Adam(hyper.learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    run_epoch = _epoch_of(network, *training_examples)
    test_images, test_labels = map(tf.constant, test_examples)
    epochs = []
    numbers = range(1, hyper.epochs + 1)
    # Into a file goes a line for each epoch, not a bar.
    disable = not console.is_terminal
    for number in track(numbers, "Epochs", console=console, transient=True, disable=disable):
        order = _order(len(training_examples[1]), hyper.batch_size, generator)
        loss, accuracy = run_epoch(order)
        tested = _tried(network, test_images, test_labels, training=False)
        done = EpochResult(*(float(figure) for figure in (loss, accuracy, *tested)))
        epochs.append(done)
        if heard:
            heard(number, done)
        console.print(
            f"Epoch {number}/{hyper.epochs}  loss {done.loss:.4f}  accuracy {done.accuracy:.4f}"
            f"  test loss {done.test_loss:.4f}  test accuracy {done.test_accuracy:.4f}",
            highlight=False,
        )
    return network, History(hyper, tuple(epochs))


def save(network: keras.Model, history: History, path: Path) -> None:
    """Write the network to `path` and its history next to it; a reader sees all of each or none."""
    with replacing(path) as file:
        network.save(file)
    history.write_next_to(path)


def _network(name: str) -> keras.Model:
    if name not in NETWORKS:
        raise UntrainableError(f"There is no network {name}: choose {' or '.join(NETWORKS)}.")
    network = NETWORKS[name]()
    if network.input_shape != (None, 28, 28, 1) or network.output_shape != (None, len(LABELS)):
        raise UntrainableError(
            f"The network {name} does not take Fashion-MNIST's images alone: "
            "train it by its recipe, with --recipe default."
        )
    return network


def _epoch_of(
    network: keras.Model, images: NDArray[np.uint8], labels: NDArray[np.int64]
) -> Callable[[Order], tuple[Tensor, Tensor]]:
    """A function that trains the network for an epoch: an `_order` → mean loss, accuracy.

    All its steps are one compiled call: Keras's `fit` takes 2 ms for a step that has 0.2 ms of
    arithmetic (`tests/bench/training/bench_exercise.py`). XLA halves an epoch, and pays from the
    second on.
    """
    every_image, every_label = tf.constant(images), tf.constant(labels)

    def run(order: Tensor) -> tuple[Tensor, Tensor]:
        losses, accuracies = 0.0, 0.0
        for batch in order:
            shown, truth = tf.gather(every_image, batch), tf.gather(every_label, batch)
            with tf.GradientTape() as tape:
                loss, accuracy = _tried(network, shown, truth, training=True)
            gradients = tape.gradient(loss, network.trainable_variables)
            network.optimizer.apply(gradients, network.trainable_variables)
            losses += loss
            accuracies += accuracy
        steps = tf.cast(len(order), tf.float32)
        return losses / steps, accuracies / steps

    compiled: Callable[[Order], tuple[Tensor, Tensor]] = tf.function(run, jit_compile=True)
    return compiled


def _order(count: int, batch_size: int, generator: np.random.Generator) -> Order:
    """Which images each step of an epoch takes.

    Every image comes once; the last batch is filled up with images drawn once more.
    """
    steps = math.ceil(count / batch_size)
    once, more = generator.permutation(count), generator.integers(count, size=-count % batch_size)
    return np.concatenate([once, more]).reshape(steps, batch_size).astype(np.int32)


def _tried(
    network: keras.Model, images: Tensor, labels: Tensor, *, training: bool
) -> tuple[Tensor, Tensor]:
    """The network's mean loss and its accuracy on images uint8 [n, 28, 28] with labels [n]."""
    said = network(tf.cast(images[..., None], tf.float32) / 255.0, training=training)
    hits = tf.argmax(said, axis=1) == labels
    return network.loss(labels, said), tf.reduce_mean(tf.cast(hits, tf.float32))
