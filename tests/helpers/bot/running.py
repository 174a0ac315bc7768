"""The parts of a running bot: the real one, the sandbox for Telegram, a stand-in worker."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.app import Modista, build
from bot.lifecycle import running
from bot.sandbox.server import serve
from bot.settings import BotSettings
from model.common.labels import LABELS
from model.common.prediction import Prediction, Verdict
from model.common.queue.job_stream import JobStream
from model.common.queue.messages import Answer, PhotoJob
from tests.helpers.bot.sandbox import ADMIN, GUEST, TOKEN, Sandbox
from tests.helpers.photos import picture
from tests.helpers.redis import connect


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
        stopping = asyncio.Event()
        task = asyncio.create_task(self._work(stopping))
        try:
            yield
        finally:
            # Not cancelled: the read in its thread would still take a photo, and lose it.
            stopping.set()
            await task

    async def _work(self, stopping: asyncio.Event) -> None:
        client = connect(self.redis_url)
        with JobStream(client, "stand-in") as stream:
            while not stopping.is_set():
                for delivery in await asyncio.to_thread(stream.take, 8, 50):
                    self.jobs.append(delivery.job)
                    stream.finish(delivery, self.answer(delivery.job))


@dataclass
class Parts:
    """The objects that a test works with."""

    sandbox: Sandbox
    settings: BotSettings
    worker: Worker

    def bot(self, **settings: Any) -> AbstractAsyncContextManager[Modista]:
        """The bot, running for as long as the context lasts; with these settings changed."""
        changed = self.settings.model_copy(update=settings)
        return running(build(changed), changed)

    async def send_photo(self, data: bytes | None = None, who: int = GUEST.id, **more: Any) -> int:
        """Somebody sends a photo: the message's number."""
        message = await self.sandbox.send_photo(who, data or picture(), **more)
        return int(message["message_id"])

    async def reply(self, number: int, who: int = GUEST.id, **more: Any) -> dict[str, Any]:
        """The bot's reply to this message, once it is there."""
        return await self.sandbox.reply_to(who, number, **more)

    async def said(self, number: int, who: int = GUEST.id, **more: Any) -> str:
        """The text or caption of the bot's reply to this message."""
        message = await self.reply(number, who, **more)
        return str(message.get("text") or message.get("caption"))

    def from_bot(self, who: int = GUEST.id) -> list[dict[str, Any]]:
        """Everything that the bot wrote to this person."""
        return [message for message in self.sandbox.messages(who) if message["from"]["is_bot"]]


@asynccontextmanager
async def assembled(redis_url: str, **settings: Any) -> AsyncIterator[Parts]:
    """The sandbox is up; the bot and the worker are not yet."""
    async with serve(Sandbox(), port=0) as (sandbox, url):
        values: dict[str, Any] = {
            "_env_file": None,
            "telegram_token": TOKEN,
            "telegram_api_url": url,
            "redis_url": redis_url,
            "admin_ids": str(ADMIN.id),
        }
        yield Parts(sandbox, BotSettings(**values | settings), Worker(redis_url))
