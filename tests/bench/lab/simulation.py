"""A simulation of waiting times: `python -m tests.bench.lab.simulation --rate 1000`.

A simulation, for what two cores cannot run. Photos come at random (a Poisson process) or in albums;
a worker that is free takes what waits, eight at most, as `JobStream.take` does, and holds the batch
for as long as that many photos cost. Redis and the network are left out: they take little.
"""

import argparse
import heapq
import random
from collections import deque

from tests.bench.lab.measure import quantile

BATCH = 8
SECONDS = 60.0  # simulated
SHOWN = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))


def waits(
    rate: float, workers: int, photo_ms: float, *, album: int = 1, seed: int = 7
) -> list[float]:
    """Seconds from each photo's arrival to its answer, at `rate` photos a second.

    `album` photos come at the same moment. A batch of n takes n times `photo_ms`: each worker has a
    core of its own.
    """
    chance = random.Random(seed)
    free = [(0.0, number) for number in range(workers)]  # when each is free, the earliest first
    found: list[float] = []
    coming: deque[float] = deque()
    at = 0.0
    while at < SECONDS:
        at += chance.expovariate(rate / album)
        coming.extend([at] * album)
    while coming:
        ready, number = heapq.heappop(free)
        start = max(ready, coming[0])
        batch: list[float] = []
        while coming and coming[0] <= start and len(batch) < BATCH:
            batch.append(coming.popleft())
        done = start + len(batch) * photo_ms / 1000
        found += [done - arrived for arrived in batch]
        heapq.heappush(free, (done, number))
    return found


def enough(rate: float, photo_ms: float, *, within: float, album: int = 1) -> int:
    """The fewest workers with which 95 of 100 photos are answered `within` seconds."""
    workers = int(rate * photo_ms / 1000) + 1  # with fewer, the queue grows for ever
    while quantile(waits(rate, workers, photo_ms, album=album), 0.95) > within:
        workers += 1
    return workers


def main() -> None:
    """Print the fewest workers, and what waits are like with them and with one more."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=float, required=True, help="photos a second")
    parser.add_argument("--photo-ms", type=float, default=10, help="a worker's time for one")
    parser.add_argument("--album", type=int, default=1, help="photos that come at once")
    parser.add_argument("--within", type=float, default=0.5, help="seconds, for 95 of 100")
    asked = parser.parse_args()
    fewest = enough(asked.rate, asked.photo_ms, within=asked.within, album=asked.album)
    for workers in (fewest, fewest + 1):
        found = waits(asked.rate, workers, asked.photo_ms, album=asked.album)
        times = ", ".join(f"{name} {1000 * quantile(found, share):.0f} ms" for name, share in SHOWN)
        print(f"{asked.rate:g} photos/s, {workers} worker(s): {times}")


if __name__ == "__main__":
    main()
