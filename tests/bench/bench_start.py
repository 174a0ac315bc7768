"""From the start to ready, and memory: `python -m tests.bench start`.

A program's start is the time from its process's to the moment in which it can do its work, beside
that of a Python that only imports the largest library which the program needs. Both are started in
turn, once before it counts, so that their files lie in the system's memory. Memory is what the
system counts as resident, code that several processes share included.
"""

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from tests.bench import bench_start_bot
from tests.bench.bench_worker import BenchWorker, redis_in, wait_until_ready, worker_on
from tests.bench.lab.measure import Measure, alternating

ROUNDS = 5
PHOTOS = 500
MEGABYTE = 1_000_000


def measures() -> list[Measure]:
    """The worker, then the bot."""
    return [*_of_the_worker(), *bench_start_bot.measures()]


def imported(library: str) -> float:
    """Seconds that a Python takes which imports the library and ends."""
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", f"import {library}"], check=True, capture_output=True)
    return time.monotonic() - started


def megabytes(process: psutil.Process) -> float:
    """What it has in memory, a worker's decoder included."""
    processes = (process, *process.children())
    return float(sum(each.memory_info().rss for each in processes)) / MEGABYTE


def _of_the_worker() -> list[Measure]:
    seconds = alternating(
        {"ready": _worker_ready, "import": lambda: imported("tensorflow")}, ROUNDS
    )
    with BenchWorker.started() as worker:
        process = worker.processes["worker"]
        when_ready = megabytes(process)
        worker.cpu(PHOTOS)
        after = megabytes(process)
    return [
        Measure.at_most(
            "worker: from start to ready, beside `import tensorflow` + 2 s",
            seconds["ready"],
            "s",
            against=seconds["import"] + 2,
            times=1,
        ),
        Measure.shown("  of it `import tensorflow` alone", seconds["import"], "s"),
        Measure.at_most("worker: memory when ready", when_ready, "MB", limit=700),
        Measure.at_most(f"worker: memory after {PHOTOS} photos", after, "MB", limit=700),
    ]


def _worker_ready() -> float:
    """Seconds from a worker's start until it shows itself."""
    with TemporaryDirectory(prefix="modista-") as folder, redis_in(Path(folder)) as (url, _):
        started = time.monotonic()
        with worker_on(url, Path(folder)) as process:
            wait_until_ready(url, process)
            return time.monotonic() - started
