"""The bot's health port and the queue's gauges."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import redis
from prometheus_client import REGISTRY, Counter, Gauge, Histogram
from telegram import Chat, Message, Update

from bot.app import build
from bot.health import GAUGES, QueueGauges, watched
from bot.lifecycle import running
from bot.sandbox.telegram import GUEST
from bot.settings import BotSettings
from bot.transport.intake import Intake
from model.common import health, metrics
from model.common.logs import add_job
from model.common.queue import keys
from tests.bot.transport.test_outage import OwnRedis
from tests.helpers.bot.running import Parts, assembled
from tests.helpers.endpoints import free_port, get, ready, sample
from tests.helpers.redis import connect, connect_async
from tests.helpers.waiting import until


@asynccontextmanager
async def shown(parts: Parts, port: int) -> AsyncIterator[None]:
    """The bot as `bot.lifecycle.run` runs it, with its health on this port."""
    settings = parts.settings.model_copy(update={"health_port": port})
    application = build(settings)
    async with watched(settings, application), running(application, settings):
        yield


def values(port: int) -> dict[str, float]:
    """The gauges of the queue that /metrics shows."""
    lines = [line.split() for line in get(port, "/metrics")[1].splitlines()]
    return {line[0]: float(line[1]) for line in lines if line[0] in GAUGES}


async def test_it_is_ready_once_it_has_met_telegram_and_redis(parts: Parts) -> None:
    port = free_port()
    parts.sandbox.faults.add("getMe", "500", times=None)
    waiting = asyncio.Event()

    async def serve() -> None:
        async with shown(parts, port):
            await waiting.wait()

    serving = asyncio.create_task(serve())

    await until(lambda: ready(port)[0] != 0)
    states = {
        "telegram": "has not answered yet",
        "updates": "ok",
        "lease": "no lease yet",
        "tasks": "ok",
        "redis": "ok",
        "groups": "missing: bots",
    }
    assert ready(port) == (503, states)
    assert get(port, "/livez") == (200, "ok\n")
    parts.sandbox.faults.clear()
    await until(lambda: ready(port)[0] == 200)
    assert ready(port)[1] == {
        "telegram": "ok",
        "updates": "ok",
        "lease": "ok",
        "tasks": "ok",
        "redis": "ok",
        "groups": "ok",
    }
    waiting.set()
    await serving
    assert ready(port) == (0, {})


async def test_it_is_not_ready_while_a_command_is_missing_that_takes_updates(parts: Parts) -> None:
    port = free_port()
    operator = redis.Redis.from_url(parts.settings.redis_url)
    async with shown(parts, port), parts.worker.working():
        operator.acl_setuser("default", enabled=True, commands=["-hset"])
        try:
            number = await parts.send_photo()
            await until(lambda: ready(port)[1].get("updates") == "Redis does not take them")
            assert ready(port)[0] == 503
            assert ready(port)[1]["redis"] == "ok"
        finally:
            operator.acl_setuser("default", enabled=True, categories=["+@all"])
        assert await parts.said(number, timeout=60) == "👟 Sneaker, 93%"
        assert ready(port)[0] == 200
    operator.close()


async def test_metrics_show_how_the_queue_stands(parts: Parts) -> None:
    port = free_port()
    async with shown(parts, port):
        before = values(port)
        assert before == dict.fromkeys(GAUGES, 0.0)
        received = sample("modista_photos_received_total")
        for _ in range(3):
            await parts.send_photo()
        with connect(parts.settings.redis_url) as client:
            await until(lambda: client.xlen(keys.PHOTOS) == 3)
        now = values(port)
        assert now["modista_queue_photos"] == 3
        assert now["modista_queue_oldest_seconds"] >= 0
        assert now["modista_queue_bytes"] > 0
        assert now["modista_answers_unsent"] == 0
        assert sample("modista_photos_received_total") == received + 3
    assert not set(GAUGES) & {metric.name for metric in REGISTRY.collect()}


async def test_without_redis_the_gauges_are_absent_and_the_rest_is_there() -> None:
    port = free_port()
    with TemporaryDirectory(prefix="modista-") as folder:
        own = OwnRedis(Path(folder))
        await own.start()
        try:
            async with assembled(own.url) as parts, shown(parts, port):
                assert set(values(port)) == set(GAUGES)
                own.stop()
                status, text = get(port, "/metrics")
                assert status == 200 and "modista_photos_received_total" in text
                assert values(port) == {}
                status, states = ready(port)
                assert status == 503 and states["redis"].startswith("does not answer")
                assert get(port, "/livez") == (200, "ok\n")
                await own.start()
                await until(lambda: ready(port)[0] == 200)
        finally:
            own.stop()


def test_a_registration_does_not_ask_redis(tmp_path: Path) -> None:
    gone = health.impatient(BotSettings(**_nowhere(tmp_path)))  # type: ignore[arg-type]
    assert {family.name for family in QueueGauges(gone).describe()} == set(GAUGES)
    assert list(QueueGauges(gone).collect()) == []


def _nowhere(folder: Path) -> dict[str, object]:
    return {"_env_file": None, "telegram_token": "1:a", "redis_url": f"unix://{folder}/no.sock"}


async def test_updates_that_come_again_are_counted(parts: Parts) -> None:
    repeated = sample("modista_updates_repeated_total")
    redis = connect_async(parts.settings.redis_url)
    intake = Intake(redis)
    update = Update(7, Message(1, datetime.now(UTC), Chat(GUEST.id, "private"), text="hello"))
    for _ in range(3):
        await intake.keep([update])
    await redis.aclose()
    assert sample("modista_updates_repeated_total") == repeated + 2


@pytest.mark.parametrize("kind", ["500", "drop", "429"])
async def test_an_answer_is_counted_with_its_verdict_and_its_attempts(
    served: Parts, kind: str
) -> None:
    answered = sample("modista_photos_answered_total", verdict="sure")
    retried = sample("modista_sends_retried_total")
    sending = sample("modista_step_seconds_count", step="sending")
    whole = sample("modista_photo_seconds_count")
    served.sandbox.faults.add("sendPhoto", kind)  # type: ignore[arg-type]
    await served.reply(await served.send_photo())
    await until(lambda: sample("modista_photo_seconds_count") == whole + 1)
    assert sample("modista_photos_answered_total", verdict="sure") == answered + 1
    assert sample("modista_sends_retried_total") == retried + 1
    assert sample("modista_step_seconds_count", step="sending") == sending + 1


async def test_an_answer_that_nobody_may_get_is_counted_with_its_reason(served: Parts) -> None:
    given_up = sample("modista_answers_given_up_total", reason="forbidden")
    answered = sample("modista_photos_answered_total", verdict="sure")
    served.sandbox.faults.add("sendPhoto", "forbidden")
    await served.send_photo()
    await until(
        lambda: sample("modista_answers_given_up_total", reason="forbidden") == given_up + 1
    )
    assert sample("modista_photos_answered_total", verdict="sure") == answered


async def test_a_refusal_by_the_worker_is_an_answer(served: Parts) -> None:
    answered = sample("modista_photos_answered_total", verdict="unreadable")
    usual = served.worker.answer
    served.worker.answer = lambda job: replace(
        usual(job), prediction=None, picture=b"", refusal="unreadable"
    )
    await served.reply(await served.send_photo())
    await until(
        lambda: sample("modista_photos_answered_total", verdict="unreadable") == answered + 1
    )


async def test_one_id_leads_from_the_update_to_the_answer(
    served: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    whole = sample("modista_photo_seconds_count")
    caplog.handler.addFilter(add_job)
    await served.reply(await served.send_photo())
    await until(lambda: sample("modista_photo_seconds_count") == whole + 1)
    caplog.handler.removeFilter(add_job)
    [job] = served.worker.jobs
    about = [record for record in caplog.records if getattr(record, "job", "") == job.id]
    said = [record.getMessage() for record in about if record.name.startswith("bot.")]
    assert [text.partition(" job=")[0] for text in said] == [
        "photo received",
        "photo queued",
        "photo sent",
    ]
    assert f"photo sent job={job.id} verdict=sure seconds=" in said[-1]


def test_the_manual_names_every_metric_and_no_other(request: pytest.FixtureRequest) -> None:
    manual = (request.config.rootpath / "docs" / "running" / "operating.md").read_text("utf-8")
    table = manual.partition("## Metrics")[2].partition("## What to alert on")[0]
    named = set(re.findall(r"`(modista_\w+)", table))
    ours = [
        each for each in vars(metrics).values() if isinstance(each, Counter | Histogram | Gauge)
    ]
    counted = {
        sample_of.name + ("_total" if isinstance(each, Counter) else "")
        for each in ours
        for sample_of in each.describe()
    }
    assert named == counted | set(GAUGES)
    for name in re.findall(r"modista_\w+", manual):
        assert re.sub(r"_(bucket|count|sum)$", "", name) in named
