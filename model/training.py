"""The original exercise's training: one network on Fashion-MNIST, from top to bottom.

Its numbers stand in `Hyperparameters`. How the shipped model is trained is `model.recipe`'s.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import keras
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from model.datasets import fashion_mnist
from model.labels import LABELS
from model.networks import NETWORKS

Dataset = Any  # a tf.data.Dataset: TensorFlow has no types to offer


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
class Epoch:
    """What one epoch came to: over the training images as it went, and the test images after."""

    loss: float
    accuracy: float
    test_loss: float
    test_accuracy: float


@dataclass(frozen=True, slots=True)
class History:
    """How a network came about: its hyper-parameters and every epoch. Kept beside its file."""

    hyperparameters: Hyperparameters
    epochs: tuple[Epoch, ...]

    @staticmethod
    def file_of(path: Path) -> Path:
        """Where the history of the network in `path` is kept: FILE.history.json."""
        return path.with_suffix(".history.json")

    @classmethod
    def beside(cls, path: Path) -> Self | None:
        """The history of the network in `path`, or None where none was kept."""
        file = cls.file_of(path)
        if not file.is_file():
            return None
        kept = json.loads(file.read_text(encoding="utf-8"))
        return cls(
            Hyperparameters(**kept["hyperparameters"]),
            tuple(Epoch(**epoch) for epoch in kept["epochs"]),
        )

    def write_beside(self, path: Path) -> None:
        """Write the history next to the network in `path`."""
        text = json.dumps(asdict(self), indent=2) + "\n"
        with replacing(self.file_of(path)) as file:
            file.write_text(text, encoding="utf-8")


def train(
    hyper: Hyperparameters,
    train_examples: Dataset,
    test_examples: Dataset,
    console: Console,
    heard: Callable[[int, Epoch], None] | None = None,
) -> tuple[keras.Model, History]:
    """Train a new network on examples as `fashion_mnist.load` gives them.

    The test images are only looked at: nothing is chosen by them, every epoch is run. The same
    seed on the same machine gives the same network. Progress goes to `console`; `heard`
    is called with each epoch, from 1, and what it came to. Raises UntrainableError where the
    network does not take such images.
    """
    # Weights and the order of the images are both drawn from this seed.
    keras.utils.set_random_seed(hyper.seed)
    network = _network(hyper.network)
    network.compile(
        optimizer=keras.optimizers.Adam(hyper.learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
        jit_compile=False,  # for so small a network, compiling takes longer than it saves
    )
    watch = _Watch(hyper.epochs, console, heard)
    with watch.progress:
        network.fit(
            fashion_mnist.batches(train_examples, hyper.batch_size, shuffle=True),
            validation_data=fashion_mnist.batches(test_examples, 1000),
            epochs=hyper.epochs,
            shuffle=False,  # the batches come shuffled
            verbose=0,
            callbacks=[watch],
        )
    return network, History(hyper, tuple(watch.epochs))


def save(network: keras.Model, history: History, path: Path) -> None:
    """Write the network to `path` and its history beside it; a reader sees all of each or none."""
    with replacing(path) as file:
        network.save(file)
    history.write_beside(path)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file to write to, which takes the place of `path` once the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder, as only a rename within a file system is atomic; and with the same
    # suffix, as Keras goes by it.
    temporary = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


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


class _Watch(keras.callbacks.Callback):
    """Shows a bar for the epoch that runs and a line for each that has run, and keeps them."""

    def __init__(
        self, epochs: int, console: Console, heard: Callable[[int, Epoch], None] | None
    ) -> None:
        super().__init__()
        self._heard = heard
        self.epochs: list[Epoch] = []
        self._count = epochs
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[figures]}"),
            console=console,
            transient=True,
            # Into a file goes a line for each epoch, not a bar.
            disable=not console.is_terminal,
        )
        self._task = self.progress.add_task("", total=None, figures="")

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 - Keras's
        self.progress.reset(
            self._task, description=f"Epoch {epoch + 1}/{self._count}", total=self.params["steps"]
        )

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        logs = logs or {}
        self.progress.update(
            self._task,
            completed=batch + 1,
            figures=f"loss {logs['loss']:.3f}  accuracy {logs['accuracy']:.3f}",
        )

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        logs = logs or {}
        done = Epoch(logs["loss"], logs["accuracy"], logs["val_loss"], logs["val_accuracy"])
        self.epochs.append(done)
        if self._heard:
            self._heard(epoch + 1, done)
        self.progress.console.print(
            f"Epoch {epoch + 1}/{self._count}  loss {done.loss:.4f}  accuracy {done.accuracy:.4f}"
            f"  test loss {done.test_loss:.4f}  test accuracy {done.test_accuracy:.4f}",
            highlight=False,
        )
