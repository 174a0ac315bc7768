"""Photos per second through the queue: `python -m tests.bench.bench_queue`.

What the queue costs by itself: real Redis, real Worker, but a picture of a few pixels, a classifier
that answers at once and a chart that is not drawn. One process submits as the bot does, `--workers`
processes answer, and the answers are taken and acknowledged as by the bot. Prints one line.
"""

import argparse
import asyncio
import io
import multiprocessing
import subprocess
import time
from collections.abc import Sequence
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import TemporaryDirectory

import redis
from PIL import Image

from bot.launcher import redis_server
from model.common.prediction import Prediction
from model.common.queue.answer_stream import AnswerStream
from model.common.queue.limits import Limits
from model.common.queue.messages import Address, PhotoJob
from model.common.queue.photo_queue import PhotoQueue
from model.serving.worker import Worker
from tests.helpers.redis import connect, connect_async

# One person sends them all, as fast as they are taken: most wait behind the front of the queue.
UNLIMITED = Limits(photos=1_000_000, megabytes=1_000_000, per_minute=0, waiting=0, seconds=0)
AT_ONCE = 64  # submits in flight, as many chats send at the same time


class InstantClassifier:
    """Answers at once."""

    version = "instant"
    batch_size = 8

    def warm_up(self) -> None:
        """Nothing to do."""

    def classify(self, images: Sequence[Image.Image]) -> list[Prediction]:
        """The same for every image."""
        probabilities = (0.1,) * 10
        return [
            Prediction(
                probabilities=probabilities, garment_score=1.0, verdict="sure", model="instant"
            )
        ] * len(images)


class BlankChart:
    """Bytes of a chart's usual size."""

    def draw(
        self, prediction: Prediction, photo: Image.Image, language: str, *, truth: int | None = None
    ) -> bytes:
        """No drawing."""
        return bytes(30_000)

    tile = draw


def work(url: str, stop: Event) -> None:
    """A worker's process."""
    Worker(connect(url), InstantClassifier(), BlankChart(), stopping=stop.is_set).run()


async def send(queue: PhotoQueue, photos: int, image: bytes) -> None:
    """Submit all photos, as from many chats at the same time."""
    numbers = iter(range(photos))

    async def one_chat() -> None:
        for number in numbers:
            job = PhotoJob(
                id=str(number),
                address=Address(chat_id=1, message_id=number, user_id=1, language="en"),
                image=image,
            )
            await queue.submit(job)

    await asyncio.gather(*(one_chat() for _ in range(AT_ONCE)))


async def receive(stream: AnswerStream, photos: int) -> None:
    """Take and acknowledge all answers."""
    received = 0
    while received < photos:
        for entry_id, _ in await stream.take(50, 1000):
            await stream.done(entry_id)
            received += 1


async def measure(url: str, photos: int, image: bytes) -> float:
    """Seconds from the first photo's submission to the last answer's acknowledgement."""
    client = connect_async(url)
    started = time.perf_counter()
    await asyncio.gather(
        send(PhotoQueue(client, UNLIMITED), photos, image),
        receive(AnswerStream(client), photos),
    )
    seconds = time.perf_counter() - started
    await client.aclose()
    return seconds


def wait_for(url: str) -> None:
    """Return once the server answers."""
    with connect(url) as client:
        while True:
            try:
                client.ping()
                return
            except redis.ConnectionError:
                time.sleep(0.05)


def picture(size: int) -> bytes:
    """A small JPEG, filled up to `size` bytes as a photo from Telegram has them."""
    file = io.BytesIO()
    Image.new("RGB", (32, 32), "navy").save(file, "JPEG")
    return file.getvalue().ljust(size, b"\0")


def main() -> None:
    """Start a Redis and the workers, measure, end both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--bytes", type=int, default=20_000, help="size of one photo")
    parser.add_argument("--fsync", default="always", help="Redis's appendfsync")
    arguments = parser.parse_args()
    with TemporaryDirectory(prefix="modista-") as folder:
        socket = Path(folder) / "redis.sock"
        command = redis_server.command(socket, append_fsync=arguments.fsync)
        redis_process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        url = f"unix://{socket}"
        wait_for(url)
        stop = multiprocessing.Event()
        workers = [
            multiprocessing.Process(target=work, args=(url, stop)) for _ in range(arguments.workers)
        ]
        for worker in workers:
            worker.start()
        seconds = asyncio.run(measure(url, arguments.photos, picture(arguments.bytes)))
        stop.set()
        for worker in workers:
            worker.join()
        redis_process.terminate()
        redis_process.wait()
    print(
        f"{arguments.photos} photos of {arguments.bytes} bytes, {arguments.workers} worker(s): "
        f"{seconds:.1f} s, {arguments.photos / seconds:.0f} photos/s"
    )


if __name__ == "__main__":
    main()
