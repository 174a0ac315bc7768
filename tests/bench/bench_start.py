"""From the start to ready, and memory: `python -m tests.bench start`.

A program's start is the time from its process's to the moment in which it can do its work; the
bot's is compared with a Python that only imports the largest library it needs. All are
started in turn, once before it counts, so that their files lie in the system's memory. Memory is
what the system counts as resident, code that several processes share included.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from tests.bench import bench_start_bot
from tests.bench.bench_photo import photos
from tests.bench.bench_worker import BenchWorker, redis_in, wait_until_ready, worker_on
from tests.bench.lab.measure import Measure, alternating
from tests.faults.lab.programs import ROOT

ROUNDS = 5
PHOTOS = 500
MEGABYTE = 1_000_000


def measures() -> list[Measure]:
    """The worker, then the bot."""
    return [*_of_the_worker(), *bench_start_bot.measures()]


def megabytes(process: psutil.Process) -> float:
    """What it has in memory, a worker's decoder included."""
    processes = (process, *process.children())
    return float(sum(each.memory_info().rss for each in processes)) / MEGABYTE


def _of_the_worker() -> list[Measure]:
    with TemporaryDirectory(prefix="modista-") as folder:
        photo = Path(folder) / "photo.jpg"
        photo.write_bytes(photos()[1][0])
        found = alternating(
            {
                "ready": _worker_ready,
                "classify": lambda: _classified(photo)[0],
                "megabytes": lambda: _classified(photo)[1],
            },
            ROUNDS,
        )
    with BenchWorker.started() as worker:
        process = worker.processes["worker"]
        when_ready = megabytes(process)
        worker.cpu(PHOTOS)
        after = megabytes(process)
    return [
        Measure.at_most("worker: from start to ready", found["ready"], "s", limit=1.5),
        Measure.at_most("worker: memory when ready", when_ready, "MB", limit=150),
        Measure.at_most(f"worker: memory after {PHOTOS} photos", after, "MB", limit=180),
        Measure.at_most("`classify` of one photo", found["classify"], "s", limit=1.5),
        Measure.at_most("`classify`: memory at most", found["megabytes"], "MB", limit=180),
    ]


def _classified(photo: Path) -> tuple[float, float]:
    """Seconds and most megabytes of `python -m model classify`."""
    command = [sys.executable, "-m", "model", "classify", str(photo)]
    started = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        _, code, used = os.wait4(process.pid, 0)
        process.returncode = code
    if code:
        raise RuntimeError("classify failed.")
    # Linux counts in KiB.
    return time.monotonic() - started, used.ru_maxrss * 1024 / MEGABYTE


def _worker_ready() -> float:
    """Seconds from a worker's start until it shows itself."""
    with TemporaryDirectory(prefix="modista-") as folder, redis_in(Path(folder)) as (url, _):
        started = time.monotonic()
        with worker_on(url, Path(folder)) as process:
            wait_until_ready(url, process)
            return time.monotonic() - started
