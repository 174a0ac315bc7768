"""The gate: whether a newly trained model may take the place of the one that serves.

Both answer the same pictures. The new one passes if it loses nowhere more than a margin and gains
somewhere more than chance explains. docs/models/retraining.md says the rule in words.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]

# A gain counts if chance alone would bring it in less than one case in twenty.
SIGNIFICANCE = 0.05
# Of a class with fewer pictures one picture more or less says nothing.
LEAST_OF_CLASS = 20
# The rises that are told: of a share this large at least, and this many of a collection.
LEAST_RISE, MOST_RISES = 0.05, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """The most that a new model may lose, as shares: 0.01 is one picture in a hundred.

    `of_class` is for a single class of a collection, which has fewer pictures and so more chance
    in it; `ece` for the calibration error, which then rises; `auroc` for telling garments from
    what is none, `shoes_auroc` from other shoes.
    """

    accuracy: float
    of_class: float
    ece: float
    auroc: float = 0.02
    shoes_auroc: float = 0.05  # of 24 photos, so that there is more chance in it


# Fashion-MNIST: 5,000 pictures; photos: some 600, so that one more or less is 0.2 points.
FASHION_MNIST = Margins(accuracy=0.005, of_class=0.04, ece=0.01)
PHOTOS = Margins(accuracy=0.015, of_class=0.12, ece=0.02)
# Things that are no garment: some 330. A tenth more of them named as garments is felt by people.
THINGS = Margins(accuracy=0.05, of_class=1.0, ece=1.0, auroc=0.01)
# What people corrected must not get worse at all.
CORRECTIONS = Margins(accuracy=0.0, of_class=1.0, ece=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One model's results on n pictures.

    hits [n]: which it answered rightly; labels [n]: the class of each, where -1 counts as none.
    `ece` and the AUROCs as in `model.evaluation.metrics`, None if they are not measured.
    """

    hits: Flags
    labels: NDArray[np.int64]
    ece: float | None = None
    auroc: float | None = None
    shoes_auroc: float | None = None

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
    error ("photos_ece") and how well it tells garments from what is none ("photos_auroc",
    "shoes_auroc").
    `changes` has what `lost` names, and the classes that gained most, in numbers: before, after, of
    how many pictures (0 for an error or the AUROC), and how much could be lost.
    """

    gained: tuple[str, ...]
    lost: tuple[str, ...]
    changes: dict[str, list[float]] = field(default_factory=dict)

    @property
    def passes(self) -> bool:
        """Whether the new model may serve."""
        return bool(self.gained) and not self.lost


def judge(trials: dict[str, tuple[Trial, Trial]], margins: dict[str, Margins]) -> Judgement:
    """Judge by collections of pictures, by name: the old model's trial and the new one's."""
    gained: list[str] = []
    lost: list[str] = []
    changes: dict[str, list[float]] = {}
    for collection, (old, new) in trials.items():
        if mcnemar(old.hits, new.hits) < SIGNIFICANCE:
            gained.append(collection)
        found = _losses(collection, old, new, margins[collection])
        lost += found
        changes |= found | _rises(collection, old, new)
    return Judgement(tuple(gained), tuple(lost), changes)


def mcnemar(old: Flags, new: Flags) -> float:
    """How likely the new model would look so much better, or more, if both were equally good.

    The exact one-sided test on the pictures on which the two differ: each of them would fall to
    either like a coin (McNemar 1947, https://doi.org/10.1007/BF02295996). hits [n] of both.
    """
    better, worse = int((new & ~old).sum()), int((old & ~new).sum())
    differ = better + worse
    ways = sum(math.comb(differ, k) for k in range(better, differ + 1))
    return float(ways / 2**differ)


def _losses(collection: str, old: Trial, new: Trial, margins: Margins) -> dict[str, list[float]]:
    """What fell by more than its margin, with its numbers, see `Judgement`."""

    def fell(before: float | None, after: float | None, margin: float) -> bool:
        # Rounded, so that a loss of exactly the margin passes despite binary fractions.
        return before is not None and after is not None and round(before - after, 9) > margin

    lost = {}
    if fell(old.accuracy, new.accuracy, margins.accuracy):
        everything = np.ones(len(old.hits), bool)
        lost[collection] = _numbers(old, new, everything, margins.accuracy)
    classes, counts = np.unique(old.labels, return_counts=True)
    for label in classes[counts >= LEAST_OF_CLASS]:
        if fell(old.of_class(label), new.of_class(label), margins.of_class):
            of_class = old.labels == label
            lost[f"{collection}:{label}"] = _numbers(old, new, of_class, margins.of_class)
    if fell(new.ece, old.ece, margins.ece):
        lost[f"{collection}_ece"] = [old.ece or 0.0, new.ece or 0.0, 0, margins.ece]
    for name, before, after, margin in (
        (f"{collection}_auroc", old.auroc, new.auroc, margins.auroc),
        ("shoes_auroc", old.shoes_auroc, new.shoes_auroc, margins.shoes_auroc),
    ):
        if fell(before, after, margin):
            lost[name] = [before or 0.0, after or 0.0, 0, margin]
    return lost


def _rises(collection: str, old: Trial, new: Trial) -> dict[str, list[float]]:
    rises = {
        label: new.of_class(label) - old.of_class(label)
        for label in np.unique(old.labels)
        if (new.hits & (old.labels == label)).sum() - (old.hits & (old.labels == label)).sum() > 1
    }
    most = sorted(rises, key=lambda label: rises[label], reverse=True)[:MOST_RISES]
    return {
        f"{collection}:{label}": _numbers(old, new, old.labels == label, 0.0)
        for label in most
        if round(rises[label], 9) >= LEAST_RISE
    }


def _numbers(old: Trial, new: Trial, of: Flags, margin: float) -> list[float]:
    """Hits before and after, of how many pictures, how many could be lost."""
    count = int(of.sum())
    hits = (int((trial.hits & of).sum()) for trial in (old, new))
    # Not rounded up by what binary fractions make of 0.12 * 25.
    return [*hits, count, math.floor(round(margin * count, 9))]
