"""Measures on photos of garments that are turned, or taller than most."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from model.datasets.sources.clothing_photos import Row
from model.evaluation.evaluate import AnsweredPhotos
from model.evaluation.metrics import Measures
from model.photos.decode import register_heif

# 16:9 is 1.78, 4:3 is 1.33; between them lies 3:2.
TALL = 1.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """The photos turned by `degrees`: the share named correctly, and the share sure but wrong."""

    degrees: int
    accuracy: float
    sure_and_wrong: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeAccuracy:
    """The upright photos of one shape and their accuracy, None if there are none."""

    photos: int
    accuracy: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness:
    """The same photos upright and turned; those with sides of TALL to 1 or more, and the others."""

    upright: Turned
    turned: list[Turned]
    tall: ShapeAccuracy
    others: ShapeAccuracy

    @property
    def accuracy_turned(self) -> float:
        """The mean over the turns."""
        return float(np.mean([one.accuracy for one in self.turned]))

    @property
    def sure_and_wrong_turned(self) -> float:
        """The mean over the turns."""
        return float(np.mean([one.sure_and_wrong for one in self.turned]))

    @property
    def lost_where_tall(self) -> float | None:
        """The accuracy of the others less that of tall photos; None without either."""
        if self.tall.accuracy is None or self.others.accuracy is None:
            return None
        return self.others.accuracy - self.tall.accuracy


def robustness(upright: AnsweredPhotos, turned: dict[int, AnsweredPhotos]) -> Robustness:
    """The measures of answers to the same rows, upright and by the degrees that they are turned."""
    garments = upright.garments
    hits = upright.right[np.arange(len(garments)), garments.probabilities.argmax(axis=1)]
    tall = np.array([is_tall(row) for row in upright.rows if row.garment is not None], bool)

    def shape(mask: np.ndarray) -> ShapeAccuracy:
        accuracy = float(hits[mask].mean()) if mask.any() else None
        return ShapeAccuracy(photos=int(mask.sum()), accuracy=accuracy)

    return Robustness(
        upright=_turned(0, upright.measures()),
        turned=[_turned(degrees, answered.measures()) for degrees, answered in turned.items()],
        tall=shape(tall),
        others=shape(~tall),
    )


def garment_rows(rows: Sequence[Row]) -> list[Row]:
    """Those that show a garment of the ten: what is worth turning."""
    return [row for row in rows if row.garment is not None]


def is_tall(row: Row) -> bool:
    """Whether one side of the photo is at least TALL times the other."""
    register_heif()
    with Image.open(io.BytesIO(row.read())) as picture:
        return max(picture.size) >= TALL * min(picture.size)


def _turned(degrees: int, found: Measures) -> Turned:
    return Turned(
        degrees=degrees,
        accuracy=found.accuracy,
        sure_and_wrong=found.verdicts.sure_and_wrong,
    )
