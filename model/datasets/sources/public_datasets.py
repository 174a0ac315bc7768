"""Helpers for the public data sets that tensorflow_datasets downloads and prepares."""

import io
import logging
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

from model.common.settings import Settings


def prepared_folder(settings: Settings) -> Path:
    """Where they are prepared, made where it is missing. Raises OSError if it cannot be."""
    folder = settings.data_dir.resolve() / "tensorflow_datasets"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def quiet() -> Iterator[None]:
    """Keep tensorflow_datasets from writing: its notes are for developers, stdout is our caller's.

    What goes wrong still reaches us as an exception.
    """
    import tensorflow_datasets as tfds  # noqa: PLC0415 - slow, and brings in TensorFlow

    for name in ("absl", "urllib3"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    tfds.disable_progress_bar()
    with redirect_stdout(io.StringIO()):
        yield


def reach(address: str) -> None:
    """Raise OSError at once if there is no connection: a download would try for minutes."""
    request = urllib.request.Request(address, method="HEAD")  # noqa: S310 - an address of ours
    with urllib.request.urlopen(request, timeout=20):  # noqa: S310 - as above
        return
