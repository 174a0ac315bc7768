"""Fashion-MNIST (https://github.com/zalandoresearch/fashion-mnist), by tensorflow_datasets.

The four original files are taken from `DATASETS_DIR/fashion-mnist` if they are there, else
downloaded; either way their checksums are verified. They are prepared once, under
`DATA_DIR/tensorflow_datasets`.
"""

from contextlib import suppress
from typing import Any, Literal
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from model.common.atomic_write import replacing
from model.common.labels import NAMES
from model.common.settings import Settings
from model.datasets.sources import public_datasets

Split = Literal["train", "test"]
# Images uint8 [n, 28, 28] and labels int64 [n].
Arrays = tuple[NDArray[np.uint8], NDArray[np.int64]]
Dataset = Any  # a tf.data.Dataset: TensorFlow has no types to offer
DatasetInfo = Any  # a tfds.core.DatasetInfo

FOLDER = "fashion-mnist"
FILES = tuple(
    f"{split}-{kind}-ubyte.gz"
    for split in ("train", "t10k")
    for kind in ("images-idx3", "labels-idx1")
)

# The last of the training images are trained on by no recipe of ours: they are to choose by.
HELD_BACK = 5_000


class NoFashionMnistError(Exception):
    """Fashion-MNIST cannot be had; str() says why and what to do, in a sentence."""


def load(settings: Settings) -> tuple[dict[Split, Dataset], DatasetInfo]:
    """Both splits as (image uint8 [28, 28, 1], label int64) examples, and the metadata.

    The classes' names stand in `info.features["label"].names`. The first call downloads or reads
    the files and prepares them, some ten seconds; later ones only open what it left. Raises
    NoFashionMnistError where the files cannot be had, or are not the original ones.
    """
    import tensorflow_datasets as tfds  # noqa: PLC0415 - slow, and brings in TensorFlow

    folder = settings.datasets_dir / FOLDER if settings.datasets_dir else None
    manual_dir = folder if folder and all((folder / name).is_file() for name in FILES) else None
    try:
        prepared = public_datasets.prepared_folder(settings)
    except OSError as error:
        raise NoFashionMnistError(
            f"{error.filename} cannot be created: set DATA_DIR to a writable folder."
        ) from error
    try:
        with public_datasets.quiet():
            builder = tfds.builder("fashion_mnist", data_dir=prepared)
            if manual_dir is None and not builder.is_prepared():
                public_datasets.reach(builder.URL + FILES[-1])
            splits, info = tfds.load(
                "fashion_mnist",
                as_supervised=True,
                with_info=True,
                data_dir=prepared,
                download_and_prepare_kwargs={
                    "download_config": tfds.download.DownloadConfig(manual_dir=manual_dir)
                },
            )
    except tfds.download.download_manager.NonMatchingChecksumError as error:
        raise NoFashionMnistError(
            f"A file of Fashion-MNIST in {manual_dir or prepared / 'downloads'} is damaged: "
            "its checksum is not the original's. Remove it, or fetch it again."
        ) from error
    # It fails in as many ways as a download can.
    except Exception as error:
        raise NoFashionMnistError(
            "Fashion-MNIST could not be downloaded: check the connection, or set DATASETS_DIR to a "
            f"folder that holds its four original files in {FOLDER}/."
        ) from error
    names = tuple(info.features["label"].names)
    if names != NAMES:
        raise NoFashionMnistError(f"Fashion-MNIST has other classes than ours: {', '.join(names)}.")
    return splits, info


def to_learn(settings: Settings) -> Arrays:
    """The training images that recipes learn from. Raises NoFashionMnistError."""
    images, labels = arrays("train", settings)
    return images[:-HELD_BACK], labels[:-HELD_BACK]


def held_back(settings: Settings) -> Arrays:
    """The training images that are kept back to choose by. Raises NoFashionMnistError."""
    images, labels = arrays("train", settings)
    return images[-HELD_BACK:], labels[-HELD_BACK:]


def arrays(split: Split, settings: Settings) -> Arrays:
    """One split in memory, in the files' order.

    The first call leaves them in `DATA_DIR/fashion-mnist`, as they are: to go through what
    tensorflow_datasets prepared takes 5 s, to read the arrays 0.05 s. Raises NoFashionMnistError as
    `load` does.
    """
    kept = settings.data_dir / FOLDER / f"{split}.npz"
    # Not there yet, or damaged according to its checksums: made again.
    with suppress(OSError, EOFError, ValueError, KeyError, BadZipFile), np.load(kept) as found:
        return found["images"], found["labels"]
    splits, _ = load(settings)
    examples = splits[split]
    count = int(examples.cardinality())
    images, labels = next(iter(examples.batch(count).as_numpy_iterator()))
    images = images[..., 0]
    # Where there is no room for them, they are read the long way next time.
    with suppress(OSError), replacing(kept) as file:
        np.savez(file, images=images, labels=labels)
    return images, labels
