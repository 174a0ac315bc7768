"""Experiments on promises: a table for people, a list for programs, an exit code for scripts."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Outcome:
    """The record of a promise: how often it was `tried` and how often `broken`.

    An experiment that could not be made as promised counts as broken: `tried` of 0 is never kept.
    """

    promise: str
    tried: int
    broken: int
    note: str = ""

    @property
    def kept(self) -> bool:
        """Whether it was tried and held every time."""
        return self.tried > 0 and self.broken == 0


def report(outcomes: Sequence[Outcome], file: Path | None, *, title: str) -> int:
    """Print the table, write `file` if there is one; the exit code: 0 if every promise held."""
    table = Table(title=title, title_justify="left", show_lines=True)
    for column in ("promise", "tried", "broken", "note"):
        table.add_column(column, justify="right" if column in ("tried", "broken") else "left")
    for outcome in outcomes:
        style = None if outcome.kept else "bold red"
        table.add_row(
            outcome.promise, str(outcome.tried), str(outcome.broken), outcome.note, style=style
        )
    Console().print(table)
    if file:
        text = json.dumps([asdict(outcome) for outcome in outcomes], indent=2, ensure_ascii=False)
        file.write_text(text + "\n", encoding="utf-8")
    return 0 if outcomes and all(outcome.kept for outcome in outcomes) else 1
