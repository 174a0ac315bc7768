"""The spread of a recipe's results: headline figures of models trained from several seeds."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import getitem
from pathlib import Path
from statistics import fmean, median
from typing import Any

from model.evaluation.model_card_tables import WORST_CLASS, judged
from model.evaluation.report import Report


class UnusableReportError(Exception):
    """A file is no report on everything; str() says so, in a sentence."""


def _at(*keys: str) -> Callable[[Any], Any]:
    """What lies in a report's JSON under these keys."""
    return lambda report: reduce(getitem, keys, report)


def _worst_class(report: Any) -> float | None:
    photos = report["photos"]
    return min(judged(photos["per_class"], photos["confusion"]).values(), default=None)


def _turned(report: Any) -> float | None:
    if (found := report.get("robustness")) is None:
        return None
    return fmean(one["accuracy"] for one in found["turned"])


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure that stands for many: its title, and where it is in a report's JSON."""

    title: str
    found_in: Callable[[Any], Any]
    is_share: bool = True

    def of(self, report: Any) -> float | None:
        """The figure in a report, None where the report has none.

        Raises LookupError, TypeError or ValueError where it is no report on everything.
        """
        figure = self.found_in(report)
        return None if figure is None else float(figure)

    def text(self, figure: float) -> str:
        """The figure for people."""
        return f"{100 * figure:.2f} %" if self.is_share else f"{figure:.4f}"


HEADLINES = (
    Headline("Fashion-MNIST, test: accuracy", _at("fashion_mnist", "accuracy")),
    Headline("Fashion-MNIST, test: calibration error", _at("fashion_mnist", "ece")),
    Headline("photos: accuracy", _at("photos", "accuracy")),
    Headline("photos: accuracy, mean over classes", _at("photos", "macro_accuracy")),
    Headline(WORST_CLASS, _worst_class),
    Headline("photos: calibration error", _at("photos", "ece")),
    Headline("other garments: AUROC", _at("photos", "garment_auroc"), is_share=False),
    Headline("photos turned by 90, 180 and 270°: accuracy", _turned),
    Headline("things of kinds held out: AUROC", _at("things", "auroc"), is_share=False),
    Headline("things of kinds held out: answered “sure”", _at("things", "sure")),
)

Figures = tuple[float | None, ...]  # in the order of HEADLINES


def read(path: Path) -> Figures:
    """The headline figures in a file that `evaluate --json` wrote.

    Raises UnusableReportError for a file that is not there, or holds anything else.
    """
    try:
        return _figures(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UnusableReportError(
            f"{path} cannot be read ({error.strerror}): name a file that is there."
        ) from error
    except (LookupError, TypeError, ValueError) as error:
        raise UnusableReportError(
            f"{path} is no report on everything: write it with `evaluate --json`."
        ) from error


def table(report: Report, others: Sequence[Figures]) -> str:
    """The headlines of this model, with their median and range over it and the others: Markdown.

    A headline that one of them lacks, as without photos of other garments, is left out.
    """
    every = [_figures(json.loads(report.as_json())), *others]
    lines = [
        f"| headline | this model | median of {len(every)} seeds | range |",
        "| --- | ---: | ---: | ---: |",
    ]
    for headline, figures in zip(HEADLINES, zip(*every, strict=True), strict=True):
        found = [figure for figure in figures if figure is not None]
        if len(found) < len(every):
            continue
        own, middle, low, high = (
            headline.text(figure) for figure in (found[0], median(found), min(found), max(found))
        )
        lines.append(f"| {headline.title} | {own} | {middle} | {low} – {high} |")
    return "\n".join(lines)


def _figures(report: Any) -> Figures:
    return tuple(headline.of(report) for headline in HEADLINES)
