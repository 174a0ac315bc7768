"""A retraining's verdict as rows: figures before and after, and what rose or fell in numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from model.common.labels import LABELS, NONE_OF_THESE
from model.common.retraining.messages import Outcome

# The figures that are told, in their order: fields of `messages.Figures`.
FIGURES = (
    "fashion_mnist",
    "photos",
    "corrections",
    "fashion_mnist_ece",
    "photos_ece",
    "photos_auroc",
    "shoes_auroc",
    "things",
    "things_auroc",
)


Mark = Literal["gained", "lost", ""]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A line of the table: a figure of the old and of the new model, None if it has none."""

    figure: str
    before: float | None
    after: float | None
    mark: Mark


class Numbers(NamedTuple):
    """Pictures that were right before and after, of how many, and how many could be lost.

    Where `of` is 0 they are shares of 1 instead.
    """

    before: float
    after: float
    of: float
    allowed: float


@dataclass(frozen=True, slots=True)
class Change:
    """That a figure, or a class of its collection, rose or fell; `numbers` if they are known.

    `label` is the class, NONE_OF_THESE for none; None if the whole figure is meant.
    """

    figure: str
    label: int | None
    numbers: Numbers | None

    @property
    def fell(self) -> bool:
        """Whether that is a loss; a calibration error is one if it rose."""
        if self.numbers is None or self.figure.endswith("_ece"):
            return True
        return self.numbers.after < self.numbers.before


def rows(outcome: Outcome) -> list[FigureRow]:
    """The table: a row for each figure that either model has; none if nothing was measured."""
    found = []
    for figure in FIGURES:
        before, after = (getattr(each, figure, None) for each in (outcome.old, outcome.new))
        if before is None and after is None:
            continue
        lost = any(each.partition(":")[0] == figure for each in outcome.lost)
        mark: Mark = "gained" if figure in outcome.gained else "lost" if lost else ""
        found.append(FigureRow(figure, before, after, mark))
    return found


def losses(outcome: Outcome) -> list[Change]:
    """What fell by more than its margin."""
    return _changes(outcome, outcome.lost)


def rises(outcome: Outcome) -> list[Change]:
    """The classes that gained most."""
    return _changes(outcome, (name for name in outcome.changes if name not in outcome.lost))


def _changes(outcome: Outcome, names: Iterable[str]) -> list[Change]:
    found = []
    for name in names:
        figure, _, label = name.partition(":")
        known = outcome.changes.get(name)
        numbers = Numbers(*known) if known and len(known) == len(Numbers._fields) else None
        found.append(Change(figure, _class(label) if label else None, numbers))
    return found


def _class(label: str) -> int:
    return int(label) if label.isdigit() and int(label) < len(LABELS) else NONE_OF_THESE
