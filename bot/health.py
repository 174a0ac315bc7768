"""The bot's health: its polls and tasks, with gauges of the queue among its metrics."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import redis
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from telegram.ext import Application

from bot.background import BACKGROUND, LEASE, Background
from bot.settings import BotSettings
from model.common import health
from model.common.health import OK, Health, RedisChecks, States
from model.common.queue import keys
from model.common.queue.backlog import Load
from model.common.queue.heartbeats import WORKERS

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
GAUGES = {
    "modista_queue_photos": "Photos without an answer.",
    "modista_queue_oldest_seconds": "Age in seconds of the oldest of these; 0 if there is none.",
    "modista_answers_unsent": "Answers that Telegram has not accepted yet.",
    "modista_queue_bytes": "Bytes of photos and unsent answers in Redis.",
    "modista_dead_letters": "Photos given up in the last hours: see python -m model dead-letters.",
    "modista_workers": "Workers seen in the last 30 seconds.",
    "modista_redis_memory_ratio": "Share of its maxmemory that Redis uses; 0 if none is set.",
}


class QueueGauges(Collector):
    """Gauges of the queue, read from Redis at each scrape, in the thread that answers it.

    They are absent if Redis does not answer in time: any value would be wrong.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def describe(self) -> list[GaugeMetricFamily]:
        """The gauges without values: registering them is no reason to ask Redis."""
        return [GaugeMetricFamily(name, text) for name, text in GAUGES.items()]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges, all or none."""
        try:
            load = Load.read(self._client)
            workers = len(WORKERS.alive(self._client))
            memory: Any = self._client.info("memory")
        except (redis.RedisError, OSError) as error:
            log.info("the state of the queue is unknown (%s)", type(error).__name__)
            return
        values = (
            *(load.photos, load.oldest, load.answers, load.bytes, load.dead),
            workers,
            memory["used_memory"] / memory["maxmemory"] if memory.get("maxmemory") else 0.0,
        )
        for (name, text), value in zip(GAUGES.items(), values, strict=True):
            yield GaugeMetricFamily(name, text, value=value)


@asynccontextmanager
async def watched(
    settings: BotSettings, application: Application[Any, Any, Any, Any, Any, Any]
) -> AsyncIterator[None]:
    """Show the application's health for as long as the context lasts, where HEALTH_PORT asks.

    SystemExit with a sentence if the port cannot be used.
    """
    background: Background = application.bot_data[BACKGROUND]
    if not settings.health_port:
        background.start(_beat(Health()), "health")
        yield
        return
    intake: Any = application.update_queue
    client = health.impatient(settings)
    redis_checks = RedisChecks(client, {keys.ANSWERS: keys.BOTS_GROUP})

    def checks() -> States:
        telegram = OK if application.running else "has not answered yet"
        return {
            "telegram": telegram,
            "updates": intake.state,
            "lease": application.bot_data[LEASE].state,
            "tasks": background.state,
            **redis_checks(),
        }

    signs, gauges = Health(checks), QueueGauges(client)
    REGISTRY.register(gauges)
    background.start(_beat(signs), "health")
    try:
        with health.served(signs, settings, "bot", required=True):
            yield
    finally:
        REGISTRY.unregister(gauges)
        client.close()


async def _beat(signs: Health) -> None:
    while True:
        signs.beat()
        await asyncio.sleep(BEAT_SECONDS)
