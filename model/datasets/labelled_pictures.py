"""Streams of pictures, each with the classes that are right for it.

They serve to compare a network with its compiled form, and to calibrate int8.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.common.labels import LABELS
from model.common.pictograms import pictogram
from model.common.settings import Settings
from model.datasets.sources import clothing_photos, fashion_mnist
from model.datasets.sources.clothing_photos import Row

# A picture, and the indices of the classes that are right for it; none if it shows no garment.
Labelled = tuple[Image.Image, frozenset[int]]

SMALL_PICTURES = 1_000  # of Fashion-MNIST, how many are compared
CALIBRATING = 200  # photos and small pictures, each, by which int8's numbers are chosen
DRAWN = 40
SIZES = ((300, 400), (400, 300), (320, 320), (60, 60))  # of pictograms, width and height


def of_rows(rows: Sequence[Row]) -> Iterator[Labelled]:
    """The rows' photos. Raises clothing_photos.UnavailableError for one that cannot be read."""
    for row in rows:
        right = frozenset(index for index in range(len(LABELS)) if row.accepts(index))
        yield clothing_photos.photo(row), right


def of_arrays(images: NDArray[np.uint8], labels: NDArray[np.int64]) -> Iterator[Labelled]:
    """Images of Fashion-MNIST: uint8 [n, 28, 28], with labels [n]."""
    for image, label in zip(images, labels, strict=True):
        yield Image.fromarray(image).convert("RGB"), frozenset({int(label)})


def held_back(settings: Settings) -> Iterator[Labelled]:
    """What no training sees, of the data sets in DATASETS_DIR; pictograms if there are none.

    Raises UnavailableError of either data set.
    """
    rows = clothing_photos.available(settings, "validation")
    images, labels = _available(fashion_mnist.held_back, settings)
    if not rows and not len(images):
        yield from drawn(range(DRAWN))
    yield from of_rows(rows)
    yield from of_arrays(images[:SMALL_PICTURES], labels[:SMALL_PICTURES])


def to_calibrate(settings: Settings) -> Iterator[Image.Image]:
    """Training pictures to calibrate int8 with; none without the data sets.

    Raises UnavailableError of either data set.
    """
    images, _ = _available(fashion_mnist.to_learn, settings)
    return calibrating(clothing_photos.available(settings, "train"), images)


def calibrating(
    rows: Sequence[Row], images: NDArray[np.uint8], count: int = CALIBRATING
) -> Iterator[Image.Image]:
    """`count` of the rows' photos, and of Fashion-MNIST's images, uint8 [n, 28, 28]."""
    for row in Random(0).sample(rows, min(count, len(rows))):
        yield clothing_photos.photo(row)
    for image in images[:count]:
        yield Image.fromarray(image).convert("RGB")


def drawn(numbers: Iterable[int]) -> Iterator[Labelled]:
    """Pictograms in several sizes: worse than photos to judge by, but always there."""
    for number in numbers:
        label = number % len(LABELS)
        size = SIZES[number // len(LABELS) % len(SIZES)]
        yield pictogram(label).resize(size), frozenset({label})


def _available(
    read: Callable[[Settings], fashion_mnist.Arrays], settings: Settings
) -> fashion_mnist.Arrays:
    """Those images of Fashion-MNIST; none where it is not in DATASETS_DIR."""
    data_sets = settings.datasets_dir
    if data_sets and (data_sets / fashion_mnist.FOLDER).is_dir():
        return read(settings)
    return np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64)
