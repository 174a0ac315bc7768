"""What `python -m model evaluate` prints: a model's measures, as JSON or as tables."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from model.evaluation import Measures
from model.labels import NAMES


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that `evaluate` finds out about one model; None for what was not measured."""

    model: str
    file: str
    file_bytes: int
    parameters: int
    fashion_mnist: Measures | None = None
    photos: Measures | None = None

    def as_json(self) -> str:
        """One JSON object on one line, without what was not measured."""
        return json.dumps({key: value for key, value in asdict(self).items() if value is not None})

    def show(self, console: Console) -> None:
        """Print the tables."""
        console.print(
            f"[bold]{self.model}[/]  {self.parameters:,} parameters, "
            f"{self.file_bytes / 1e6:.2f} MB  [dim]{self.file}[/]",
            highlight=False,
        )
        measured = {"Fashion-MNIST": self.fashion_mnist, "photos": self.photos}
        columns = {name: found for name, found in measured.items() if found is not None}
        console.print()
        console.print(_summary(columns))
        for name, found in columns.items():
            console.print()
            console.print(_confusion(name, found))


def _summary(columns: dict[str, Measures]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("")
    for name in columns:
        table.add_column(name, justify="right")
    found = list(columns.values())
    table.add_row("images", *(f"{one.images:,}" for one in found))
    table.add_row("accuracy", *(_share(one.accuracy) for one in found), style="bold")
    table.add_row("accuracy, mean over classes", *(_share(one.macro_accuracy) for one in found))
    table.add_row("loss", *(f"{one.loss:.4f}" for one in found))
    table.add_row("calibration error", *(_share(one.ece) for one in found))
    if any(one.others for one in found):
        table.add_row("images of no garment", *(f"{one.others:,}" for one in found))
        table.add_row("AUROC of the garment score", *(_auroc(one) for one in found))
    table.add_section()
    for name in NAMES:
        table.add_row(
            name,
            *(_share(one.per_class[name]) if name in one.per_class else "–" for one in found),
        )
    return table


def _confusion(title: str, found: Measures) -> Table:
    """Rows are the true classes, columns the predicted ones, by number."""
    table = Table(
        title=f"Confusion on {title}: true (rows), predicted (columns)",
        title_justify="left",
        title_style="dim",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    table.add_column("")
    for index in range(len(NAMES)):
        table.add_column(str(index), justify="right")
    for index, row in enumerate(found.confusion):
        cells: list[Any] = [
            Text(f"{count:,}" if count else "·", style="bold" if index == place else "")
            for place, count in enumerate(row)
        ]
        table.add_row(f"{index} {NAMES[index]}", *cells)
    return table


def _share(share: float) -> str:
    return f"{100 * share:.2f} %"


def _auroc(found: Measures) -> str:
    return "–" if found.garment_auroc is None else f"{found.garment_auroc:.4f}"
