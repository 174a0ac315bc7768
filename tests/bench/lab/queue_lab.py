"""A queue of a given size that is kept at work: what one photo costs there, all processes together.

Real Redis and real Workers, each a process; the photos are a few pixels, the classifier answers at
once and the chart is a handful of bytes, so that what is measured is the queue. The bot's side is
this process: it takes answers, remembers them as for corrections, acknowledges them, and submits
one photo for each, so the queue's length stays the same.
"""

import asyncio
import multiprocessing
import subprocess
import time
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import psutil

from bot.launcher import redis_server
from model.common.corrections.answer_record import AnswerSummary
from model.common.corrections.book import CorrectionBook
from model.common.corrections.store import KeptCorrection
from model.common.queue import keys
from model.common.queue.answer_stream import AnswerStream
from model.common.queue.backlog import Load
from model.common.queue.heartbeats import WORKERS
from model.common.queue.limits import Limits
from model.common.queue.messages import Address, Answer, PhotoJob
from model.common.queue.photo_queue import PhotoQueue
from tests.bench.bench_queue import picture, wait_for
from tests.bench.lab.queue_worker import Size, work
from tests.helpers.redis import KEYRING, connect, connect_async

TAKE = 50  # as `bot.replies.answers` does
AT_ONCE = 64  # photos submitted at the same time while the queue is filled
# Limits that are looked at, and never met.
WIDE = Limits(photos=10**9, megabytes=10**6, per_minute=10**6, waiting=10**9, seconds=10**6)

FILE_ID = "A" * 80  # as long as Telegram's are


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one photo: ms of CPU of the bot's side, the workers and Redis.

    And what it moves: bytes that Redis reads, sends and appends to its file, commands that it runs,
    those of scripts included.
    """

    bot: float
    workers: float
    redis: float
    read: float
    sent: float
    appended: float
    commands: float

    @property
    def total(self) -> float:
        """Milliseconds of CPU, all together."""
        return self.bot + self.workers + self.redis


class QueueLab:
    """A queue of a size, at rest until `measure` keeps it at work."""

    def __init__(
        self, size: Size, url: str, gate: Event, workers: Sequence[psutil.Process]
    ) -> None:
        self.size = size
        self.url = url
        self._gate = gate
        self._workers = workers
        self._runner = asyncio.Runner()
        self._redis = connect_async(url)
        self._queue = PhotoQueue(self._redis, WIDE)
        self._answers = AnswerStream(self._redis)
        self._book = CorrectionBook(self._redis)
        self._numbers = count(1)
        self._image = picture(size.photo)
        self.info = connect(url)

    @classmethod
    @contextmanager
    def of(cls, size: Size) -> Iterator[Self]:
        """A Redis with its workers, filled."""
        gate, stop = multiprocessing.Event(), multiprocessing.Event()
        with TemporaryDirectory(prefix="modista-") as folder:
            socket = Path(folder) / "redis.sock"
            url = f"unix://{socket}"
            started = subprocess.Popen(redis_server.command(socket), stdout=subprocess.DEVNULL)
            workers = [
                multiprocessing.Process(target=work, args=(url, gate, stop, size))
                for _ in range(size.workers)
            ]
            try:
                wait_for(url)
                with connect(url) as client:
                    # A rewritten file would not show how much is appended to it.
                    client.config_set("auto-aof-rewrite-percentage", 0)
                for worker in workers:
                    worker.start()
                lab = cls(size, url, gate, [psutil.Process(worker.pid) for worker in workers])
                lab._fill()
                yield lab
                lab._close()
            finally:
                stop.set()
                gate.set()
                for worker in workers:
                    worker.join()
                started.terminate()
                started.wait()

    def measure(self, photos: int) -> Cost:
        """The cost of a photo from `submit` to `done`, over `photos` photos."""
        before = self._counters()
        self._runner.run(self._keep_at_work(photos))
        after = self._counters()
        return Cost(*((after[name] - before[name]) / photos for name in before))

    def ms(self, photos: int) -> float:
        """The same, milliseconds of CPU alone."""
        return self.measure(photos).total

    def look_ms(self, looks: int) -> float:
        """Milliseconds of CPU, Redis's and the asker's, of a look as /metrics takes it."""
        before = self._counters()
        for _ in range(looks):
            Load.read(self.info)
            WORKERS.alive(self.info)
        after = self._counters()
        return sum(after[name] - before[name] for name in ("bot", "redis")) / looks

    def longest_pause_ms(self) -> float:
        """For how long at most the bot stands still while /retrain reads the corrections."""
        return 1000 * self._runner.run(self._longest_pause(self._book.kept()))

    @staticmethod
    async def _longest_pause(call: Awaitable[object]) -> float:
        task = asyncio.ensure_future(call)
        longest, last = 0.0, time.perf_counter()
        while not task.done():
            await asyncio.sleep(0.0005)
            longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
        await task  # where it failed, its error
        return longest

    def memory(self) -> int:
        """Bytes that Redis holds."""
        held: Any = self.info.info("memory")
        return int(held["used_memory"])

    def _shown(self) -> dict[bytes, bytes]:
        shown: Any = self.info.hgetall(keys.WORKERS)
        return dict(shown)

    def _fill(self) -> None:
        while len(self._shown()) < self.size.workers:
            time.sleep(0.05)
        for start in range(0, self.size.corrections, 1000):
            names = range(start, min(start + 1000, self.size.corrections))
            sealed = {
                f"{name:032x}": KEYRING.seal_record(_correction(name), keys.CORRECTIONS)
                for name in names
            }
            # As large as a sealed thumbnail; nobody opens these.
            thumbnails = {f"{name:032x}": bytes(2000) for name in names}
            self.info.hset(keys.CORRECTIONS, mapping=sealed)
            self.info.hset(keys.THUMBNAILS, mapping=thumbnails)
        self._runner.run(self._submit_all(self.size.queue))

    async def _submit_all(self, photos: int) -> None:
        left = iter(range(photos))

        async def one_after_another() -> None:
            for _ in left:
                await self._submit()

        await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))

    async def _submit(self) -> None:
        number = next(self._numbers)
        chat = 1 + number % self.size.chats
        job = PhotoJob(
            id=f"u{number}-1f3a9c04",
            address=Address(
                chat_id=chat, message_id=number, user_id=chat, language="en", file_id=FILE_ID
            ),
            image=self._image,
        )
        await self._queue.admit(job, len(job.image))
        await self._queue.submit(job)

    async def _keep_at_work(self, photos: int) -> None:
        received = 0
        self._gate.set()
        while received < photos:
            entries = await self._answers.take(TAKE, 1000)
            received += len(entries)
            await asyncio.gather(*(self._sent(entry, answer) for entry, answer in entries))
        self._gate.clear()

    async def _sent(self, entry: bytes, answer: Answer) -> None:
        answered = AnswerSummary.of(answer)
        if answered is None:
            raise RuntimeError(f"A photo was not answered: {answer.refusal}")
        await self._book.remember(answered)
        await self._answers.done(entry)
        await self._submit()

    def _counters(self) -> dict[str, float]:
        info: Any = self.info.info("all")
        times = [process.cpu_times() for process in self._workers]
        return {
            "bot": 1000 * time.process_time(),
            "workers": 1000 * sum(each.user + each.system for each in times),
            "redis": 1000 * (info["used_cpu_user"] + info["used_cpu_sys"]),
            "read": info["total_net_input_bytes"],
            "sent": info["total_net_output_bytes"],
            "appended": info["aof_current_size"],
            "commands": info["total_commands_processed"],
        }

    def _close(self) -> None:
        self._runner.run(self._redis.aclose())
        self._runner.close()
        self.info.close()


def _correction(number: int) -> KeptCorrection:
    return KeptCorrection(
        id=f"{number:032x}",
        label=number % 10,
        predicted=number % 7,
        model="instant",
        person=f"{number // 100:032x}",
        date=float(number),
    )
