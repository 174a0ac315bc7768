"""How much a recipe's results vary: the headline figures of models trained from several seeds."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from model.report import Report


class UnusableReportError(Exception):
    """A file is no report on everything; str() says so, in a sentence."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure that stands for many: its title, and the keys that lead to it in a report's JSON."""

    title: str
    keys: tuple[str, ...]
    is_share: bool = True

    def of(self, report: Any) -> float | None:
        """The figure in a report, None where the report has none.

        Raises LookupError, TypeError or ValueError where it is no report on everything.
        """
        for key in self.keys:
            report = report[key]
        return None if report is None else float(report)

    def text(self, figure: float) -> str:
        """The figure for people."""
        return f"{100 * figure:.2f} %" if self.is_share else f"{figure:.4f}"


HEADLINES = (
    Headline("Fashion-MNIST, test: accuracy", ("fashion_mnist", "accuracy")),
    Headline("Fashion-MNIST, test: calibration error", ("fashion_mnist", "ece")),
    Headline("photos: accuracy", ("photos", "accuracy")),
    Headline("photos: accuracy, mean over classes", ("photos", "macro_accuracy")),
    Headline("photos: calibration error", ("photos", "ece")),
    Headline("other garments: AUROC", ("photos", "garment_auroc"), is_share=False),
    Headline("no garment, kinds held out: AUROC", ("nothing", "held_out", "auroc"), is_share=False),
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
