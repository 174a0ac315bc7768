"""A photo decoded in the decoder's process and in this one: `python -m tests.bench decoder`.

The photos are those of `bench_photo`. Both ways go over all of them in turn; between two photos
4 MB are copied, as a forward pass would use the caches. CPU counts in both processes.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import psutil

from model.photos import malloc
from model.photos.decode import decode
from model.photos.decoder import Decoder
from tests.bench.bench_photo import photos
from tests.bench.lab.measure import Measure, alternating

ROUNDS = 8
MORE_AT_MOST = 0.5  # ms
ELSEWHERE = np.zeros(1 << 20, np.float32)


def measures() -> list[Measure]:
    """What the process costs a photo, and its memory."""
    malloc.keep_ready()  # as a worker does
    what, files = photos()
    with Decoder() as decoder:
        ready = psutil.Process(decoder.pid).memory_info().rss / 1e6
        found = alternating(
            {
                "process": lambda: _cpu_ms(decoder.decode, files, decoder.pid),
                "here": lambda: _cpu_ms(decode, files, decoder.pid),
                "seconds": lambda: _seconds(decoder.decode, files),
                "seconds here": lambda: _seconds(decode, files),
            },
            ROUNDS,
        )
        after = psutil.Process(decoder.pid).memory_info().rss / 1e6
    more = found["process"] - found["here"]
    return [
        Measure.shown(f"{what}, decoded in the process", found["process"], "ms of CPU"),
        Measure.shown("  in this one", found["here"], "ms of CPU"),
        Measure.at_most("what the process costs a photo", more, "ms of CPU", limit=MORE_AT_MOST),
        Measure.shown("  by the clock", found["seconds"], "ms", against=found["seconds here"]),
        Measure.shown("the process's memory when ready", ready, "MB"),
        Measure.shown(f"  after {4 * ROUNDS * len(files)} photos", after, "MB"),
    ]


def _cpu_ms(way: Callable[[bytes], object], files: Sequence[bytes], pid: int) -> float:
    """CPU ms of both processes for one photo, on average."""
    used = 0.0
    for data in files:
        np.copyto(ELSEWHERE, ELSEWHERE[::-1])
        started, elsewhere = time.thread_time(), _on_core(pid)
        way(data)
        used += time.thread_time() - started + _on_core(pid) - elsewhere
    return 1000 * used / len(files)


def _seconds(way: Callable[[bytes], object], files: Sequence[bytes]) -> float:
    """The median of the milliseconds by the clock."""
    times = []
    for data in files:
        started = time.perf_counter()
        way(data)
        times.append(time.perf_counter() - started)
    return 1000 * statistics.median(times)


def _on_core(pid: int) -> float:
    """Seconds that the process's only thread was on a core."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
