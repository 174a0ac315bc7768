"""Bad input, by the ten thousand: `python -m tests.fuzz`, from the project's folder.

Files that were made to do harm, pictures as large as they may be, and damaged ones of every format,
each through what the worker does with a photo, in a process that is watched from outside. Prints a
table of promises; the exit code is 1 where one of them breaks.
"""

import argparse
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from model.photos.formats import FORMATS
from tests.experiments import Outcome, report
from tests.fuzz.corpus import Input, inputs
from tests.fuzz.watching import Fate, Watched

INPUTS = 20_000
SECONDS = 1.0
TICK = 0.05  # the decoder is ended after SECONDS, at the system's next look
MEGABYTES = 512
SHOWN = 5  # broken inputs, in the note of a promise

ANSWERED = "ends in an answer or a named refusal"
IN_TIME = f"within {SECONDS:.0f} s of a core"
IN_MEMORY = f"within {MEGABYTES} MB for the decoder's process"
ALIVE = "the worker's process lives"
LISTED = "only the formats on the short list are opened"


@dataclass(slots=True)
class Sort:
    """Results for one sort of input. `slowest` and `largest` are the names."""

    count: int = 0
    images: int = 0
    refused: int = 0
    cpu: float = 0.0
    peak: int = 0
    slowest: str = ""
    largest: str = ""

    def add(self, each: Input, fate: Fate) -> None:
        """Count one more."""
        self.count += 1
        self.images += fate.ended == "image"
        self.refused += fate.ended in ("unreadable", "too_large")
        if fate.cpu > self.cpu:
            self.cpu, self.slowest = fate.cpu, each.name
        if fate.peak > self.peak:
            self.peak, self.largest = fate.peak, each.name


@dataclass(slots=True)
class Findings:
    """All that was seen: by sort, and which inputs broke which promise."""

    count: int = 0
    tried_again: int = 0
    sorts: dict[str, Sort] = field(default_factory=dict)
    broken: dict[str, list[str]] = field(
        default_factory=lambda: {
            promise: [] for promise in (ANSWERED, IN_TIME, IN_MEMORY, ALIVE, LISTED)
        }
    )

    def add(self, each: Input, fate: Fate) -> list[str]:
        """Take one more into account; the promises that it broke."""
        self.count += 1
        self.tried_again += fate.tries > 1
        self.sorts.setdefault(each.sort, Sort()).add(each, fate)
        kept = {
            ANSWERED: fate.answered,
            IN_TIME: fate.alive and fate.cpu <= SECONDS + TICK,
            IN_MEMORY: fate.alive and fate.peak <= MEGABYTES,
            ALIVE: fate.alive,
            LISTED: set(fate.opened) <= set(FORMATS),
        }
        broken = [promise for promise, held in kept.items() if not held]
        for promise in broken:
            self.broken[promise].append(f"{each.name} ({fate.ended})")
        return broken

    def outcomes(self) -> list[Outcome]:
        """A row for each promise."""
        return [
            Outcome(promise, self.count, len(names), self._note(promise, names))
            for promise, names in self.broken.items()
        ]

    def _note(self, promise: str, names: Sequence[str]) -> str:
        sorts = self.sorts.values()
        notes = []
        if promise == ANSWERED:
            images, refused = (
                sum(getattr(s, what) for s in sorts) for what in ("images", "refused")
            )
            notes.append(f"{images:,} answers, {refused:,} refusals")
        elif promise == IN_TIME and self.sorts:
            worst = max(sorts, key=lambda sort: sort.cpu)
            notes.append(
                f"CPU time, as machines are shared; the longest: {worst.cpu:.2f} s, {worst.slowest}"
            )
            notes.append(f"{self.tried_again} took longer at first, and were tried again")
        elif promise == IN_MEMORY and self.sorts:
            worst = max(sorts, key=lambda sort: sort.peak)
            notes.append(f"the most: {worst.peak} MB, {worst.largest}")
        elif promise == LISTED:
            notes.append(", ".join(FORMATS))
        return "; ".join([*notes, *names[:SHOWN]])


def run(files: Iterable[Input], total: int, keep: Path | None, console: Console) -> Findings:
    """Send all of them, showing how far it is; those that break a promise are saved in `keep`."""
    findings = Findings()
    with Watched() as watched, Progress(console=console, transient=True) as progress:
        task = progress.add_task("starting", total=total)
        for each in files:
            progress.update(task, description=f"{each.sort}".ljust(16))
            broken = findings.add(each, watched.calm_fate(each.data, SECONDS))
            progress.advance(task)
            if not console.is_terminal and findings.count % 1000 == 0:
                console.print(f"{findings.count:,} of {total:,}")
            if broken:
                console.print(f"[red]broken[/]: {each.sort}, {each.name}: {', '.join(broken)}")
                if keep:
                    keep.mkdir(parents=True, exist_ok=True)
                    name = re.sub(r"[^\w.,-]+", "-", f"{each.sort}-{each.name}")[:100]
                    (keep / name).write_bytes(each.data)
    return findings


def show(findings: Findings, console: Console) -> None:
    """The table of what each sort of input took."""
    table = Table(title="What they took", title_justify="left")
    for column in ("sort", "inputs", "answers", "refusals", "longest, s", "most, MB"):
        table.add_column(column, justify="left" if column == "sort" else "right")
    table.add_column("the longest", overflow="fold")
    for name, sort in findings.sorts.items():
        numbers = (sort.count, sort.images, sort.refused, f"{sort.cpu:.2f}", sort.peak)
        table.add_row(name, *map(str, numbers), sort.slowest)
    console.print(table)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=INPUTS, help="how many (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="other damages with another number")
    parser.add_argument("--json", type=Path, help="write the outcomes there as well")
    parser.add_argument("--keep", type=Path, help="a folder for the inputs that break a promise")
    chosen = parser.parse_args(arguments)
    console = Console()
    files = inputs(chosen.inputs, chosen.seed)
    findings = run(files, chosen.inputs, chosen.keep, console)
    show(findings, console)
    return report(findings.outcomes(), chosen.json, title="Bad input")


if __name__ == "__main__":
    raise SystemExit(main())
