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
from model.evaluation.metrics import BINS, Measures, NoGarment, Nothing
from model.evaluation.thresholds import Tradeoff


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that is found out about one model; None for what was not measured.

    `sure` and `garment` are its thresholds, see `model.common.registry.serving_config.ModelCard`.
    """

    model: str
    file: str
    file_bytes: int
    parameters: int
    sure: float
    garment: float
    fashion_mnist: Measures | None = None
    photos: Measures | None = None
    nothing: Nothing | None = None
    tradeoff: Tradeoff | None = None

    def everything(self) -> tuple[Measures, Measures, Nothing]:
        """Of Fashion-MNIST, photos and nothing. Raises ValueError where one was not measured."""
        if self.fashion_mnist is None or self.photos is None or self.nothing is None:
            raise ValueError("The report is not on everything: measure what is left out.")
        return self.fashion_mnist, self.photos, self.nothing

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
        measured = {"Fashion-MNIST": self.fashion_mnist, "photos": self.photos}
        columns = {name: found for name, found in measured.items() if found is not None}
        tables = [] if not columns else [_summary(columns)]
        if self.nothing is not None:
            tables += [_nothing(self.nothing), _worst(self.nothing)]
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
    if any(one.others for one in found):
        table.add_section()
        row("images of other garments", lambda one: f"{one.others:,}" if one.others else "–")
        row("   AUROC of the garment score", lambda one: _auroc(one.garment_auroc))
        row("   answered “none”", lambda one: _share(one.others_none))
    return table


def _nothing(found: Nothing) -> Table:
    table = _table(
        f"No garment at all, against {found.garments:,} photos of garments",
        "",
        "kinds held out",
        "kinds trained on",
        "all",
    )
    columns: list[NoGarment] = [found.held_out, found.training, found.overall]
    table.add_row("images", *(f"{one.pictures:,}" for one in columns))
    table.add_row("kinds", *(f"{one.kinds:,}" for one in columns))
    table.add_row("AUROC of the garment score", *(_auroc(one.auroc) for one in columns))
    table.add_row("answered “none”", *(_share(one.none) for one in columns))
    return table


def _worst(found: Nothing) -> Table:
    table = _table("The kinds that are told worst", "", "AUROC", "answered “none”")
    for kind in found.worst:
        name = f"{kind.name} ({'held out' if kind.held_out else 'trained on'})"
        table.add_row(name, _auroc(kind.auroc), _share(kind.none))
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
    """A table whose columns stand on the right, but for the first."""
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


def _auroc(auroc: float | None) -> str:
    return "–" if auroc is None else f"{auroc:.4f}"
