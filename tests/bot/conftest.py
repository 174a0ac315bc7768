"""A running bot: the real one, on a real Redis, with the sandbox for Telegram."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from PIL import Image

from bot.app import build, running
from bot.sandbox.server import serve
from bot.sandbox.telegram import ADMIN, TOKEN, Sandbox
from bot.settings import BotSettings
from model.labels import LABELS
from model.prediction import Prediction, Verdict
from model.queue.messages import Answer, PhotoJob
from model.queue.streams import JobStream, connect


def picture(colour: str = "red", size: tuple[int, int] = (640, 480), form: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, form)
    return file.getvalue()


def prediction(verdict: Verdict = "sure", **probabilities: float) -> Prediction:
    """A prediction; classes by name, without spaces, share what is given and the rest is zero."""
    return Prediction(
        probabilities=tuple(probabilities.get(label.name, 0.0) for label in LABELS),
        garment_score=0.9,
        verdict=verdict,
        model="stand-in",
    )


@dataclass
class Worker:
    """Answers every photo with `answer`, and remembers the jobs."""

    redis_url: str
    answer: Callable[[PhotoJob], Answer] = lambda job: Answer.to(
        job, prediction=prediction(Sneaker=0.93, Sandal=0.07), picture=picture("white", form="PNG")
    )
    jobs: list[PhotoJob] = field(default_factory=list)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._work())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def _work(self) -> None:
        client = connect(self.redis_url)
        with JobStream(client, "stand-in") as stream:
            while True:
                for delivery in await asyncio.to_thread(stream.take, 8, 50, 1):
                    self.jobs.append(delivery.job)
                    stream.finish(delivery, self.answer(delivery.job))


@dataclass
class Parts:
    """What a test has in hand."""

    sandbox: Sandbox
    settings: BotSettings
    worker: Worker

    @asynccontextmanager
    async def bot(self, **options: Any) -> AsyncIterator[Any]:
        """The bot, running for as long as the context lasts."""
        async with running(build(self.settings, **options), self.settings.admin_ids) as application:
            yield application


@pytest.fixture
async def parts(redis_url: str) -> AsyncIterator[Parts]:
    """The sandbox is up; the bot and the worker are not yet."""
    async with serve(Sandbox(), port=0) as (sandbox, url):
        values: dict[str, Any] = {
            "_env_file": None,
            "telegram_token": TOKEN,
            "telegram_api_url": url,
            "redis_url": redis_url,
            "admin_ids": str(ADMIN.id),
        }
        yield Parts(sandbox, BotSettings(**values), Worker(redis_url))


@pytest.fixture
async def served(parts: Parts) -> AsyncIterator[Parts]:
    """Everything is up."""
    async with parts.worker.working(), parts.bot():
        yield parts
