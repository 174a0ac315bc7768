"""Helpers of the commands that train and measure: TensorFlow, data sets, compiled models."""

# ruff: noqa: PLC0415 - what is heavy is imported where it is needed, so --help is quick

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from model.cli import common
from model.common.registry.serving_config import Precision, compiled_form
from model.common.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from model.datasets.sources.clothing_photos import Row
    from model.datasets.sources.fashion_mnist import Split
    from model.serving.classifier import Classifier
    from model.training.compiler import Compiled

NOT_INSTALLED = "TensorFlow is not installed: install what requirements/trainer.txt lists."


def import_tensorflow() -> None:
    """Import TensorFlow in silence, before anything else brings it in."""
    from model.networks import tensorflow_setup

    try:
        tensorflow_setup.import_tensorflow()
    except ImportError:
        common.leave(NOT_INSTALLED)


def compiled(file: Path, precision: Precision | None = None) -> "Compiled":
    """FILE.keras compiled, and compared with its compiled form; nothing is written.

    With the `precision` of its config if none is asked for.
    """
    settings = common.settings()
    if not file.is_file():
        common.leave(f"There is no model {file}: train one, or name another file.")
    import_tensorflow()
    from rich.console import Console

    from model.datasets.sources.clothing_photos import UnavailableError
    from model.datasets.sources.fashion_mnist import NoFashionMnistError
    from model.training import compiler

    errors = compiler.UncompilableError, UnavailableError, NoFashionMnistError
    with (
        Console(stderr=True).status(f"{file} is compiled …"),
        common.explained(*errors, before=f"{file} cannot be compiled. "),
    ):
        return compiler.of_file(file, settings, precision=precision)


def compile_next_to(file: Path, precision: Precision | None = None) -> None:
    """Compile FILE.keras to FILE.tflite, and say how the two compare."""
    done, out = compiled(file, precision), file.with_suffix(".tflite")
    with common.writing(out):
        done.write_next_to(file)
    typer.echo(f"Compiled to {out}: {done}.", err=True)


def load(model: Path | None) -> "Classifier":
    """The classifier in FILE.keras, which is compiled first if it has to be, or the shipped one.

    What is measured is the compiled form, since that is what serves. The data sets need what the
    trainer's requirements bring.
    """
    if find_spec("tensorflow") is None:
        common.leave(NOT_INSTALLED)
    if model and model.suffix == ".keras" and compiled_form(model) is None:
        compile_next_to(model)
    return common.load(model)


def arrays(split: "Split", settings: Settings) -> tuple["NDArray[np.uint8]", "NDArray[np.int64]"]:
    """A split of Fashion-MNIST: images [n, 28, 28], labels [n]."""
    from model.datasets.sources import fashion_mnist

    with common.explained(fashion_mnist.NoFashionMnistError):
        return fashion_mnist.arrays(split, settings)


def rows(folder: Path, labels: Path | None, split: str) -> list["Row"]:
    """What labels.csv says of the photos of a split, or of "all"."""
    from model.datasets.sources import clothing_photos

    with common.explained(ValueError):
        found = clothing_photos.rows(folder, labels, None if split == "all" else split)
    if not found:
        common.leave(f"There are no photos of the split {split}: choose one with --split.")
    return found
