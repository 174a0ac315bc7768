"""A measure: what was found, what it is compared with, what it should be; and how to find it.

Machines are noisy and not alike, so both sides of a comparison are measured in one run, in turn,
and their medians are compared.
"""

import json
import math
import operator
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure. `value` and `against`, what it is compared with, are in the same `unit`.

    `ratio` is value / against, and `target` says in words what one of them should be. `met` is None
    if there is no target: a figure that explains another.
    """

    measure: str
    value: float
    unit: str
    against: float | None = None
    ratio: float | None = None
    target: str = ""
    met: bool | None = None

    @classmethod
    def at_most(cls, measure: str, value: float, unit: str, **target: float | None) -> Self:
        """A figure that should be at most `limit`, and at most `times` that `against`."""
        return cls._targeted("≤", measure, value, unit, **target)

    @classmethod
    def at_least(cls, measure: str, value: float, unit: str, **target: float | None) -> Self:
        """A figure that should be at least `limit`, and at least `times` that `against`."""
        return cls._targeted("≥", measure, value, unit, **target)

    @classmethod
    def _targeted(
        cls,
        sign: str,
        measure: str,
        value: float,
        unit: str,
        *,
        limit: float | None = None,
        against: float | None = None,
        times: float | None = None,
    ) -> Self:
        holds = operator.le if sign == "≤" else operator.ge
        ratio = _ratio(value, against)
        wanted, met = [], True
        if times is not None:
            wanted.append(f"{sign} {times:g} ×")
            met = ratio is not None and holds(ratio, times)
        if limit is not None:
            wanted.append(f"{sign} {limit:g} {unit}")
            met = met and holds(value, limit)
        return cls(measure, value, unit, against, ratio, ", ".join(wanted), met)

    @classmethod
    def shown(cls, measure: str, value: float, unit: str, *, against: float | None = None) -> Self:
        """A figure without a target, such as a part of another."""
        return cls(measure, value, unit, against, _ratio(value, against))


def alternating(sides: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median of each side's results over `rounds` rounds of calling all in turn.

    One round goes before, to warm up.
    """
    found: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, side in sides.items():
            figure = side()
            if number:
                found[name].append(figure)
    return {name: statistics.median(figures) for name, figures in found.items()}


def cpu_ms(action: Callable[[], object], times: int = 1) -> float:
    """Milliseconds of CPU, of all threads of this process, that one call takes on average."""
    started = time.process_time()
    for _ in range(times):
        action()
    return 1000 * (time.process_time() - started) / times


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def write(measures: Sequence[Measure], file: Path) -> None:
    """Write the measures as a JSON list."""
    text = json.dumps([asdict(each) for each in measures], indent=2, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")


def read(file: Path) -> list[Measure]:
    """Read what `write` wrote."""
    values: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return [Measure(**each) for each in values]


def show(measures: Sequence[Measure], *, title: str) -> None:
    """Print a table."""
    table = Table(title=title, title_justify="left")
    table.add_column("measure", ratio=3)
    for column in ("value", "against", "ratio", "target"):
        table.add_column(column, justify="right", no_wrap=column != "target")
    table.add_column("met")
    for each in measures:
        against = "" if each.against is None else _figure(each.against, each.unit)
        ratio = "" if each.ratio is None else f"{each.ratio:.2f}"
        met = {None: "", True: "yes", False: "no"}[each.met]
        style = "bold red" if each.met is False else None
        value = _figure(each.value, each.unit)
        table.add_row(each.measure, value, against, ratio, each.target, met, style=style)
    Console().print(table)


def _ratio(value: float, against: float | None) -> float | None:
    return value / against if against else None


def _figure(value: float, unit: str) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f} {unit}".strip()
