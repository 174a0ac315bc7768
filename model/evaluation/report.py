"""The report of `python -m model evaluate`, as JSON or as tables."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from model.common.labels import NAMES
from model.evaluation.metrics import BINS, Measures, Negatives, Things
from model.evaluation.robustness import Robustness
from model.evaluation.thresholds import Tradeoff


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One model's measurements; None for what was not measured.

    `file` is the compiled form, which is what was measured. `sure` and `garment` are its
    thresholds, see `model.common.registry.serving_config.ServingConfig`.
    """

    model: str
    file: str
    file_bytes: int
    parameters: int
    sure: float
    garment: float
    fashion_mnist: Measures | None = None
    photos: Measures | None = None
    bags: Measures | None = None
    robustness: Robustness | None = None
    things: Things | None = None
    tradeoff: Tradeoff | None = None

    def everything(self) -> tuple[Measures, Measures, Things]:
        """Of Fashion-MNIST, photos and things. Raises ValueError if one was not measured."""
        if self.fashion_mnist is None or self.photos is None or self.things is None:
            raise ValueError("The report is incomplete: measure on everything.")
        return self.fashion_mnist, self.photos, self.things

    def as_json(self) -> str:
        """One JSON object on one line, without what was not measured.

        The trade-off is left out: it is for the plot, and longer than all the rest.
        """
        found = {key: value for key, value in asdict(self).items() if value is not None}
        found.pop("tradeoff", None)
        return json.dumps(found)

    def show(self, console: Console) -> None:
        """Print the tables."""
        console.print(
            f"[bold]{self.model}[/]  {self.parameters:,} parameters, "
            f"{self.file_bytes / 1e6:.2f} MB  [dim]{self.file}[/]",
            highlight=False,
        )
        measured = {
            "Fashion-MNIST": self.fashion_mnist,
            "photos": self.photos,
            "bags": self.bags,
        }
        columns = {name: found for name, found in measured.items() if found is not None}
        tables = [] if not columns else [_summary(columns)]
        if self.robustness is not None:
            tables.append(_robustness(self.robustness))
        others = self.photos.others if self.photos else {}
        if others or self.things:
            tables.append(_negatives(others, self.things))
        for name, found in columns.items():
            tables += [_reliability(name, found), _confusion(name, found)]
        for table in tables:
            console.print()
            console.print(table)


def _summary(columns: dict[str, Measures]) -> Table:
    table = _table("", "", *columns)
    found = list(columns.values())

    def row(title: str, cell: Callable[[Measures], str], style: str | None = None) -> None:
        table.add_row(title, *(cell(one) for one in found), style=style)

    row("images", lambda one: f"{one.images:,}")
    row("accuracy", lambda one: _share(one.accuracy), "bold")
    row("accuracy, mean over classes", lambda one: _share(one.macro_accuracy))
    row("loss", lambda one: f"{one.loss:.4f}")
    row("calibration error", lambda one: _share(one.ece))
    table.add_section()
    for name in NAMES:
        table.add_row(name, *(_share(one.per_class.get(name)) for one in found))
    table.add_section()
    row("answered “sure”", lambda one: _share(one.verdicts.sure))
    row("   of these right", lambda one: _share(one.verdicts.sure_accuracy))
    row("answered “unsure”", lambda one: _share(one.verdicts.unsure))
    row("   one of the two right", lambda one: _share(one.verdicts.unsure_accuracy))
    row("answered “none”", lambda one: _share(one.verdicts.none))
    row("   of sandals, sneakers and ankle boots", lambda one: _share(one.shoes_none))
    row("   of all else", lambda one: _share(one.rest_none))
    return table


def _robustness(found: Robustness) -> Table:
    table = _table("Photos turned, and of other shapes", "", "photos", "accuracy", "sure and wrong")
    photos = f"{found.tall.photos + found.others.photos:,}"
    for one in (found.upright, *found.turned):
        title = f"turned by {one.degrees}°" if one.degrees else "upright"
        table.add_row(title, photos, _share(one.accuracy), _share(one.sure_and_wrong))
    table.add_section()
    for title, shape in (("16:9 and taller", found.tall), ("4:3 and the like", found.others)):
        table.add_row(title, f"{shape.photos:,}", _share(shape.accuracy), "")
    return table


def _negatives(others: dict[str, Negatives], things: Things | None) -> Table:
    """Other clothes and all the things, then the kinds that are told from garments worst."""
    columns = "photos", "AUROC", "“none”", "“unsure”", "“sure”"
    table = _table("Told from photos of garments", "", *columns)

    def row(name: str, one: Negatives) -> None:
        shares = (_share(share) for share in (one.none, one.unsure, one.sure))
        table.add_row(name, f"{one.photos:,}", f"{one.auroc:.4f}", *shares)

    for what, found in others.items():
        row(f"other {what}", found)
    if things is not None:
        row(f"things of {things.kinds} kinds", things)
        table.add_section()
        for kind in things.worst:
            row(kind.name.replace("_", " "), kind)
    return table


def _reliability(title: str, found: Measures) -> Table:
    """Mean confidence and accuracy, a bin a row, without those that are empty."""
    table = _table(f"Calibration on {title}", "confidence", "images", "mean", "accuracy")
    for number, one in enumerate(found.reliability):
        if one.count:
            edges = f"{100 * number / BINS:.0f}–{100 * (number + 1) / BINS:.0f} %"
            table.add_row(edges, f"{one.count:,}", _share(one.confidence), _share(one.accuracy))
    return table


def _confusion(title: str, found: Measures) -> Table:
    """Rows are the true classes, columns the predicted ones, by number."""
    table = _table(
        f"Confusion on {title}: true (rows), predicted (columns)",
        "",
        *(str(index) for index in range(len(NAMES))),
    )
    for index, row in enumerate(found.confusion):
        cells: list[Any] = [
            Text(f"{count:,}" if count else "·", style="bold" if index == place else "")
            for place, count in enumerate(row)
        ]
        table.add_row(f"{index} {NAMES[index]}", *cells)
    return table


def _table(title: str, *columns: str) -> Table:
    """A table whose columns are right-aligned, except the first."""
    table = Table(
        title=title or None,
        title_justify="left",
        title_style="dim",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


def _share(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2f} %"
