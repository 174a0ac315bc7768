"""How good a model is: on Fashion-MNIST's test images and on a folder of photos.

Every figure is computed from `model.classifier.Classifier`'s own answers, the code that serves.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model import photo
from model.classifier import Classifier
from model.datasets.clothing_photos import Row
from model.labels import NAMES

Floats = NDArray[np.floating]
T = TypeVar("T")
# Wraps what is gone through, to show how far it is; see rich.progress.track.
Track = Callable[[Sequence[T]], Iterable[T]]

BINS = 15  # of the calibration error, as in Guo et al. 2017
CHUNK = 256  # images at a time


class UnusablePhotosError(Exception):
    """The photos cannot be used to measure by; str() says why, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What a model comes to on `images` pictures that show a garment.

    `loss` is the mean negative log-likelihood of the right classes; `macro_accuracy` the mean of
    `per_class`, which leaves out classes that did not occur. `confusion[true][predicted]` counts
    pictures. `garment_auroc` says how well the garment score tells them from `others` pictures
    that show none; None where there are none.
    """

    images: int
    accuracy: float
    macro_accuracy: float
    loss: float
    ece: float
    per_class: dict[str, float]
    confusion: list[list[int]]
    others: int = 0
    garment_auroc: float | None = None


def on_fashion_mnist(
    classifier: Classifier,
    images: NDArray[np.uint8],
    labels: NDArray[np.int64],
    track: Track[int] = iter,
) -> Measures:
    """The measures on images uint8 [n, 28, 28] with labels int64 [n]."""
    chunks = [
        classifier.predict_arrays(images[start : start + CHUNK])[0]
        for start in track(range(0, len(images), CHUNK))
    ]
    right = np.eye(len(NAMES), dtype=bool)[labels]
    return measure(np.concatenate(chunks), labels, right)


def on_photos(classifier: Classifier, rows: Sequence[Row], track: Track[Row] = iter) -> Measures:
    """The measures on photos as `model.datasets.clothing_photos.rows` lists them.

    A second accepted class counts as right too. Rows without a garment only enter
    `garment_auroc`. Raises UnusablePhotosError for a photo that cannot be read, or where no row
    shows a garment.
    """
    probabilities: list[tuple[float, ...]] = []
    scores: list[float] = []
    batch: list[Image.Image] = []
    for number, row in enumerate(track(rows), start=1):
        batch.append(_read(row))
        if len(batch) == classifier.batch_size or number == len(rows):
            for prediction in classifier.classify(batch):
                probabilities.append(prediction.probabilities)
                scores.append(prediction.garment_score)
            batch = []
    shown = np.array([row.garment is not None for row in rows], bool)
    if not shown.any():
        raise UnusablePhotosError(
            "None of the photos shows a garment: there is nothing to measure."
        )
    garments = [row for row in rows if row.garment is not None]
    right = np.array([[row.accepts(index) for index in range(len(NAMES))] for row in garments])
    labels = np.array([row.garment for row in garments], np.int64)
    others = len(rows) - len(garments)
    return measure(
        np.array(probabilities)[shown],
        labels,
        right,
        others=others,
        garment_auroc=auroc(np.array(scores), shown) if others else None,
    )


def measure(
    probabilities: Floats,
    labels: NDArray[np.int64],
    right: NDArray[np.bool_],
    *,
    others: int = 0,
    garment_auroc: float | None = None,
) -> Measures:
    """The measures of probabilities [n, 10]; `right` [n, 10] marks every class that is accepted."""
    predicted = probabilities.argmax(axis=1)
    hits = right[np.arange(len(labels)), predicted]
    likelihood = np.where(right, probabilities, 0.0).sum(axis=1)
    per_class = {
        name: float(hits[labels == index].mean())
        for index, name in enumerate(NAMES)
        if (labels == index).any()
    }
    return Measures(
        images=len(labels),
        accuracy=float(hits.mean()),
        macro_accuracy=float(np.mean(list(per_class.values()))),
        # Clipped, so that one hopeless picture does not make it infinite.
        loss=float(-np.log(np.clip(likelihood, 1e-12, 1.0)).mean()),
        ece=expected_calibration_error(probabilities.max(axis=1), hits),
        per_class=per_class,
        confusion=confusion_matrix(labels, predicted).tolist(),
        others=others,
        garment_auroc=garment_auroc,
    )


def expected_calibration_error(
    confidences: Floats, hits: NDArray[np.bool_], bins: int = BINS
) -> float:
    """How far confidence and accuracy lie apart, 0 at best (Guo et al. 2017, equation 3).

    Predictions fall into `bins` intervals of equal width by confidence [n]; the gap between the
    mean confidence and the share of hits [n] is averaged over them, by their counts.
    https://arxiv.org/abs/1706.04599
    """
    # A bin holds its upper edge: (0, 1/15], (1/15, 2/15] ….
    places = np.clip(np.ceil(confidences * bins).astype(int) - 1, 0, bins - 1)
    gaps = [
        np.count_nonzero(places == place)
        * abs(float(confidences[places == place].mean()) - float(hits[places == place].mean()))
        for place in np.unique(places)
    ]
    return float(sum(gaps) / len(confidences))


def auroc(scores: Floats, positive: NDArray[np.bool_]) -> float:
    """The chance that a positive's score lies above a negative's, a tie counting half.

    It is the area under the ROC curve, as the Mann-Whitney U statistic (Hanley and McNeil 1982).
    Scores [n], positive [n] with both kinds in it; 0.5 is guessing.
    """
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = (last - (counts - 1) / 2)[places]  # from 1, equal scores sharing their mean
    positives = int(positive.sum())
    pairs = positives * (len(scores) - positives)
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / pairs)


def confusion_matrix(labels: NDArray[np.int64], predicted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts [true, predicted], [10, 10]."""
    counts = np.zeros((len(NAMES), len(NAMES)), np.int64)
    np.add.at(counts, (labels, predicted), 1)
    return counts


def _read(row: Row) -> Image.Image:
    try:
        return photo.decode(row.path.read_bytes())
    except (OSError, photo.Refused) as error:
        raise UnusablePhotosError(
            f"{row.path} is in the list of photos, and cannot be read: mend the list or the photo."
        ) from error
