"""The worker's cost of one photo: `python -m tests.bench worker`.

The real worker, `python -m model worker` with a real Redis, both processes of their own: photos go
into the queue as the bot submits them, and come out as answers with their charts. Next to it, in
this process and on as many threads,

- the floor: the same photos decoded, a forward pass of the compiled network over a picture that
  lies ready, and the JPEG of one chart that is drawn already, by the
  same encoder;
- the exercise's own way in a handler, with the same network: Pillow's open and resize,
  `model.predict` of one picture, `plt.figure`, `plt.bar`, `savefig`.

CPU time is that of all threads of the processes named.
"""

import asyncio
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count, cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import psutil

from bot.launcher import redis_server
from model.common.health import OFFSETS
from model.common.queue import keys
from model.common.queue.answer_stream import AnswerStream
from model.common.queue.messages import Address, PhotoJob
from model.common.queue.photo_queue import PhotoQueue
from tests.bench.bench_photo import photos
from tests.bench.bench_queue import UNLIMITED, wait_for
from tests.bench.lab.bare_worker import Baselines
from tests.bench.lab.measure import Measure, alternating
from tests.faults.lab.programs import ROOT
from tests.helpers.endpoints import free_port, get
from tests.helpers.redis import KEY, connect, connect_async

PHOTOS = 128  # in a round
ROUNDS = 5
CEILING = 30  # messages that Telegram lets a bot send in a second
SLOWLY = 5  # photos a second, each alone
ALBUM = 10  # photos in one

FILE_ID = "A" * 80  # as long as Telegram's are


class BenchWorker:
    """A Redis and a worker, ready; photos go in and answers come out."""

    def __init__(self, url: str, worker: psutil.Process, redis: psutil.Process, port: int) -> None:
        self.processes = {"worker": worker, "redis": redis}
        self._port = port
        self._runner = asyncio.Runner()
        self._client = connect_async(url)
        self._queue = PhotoQueue(self._client, UNLIMITED)
        self._answers = AnswerStream(self._client)
        self._files = cycle(photos()[1])
        self._numbers = count(1)

    @classmethod
    @contextmanager
    def started(cls) -> Iterator[Self]:
        """Redis and a worker that is ready, for as long as the context lasts."""
        with TemporaryDirectory(prefix="modista-") as folder, redis_in(Path(folder)) as redis:
            (url, redis_id), port = redis, free_port()
            with worker_on(url, Path(folder), port) as process:
                wait_until_ready(url, process)
                bench = cls(url, psutil.Process(process.pid), psutil.Process(redis_id), port)
                yield bench
                bench._runner.run(bench._client.aclose())
                bench._runner.close()

    def cpu(self, photos: int, per_second: float = 0.0, album: int = 1) -> dict[str, float]:
        """Milliseconds of CPU of each process for one of `photos` photos.

        All at once, or `album` at a time at a given rate.
        """
        before = self._seconds()
        self._runner.run(self._send(photos, per_second, album))
        after = self._seconds()
        self._runner.run(self._drain(photos))
        return {name: 1000 * (after[name] - before[name]) / photos for name in before}

    def waits(self, photos: int, per_second: float, album: int = 1) -> list[float]:
        """Seconds from a photo's submission to its answer in the stream."""
        self._runner.run(self._send(photos, per_second, album))
        return self._runner.run(self._drain(photos))

    def batches(self) -> dict[int, int]:
        """How many batches of each size there were so far."""
        _, text = get(self._port, "/metrics")
        sizes: dict[int, int] = {}
        below = 0
        for size in range(1, 9):
            up_to = _value(text, f'modista_batch_photos_bucket{{le="{size:.1f}"}}')
            sizes[size], below = up_to - below, up_to
        return sizes

    def _seconds(self) -> dict[str, float]:
        return {
            name: sum(
                each.cpu_times().user + each.cpu_times().system
                for each in (process, *process.children())  # a worker's decoder
            )
            for name, process in self.processes.items()
        }

    async def _send(self, photos: int, per_second: float, album: int) -> None:
        """Submit `photos` photos and wait until all are answered."""
        started = time.monotonic()
        for first in range(0, photos, album):
            if per_second:
                due = started + first / per_second
                await asyncio.sleep(max(0.0, due - time.monotonic()))
            for _ in range(min(album, photos - first)):
                await self._queue.submit(self._job())
        # Nothing tells when an answer is there but the answers' group, which is `_drain`'s.
        while await self._client.xlen(keys.ANSWERS) < photos:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    async def _drain(self, photos: int) -> list[float]:
        waits: list[float] = []
        while len(waits) < photos:
            for entry_id, answer in await self._answers.take(50, 1000):
                if answer.prediction is None:
                    raise RuntimeError(f"A photo was not answered: {answer.refusal}")
                written = int(entry_id.split(b"-")[0]) / 1000  # Redis's clock, this machine's
                waits.append(written - answer.sent_at)
                await self._answers.done(entry_id)
        return waits

    def _job(self) -> PhotoJob:
        number = next(self._numbers)
        return PhotoJob(
            id=f"u{number}-1f3a9c04",
            address=Address(
                chat_id=number, message_id=number, user_id=number, language="en", file_id=FILE_ID
            ),
            image=next(self._files),
        )


def measures() -> list[Measure]:
    """The worker against the exercise's way and the floor; what it costs, and waits, at paces."""
    baselines = Baselines()
    with BenchWorker.started() as worker:
        worker.cpu(PHOTOS)  # which fills caches
        at_once: list[dict[str, float]] = []
        floors: list[dict[str, float]] = []

        def ours() -> float:
            at_once.append(worker.cpu(PHOTOS))
            return at_once[-1]["worker"]

        def floor() -> float:
            floors.append(baselines.floor())
            return sum(floors[-1].values())

        found = alternating({"ours": ours, "floor": floor, "exercise": baselines.exercise}, ROUNDS)
        redis = statistics.median(each["redis"] for each in at_once[1:])
        return [
            Measure.at_least(
                "photos/s per core, bytes in to answer out, worker and Redis, against the exercise",
                1000 / (found["ours"] + redis),
                "/s",
                against=1000 / found["exercise"],
                times=17,
            ),
            Measure.at_most(
                "CPU per photo in the worker, many waiting, against the floor",
                found["ours"],
                "ms",
                against=found["floor"],
                times=1.8,
                limit=7,
            ),
            *(
                Measure.shown(f"  of the floor: {step}", _median(floors, step), "ms")
                for step in ("decode", "forward", "jpeg")
            ),
            Measure.shown("  of Redis, against the worker's", redis, "ms"),
            *_at_paces(worker, baselines),
        ]


def _at_paces(worker: BenchWorker, baselines: Baselines) -> Iterator[Measure]:
    before = worker.batches()
    number = CEILING * 4
    pairs = [
        (worker.cpu(number, CEILING)["worker"], baselines.floor_at(CEILING, number))
        for _ in range(3)
    ]
    cpu, floor = zip(*pairs, strict=True)
    sizes = _since(before, worker.batches())
    yield Measure.at_most(
        f"CPU per photo in the worker, {CEILING} a second, against the floor at that pace",
        statistics.median(cpu),
        "ms",
        against=statistics.median(floor),
        times=1.8,
        limit=8.5,
    )
    mean = number * len(pairs) / sum(sizes.values())
    yield Measure.shown(f"  photos in a batch, {CEILING} a second", mean, "")
    for name, photos_, per_second, album in (
        (f"{SLOWLY} a second", 40, SLOWLY, 1),
        (f"{CEILING} a second", 120, CEILING, 1),
        (f"{CEILING} a second in albums of {ALBUM}", 120, CEILING, ALBUM),
    ):
        waits = worker.waits(photos_, per_second, album)
        median = 1000 * statistics.median(waits)
        yield Measure.shown(f"from the queue to the answer, {name}: median", median, "ms")


def wait_until_ready(url: str, worker: "subprocess.Popen[bytes]") -> None:
    """Return once the worker shows itself. Raises RuntimeError if it ends instead."""
    with connect(url) as client:
        while not client.hlen(keys.WORKERS):
            if worker.poll() is not None:
                raise RuntimeError("The worker ended before it was ready.")
            time.sleep(0.02)


@contextmanager
def redis_in(folder: Path) -> Iterator[tuple[str, int]]:
    """A Redis server's URL and process id."""
    socket = folder / "redis.sock"
    with subprocess.Popen(redis_server.command(socket), stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(url := f"unix://{socket}")
            yield url, process.pid
        finally:
            process.terminate()


@contextmanager
def worker_on(url: str, folder: Path, port: int = 0) -> Iterator["subprocess.Popen[bytes]"]:
    """`python -m model worker`, not ready yet; its log goes to FOLDER/worker.log."""
    settings = {"REDIS_URL": url, "LOG_LEVEL": "INFO", "PYTHONPATH": str(ROOT)}
    settings["DATA_KEY"] = KEY
    settings["HEALTH_PORT"] = str(max(0, port - OFFSETS["worker"]))
    environment = dict(os.environ) | settings
    command = [sys.executable, "-m", "model", "worker"]
    with (
        (folder / "worker.log").open("wb") as log,
        subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()


def _value(text: str, name: str) -> int:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return int(float(found[1])) if found else 0


def _since(before: dict[int, int], after: dict[int, int]) -> dict[int, int]:
    return {size: number - before[size] for size, number in after.items()}


def _median(rounds: Sequence[dict[str, float]], name: str) -> float:
    return statistics.median(each[name] for each in rounds)
