"""The gate: whether a newly trained model may take the place of the one that serves.

Both answer the same pictures. The new one passes if it loses nowhere more than a margin and gains
somewhere more than chance explains. docs/retraining.md says the rule in words.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]

# Gains are believed where chance alone would bring them in less than one case in twenty.
SIGNIFICANCE = 0.05
# Of a class with fewer pictures one picture more or less says nothing.
LEAST_OF_CLASS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """How much a new model may lose, as shares: 0.01 is one picture in a hundred.

    `of_class` is for a single class of a collection, which has fewer pictures and so more chance
    in it; `ece` for the calibration error, which then rises; `auroc` for telling garments from
    what is none.
    """

    accuracy: float
    of_class: float
    ece: float
    auroc: float = 0.02


# Fashion-MNIST: 5,000 pictures; photos: some 600, so that one more or less is 0.2 points.
FASHION_MNIST = Margins(accuracy=0.005, of_class=0.04, ece=0.01)
PHOTOS = Margins(accuracy=0.015, of_class=0.12, ece=0.02)
# What people corrected must not get worse at all.
CORRECTIONS = Margins(accuracy=0.0, of_class=1.0, ece=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How one model did on n pictures.

    hits [n]: which it answered rightly; labels [n]: the class of each, where -1 counts as none.
    `ece` and `auroc` as in `model.evaluation.metrics`, None where they are not measured.
    """

    hits: Flags
    labels: NDArray[np.int64]
    ece: float | None = None
    auroc: float | None = None

    @property
    def accuracy(self) -> float:
        """The share of hits."""
        return float(self.hits.mean())

    def of_class(self, label: int) -> float:
        """The share of hits among the pictures of a class."""
        return float(self.hits[self.labels == label].mean())


@dataclass(frozen=True, slots=True)
class Judgement:
    """On what the new model gained more than chance explains, and what it lost beyond a margin.

    Both name collections; `lost` also a class of one by its index ("photos:5"), its calibration
    error ("photos_ece") and how well it tells garments from what is none ("photos_auroc").
    """

    gained: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def passes(self) -> bool:
        """Whether the new model may serve."""
        return bool(self.gained) and not self.lost


def judge(trials: dict[str, tuple[Trial, Trial]], margins: dict[str, Margins]) -> Judgement:
    """Judge by collections of pictures, by name: the old model's trial and the new one's."""
    gained: list[str] = []
    lost: list[str] = []
    for collection, (old, new) in trials.items():
        if mcnemar(old.hits, new.hits) < SIGNIFICANCE:
            gained.append(collection)
        lost += _losses(collection, old, new, margins[collection])
    return Judgement(tuple(gained), tuple(lost))


def mcnemar(old: Flags, new: Flags) -> float:
    """How likely the new model would look so much better, or more, if both were equally good.

    The exact one-sided test on the pictures on which the two differ: each of them would fall to
    either like a coin (McNemar 1947, https://doi.org/10.1007/BF02295996). hits [n] of both.
    """
    better, worse = int((new & ~old).sum()), int((old & ~new).sum())
    differ = better + worse
    ways = sum(math.comb(differ, k) for k in range(better, differ + 1))
    return float(ways / 2**differ)


def _losses(collection: str, old: Trial, new: Trial, margins: Margins) -> list[str]:
    def fell(before: float | None, after: float | None, margin: float) -> bool:
        # Rounded: a loss of exactly the margin is none, whatever binary fractions make of it.
        return before is not None and after is not None and round(before - after, 9) > margin

    lost = []
    if fell(old.accuracy, new.accuracy, margins.accuracy):
        lost.append(collection)
    classes, counts = np.unique(old.labels, return_counts=True)
    for label in classes[counts >= LEAST_OF_CLASS]:
        if fell(old.of_class(label), new.of_class(label), margins.of_class):
            lost.append(f"{collection}:{label}")
    if fell(new.ece, old.ece, margins.ece):
        lost.append(f"{collection}_ece")
    if fell(old.auroc, new.auroc, margins.auroc):
        lost.append(f"{collection}_auroc")
    return lost
