"""The command line in an empty folder, a model for it, and data that are quick to go through."""

# ruff: noqa: PLC0415 - what is heavy is imported by the fixtures that need it: not all tests do

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.helpers.cli import Run
from tests.helpers.models import compile_next_to


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in an empty folder, without anybody's settings."""
    from model.__main__ import app
    from model.datasets import labelled_pictures

    monkeypatch.setattr(labelled_pictures, "DRAWN", 8)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATASETS_DIR", "")
    runner = CliRunner()

    def command(*arguments: object, stdin: bytes | None = None) -> Result:
        result = runner.invoke(app, [str(argument) for argument in arguments], input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return command


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exercise's network, untrained."""
    import keras

    from model.networks.architectures import NETWORKS

    keras.utils.set_random_seed(0)
    path = tmp_path_factory.mktemp("model") / "plain.keras"
    NETWORKS["ann"]().save(path)
    compile_next_to(path)
    return path


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty drawn images in the place of Fashion-MNIST."""
    import numpy as np

    from model.datasets.sources import fashion_mnist

    generator = np.random.default_rng(0)
    images = generator.integers(0, 120, (60, 28, 28), dtype=np.uint8)
    labels = np.arange(60, dtype=np.int64) % 10
    monkeypatch.setattr(fashion_mnist, "arrays", lambda *_: (images, labels))


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No graphs: to trace one takes longer than the few steps of a tiny training.

    Those of tf.data are always traced; so what makes a batch of each number makes one, which comes
    again and again.
    """
    import tensorflow as tf

    class Numbers:
        def map(self, make: Callable[..., Any], **_: object) -> Any:
            return tf.data.Dataset.from_tensors(make(tf.constant(0))).repeat()

    monkeypatch.setattr(tf.data.Dataset, "counter", Numbers)
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
