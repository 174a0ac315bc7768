"""`python -m tests.bench [NAME…] [--json FILE]`: measures what a photo costs, and what else does.

Each bench is a module of its own with a function `measures`, and runs in a process of its own:
TensorFlow is told once how many threads it has, and a process's memory is its own.
"""

import os
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from tests.bench.lab.measure import Measure, read, show, write

# The name of each, its module in this folder, and what it measures.
BENCHES = {
    "worker": ("bench_worker", "a photo in the worker"),
    "decoder": ("pictures.bench_decoder", "decoding in a process of its own"),
    "start": ("bench_start", "start and memory"),
    "bot": ("bench_bot", "a photo in the bot"),
    "sandbox": ("bench_sandbox", "end to end through the sandbox"),
    "scaling": ("bench_scaling", "cost per photo as things grow"),
    "exercise": ("training.bench_exercise", "training the original network"),
    "learning": ("training.bench_learning", "/retrain, stage by stage"),
}


def main(
    names: Annotated[list[str] | None, typer.Argument(help="Which; all without.")] = None,
    *,
    json: Annotated[Path, typer.Option(help="Where the measures go.")] = Path("bench.json"),
    alone: Annotated[bool, typer.Option(hidden=True, help="In this process.")] = False,
) -> None:
    """Measure, print a table, write the measures."""
    chosen = names or list(BENCHES)
    if unknown := [name for name in chosen if name not in BENCHES]:
        raise SystemExit(f"There is no bench {unknown[0]!r}: choose of {', '.join(BENCHES)}.")
    if alone:
        write([each for name in chosen for each in _measures(name)], json)
        return
    found: list[Measure] = []
    failed = []
    for name in chosen:
        print(f"{name} …", end=" ", flush=True, file=sys.stderr)
        started = time.monotonic()
        with TemporaryDirectory(prefix="modista-bench-") as folder:
            file = Path(folder) / "measures.json"
            command = [sys.executable, "-m", "tests.bench", name, "--alone", "--json", str(file)]
            environment = {"TF_CPP_MIN_LOG_LEVEL": "3"} | dict(os.environ)
            # The others are still to be measured.
            if subprocess.run(command, env=environment, check=False).returncode:
                failed.append(name)
            else:
                measures = read(file)
                # At once: the next may take long, and somebody may end it.
                show(measures, title=BENCHES[name][1])
                found += measures
        print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
    if len(chosen) > 1:
        show(found, title="What it costs")
    write(found, json)
    if failed:
        raise SystemExit(f"Not measured: {', '.join(failed)}.")


def _measures(name: str) -> list[Measure]:
    measures: list[Measure] = import_module(f"tests.bench.{BENCHES[name][0]}").measures()
    return measures


if __name__ == "__main__":
    typer.run(main)
