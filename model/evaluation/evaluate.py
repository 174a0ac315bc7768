"""Measures a model on Fashion-MNIST's test images and on photos of garments and things.

Every figure comes from `model.serving.classifier.Classifier`, the code that serves.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.common.labels import NAMES
from model.datasets.sources.clothing_photos import Row
from model.evaluation.metrics import Answers, Flags, Measures, Things, measure, measure_things
from model.evaluation.thresholds import Tradeoff, tradeoff
from model.photos import decode
from model.serving.classifier import Classifier

T = TypeVar("T")
# Wraps a sequence to show progress; see rich.progress.track.
Track = Callable[[Sequence[T]], Iterable[T]]

CHUNK = 256  # images at a time
# Degrees anticlockwise that a photo can be turned by.
TURNS = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}


class UnusablePhotosError(Exception):
    """The photos cannot be used to measure by; str() says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class AnsweredPhotos:
    """Photos as `model.datasets.sources.clothing_photos.rows` lists them, with the answers to them.

    At least one row shows a garment; measures on garments leave the others out.
    """

    rows: tuple[Row, ...]
    answers: Answers

    @property
    def shown(self) -> Flags:
        """Which rows show a garment of the ten, [n]."""
        return np.array([row.garment is not None for row in self.rows], bool)

    @property
    def garments(self) -> Answers:
        """The answers to the m photos that show a garment of the ten."""
        return self.answers.where(self.shown)

    @property
    def others(self) -> dict[str, Answers]:
        """The answers to the others by what they show, "garments" or "shoes"; none are empty.

        Pumps and loafers are apart: they look like the ten classes' shoes, and the photo branch is
        not trained on them.
        """
        shoes = np.array([row.other_shoe for row in self.rows], bool)
        found = {"garments": ~self.shown & ~shoes, "shoes": shoes}
        return {what: self.answers.where(mask) for what, mask in found.items() if mask.any()}

    @property
    def right(self) -> Flags:
        """Which classes are accepted for the garments, [m, 10]."""
        garments = [row for row in self.rows if row.garment is not None]
        return np.array([[row.accepts(index) for index in range(len(NAMES))] for row in garments])

    def measures(self) -> Measures:
        """The measures; a second accepted class counts as right too."""
        labels = [row.garment for row in self.rows if row.garment is not None]
        return measure(self.garments, np.array(labels, np.int64), self.right, self.others)


@dataclass(frozen=True, slots=True)
class AnsweredThings:
    """Photos of things that are no garment: the kind of each, and the answers to them."""

    kinds: tuple[str, ...]
    answers: Answers

    def measures(self, photos: AnsweredPhotos) -> Things:
        """How well they are told from the photos' garments."""
        return measure_things(photos.garments, self.answers, self.kinds)

    def tradeoff(self, photos: AnsweredPhotos) -> Tradeoff:
        """What other thresholds would cost and bring, on photos of garments and of things."""
        return tradeoff(photos.garments, photos.right, photos.others, self.answers)


def on_fashion_mnist(
    classifier: Classifier,
    images: NDArray[np.uint8],
    labels: NDArray[np.int64],
    track: Track[int] = iter,
) -> Measures:
    """The measures on images uint8 [n, 28, 28] with labels int64 [n]."""
    chunks = [
        classifier.predict_arrays(images[start : start + CHUNK])
        for start in track(range(0, len(images), CHUNK))
    ]
    probabilities, scores = (np.concatenate(parts) for parts in zip(*chunks, strict=True))
    answers = Answers(classifier.config, probabilities, scores)
    return measure(answers, labels, np.eye(len(NAMES), dtype=bool)[labels])


def on_photos(
    classifier: Classifier,
    rows: Sequence[Row],
    track: Track[Sequence[Row]] = iter,
    *,
    turn: int = 0,
) -> AnsweredPhotos:
    """The answers to the rows' photos, turned by 0 degrees or one of TURNS.

    Raises UnusablePhotosError for a photo that cannot be read, or if no row shows a garment.
    """
    if not any(row.garment is not None for row in rows):
        raise UnusablePhotosError(
            "None of the photos shows a garment: there is nothing to measure."
        )
    return AnsweredPhotos(tuple(rows), _answered(classifier, rows, track, turn))


def on_things(
    classifier: Classifier, rows: Sequence[Row], track: Track[Sequence[Row]] = iter
) -> AnsweredThings:
    """The answers to photos of things. Raises UnusablePhotosError for one that cannot be read."""
    kinds = tuple(row.category for row in rows)
    return AnsweredThings(kinds, _answered(classifier, rows, track))


def _answered(
    classifier: Classifier, rows: Sequence[Row], track: Track[Sequence[Row]], turn: int = 0
) -> Answers:
    size = classifier.batch_size
    batches = [rows[start : start + size] for start in range(0, len(rows), size)]
    predictions = [
        prediction
        for batch in track(batches)
        for prediction in classifier.classify([_read(row, turn) for row in batch])
    ]
    return Answers(
        classifier.config,
        np.array([prediction.probabilities for prediction in predictions]),
        np.array([prediction.garment_score for prediction in predictions]),
    )


def _read(row: Row, turn: int) -> Image.Image:
    try:
        picture = decode.decode(row.read())
    except (OSError, decode.Refused) as error:
        raise UnusablePhotosError(
            f"{row.path} is in the list of photos but cannot be read: fix the list or the photo."
        ) from error
    return picture.transpose(TURNS[turn]) if turn else picture
