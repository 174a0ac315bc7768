import logging
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from PIL import Image

from bot.launcher import redis_server
from model.common.health import Health
from model.common.prediction import Prediction
from model.common.queue import keys
from model.common.queue.heartbeats import WorkerStatus
from model.common.queue.job_stream import MAX_DELIVERIES
from model.common.queue.messages import Answer
from tests.helpers.model.worker import BLUE, POISON, FakeChart, Running, answers, picture, submit
from tests.helpers.redis import Client, connect
from tests.helpers.waiting import eventually


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that looks up from its reading often, so that the tests need not wait for it."""
    monkeypatch.setattr("model.serving.worker.BLOCK_MS", 50)


def test_a_photo_is_answered_in_the_persons_language(client: Client) -> None:
    [job] = submit(client, picture(), language="es")
    with Running(client):
        [answer] = answers(client, 1)
    assert answer.prediction
    assert answer.prediction.label.name == "Sneaker"
    assert answer == Answer.to(job, prediction=answer.prediction, picture=b"Sneaker (40, 30) es")


def test_a_worker_without_a_command_that_it_needs_is_not_ready(
    client: Client, redis_url: str
) -> None:
    signs = Health()
    operator = redis.Redis.from_url(redis_url)
    with Running(client, health=signs):
        operator.acl_setuser("default", enabled=True, commands=["-xreadgroup"])
        try:
            eventually(lambda: "UnwillingError" in signs.readiness().get("calls", ""))
        finally:
            operator.acl_setuser("default", enabled=True, categories=["+@all"])
        submit(client, picture())
        answers(client, 1)
        assert signs.readiness() == {"model": "ok", "calls": "ok"}
    operator.close()


def test_waiting_photos_are_classified_together_and_answered_in_order(
    client: Client,
) -> None:
    jobs = submit(client, *[picture()] * 11)
    with Running(client) as running:
        answered = answers(client, 11)
    assert running.classifier.batches == [8, 3]
    assert [answer.id for answer in answered] == [job.id for job in jobs]


def test_a_photo_that_cannot_be_read_is_refused_and_its_neighbours_are_answered(
    client: Client,
) -> None:
    submit(client, picture(), b"no picture", picture())
    with Running(client):
        refusals = {answer.id: answer.refusal for answer in answers(client, 3)}
    assert refusals == {"job-0": None, "job-1": "unreadable", "job-2": None}


def test_a_poisonous_photo_does_not_take_its_neighbours_along(client: Client) -> None:
    submit(client, picture(), picture(POISON), picture())
    with Running(client, idle_limit=0.2) as running:
        refusals = {answer.id: answer.refusal for answer in answers(client, 3)}
    assert refusals == {"job-0": None, "job-1": "failed", "job-2": None}
    # The batch, each alone, and the poisonous one in its further deliveries.
    assert running.classifier.batches == [3, 1, 1, 1] + [1] * (MAX_DELIVERIES - 1)
    [(_, dead)] = client.xrange(keys.DEAD)  # type: ignore[misc]
    assert dead[b"reason"] == b"RuntimeError('poison')"


def test_a_chart_that_fails_fails_its_photo_alone(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw(_: FakeChart, prediction: Prediction, photo: Image.Image, language: str) -> bytes:
        if photo.getpixel((0, 0)) != BLUE:
            raise ValueError("no paint")
        return b"PNG"

    monkeypatch.setattr(FakeChart, "draw", draw)
    submit(client, picture((9, 9, 9)), picture())
    with Running(client, idle_limit=0.2):
        refusals = {answer.id: answer.refusal for answer in answers(client, 2)}
    assert refusals == {"job-0": "failed", "job-1": None}


def test_the_worker_shows_itself_while_it_runs(client: Client) -> None:
    with Running(client) as running:
        [shown] = eventually(lambda: client.hvals(keys.WORKERS))
        status = WorkerStatus.from_json(shown)
        assert (status.name, status.model) == (running.worker.name, "fake-1")
    assert client.hlen(keys.WORKERS) == 0


def test_several_workers_answer_each_photo_once(client: Client) -> None:
    jobs = submit(client, *[picture()] * 50)
    with Running(client), Running(client), Running(client):
        answered = answers(client, 50)
    assert sorted(answer.id for answer in answered) == sorted(job.id for job in jobs)


def test_each_line_about_a_photo_has_its_id(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "model")
    submit(client, picture(), b"no picture", picture(POISON))
    with Running(client, idle_limit=0.2):
        answers(client, 3)
    lines = [record.getMessage() for record in caplog.records]
    assert any(line.startswith("worker ready") and "fake-1" in line for line in lines)
    about_photos = [line for line in lines if "photo " in line]
    assert {line.split()[1] for line in about_photos} == {
        "answered",
        "refused",
        "failed",
        "buried",
    }
    assert all("job=job-" in line for line in about_photos)
    [answered] = [line for line in lines if "photo answered" in line]
    for word in ("verdict=sure", "queued_ms=", "decode_ms=", "predict_ms=", "draw_ms="):
        assert word in answered


class RedisServer:
    """A server of the test's own, to be stopped and started again on the same data."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.url = f"unix://{self.socket}"

    def start(self) -> None:
        command = redis_server.command(self.socket)
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    own = RedisServer(tmp_path)
    yield own
    own.stop()


def said(caplog: pytest.LogCaptureFixture, line: str) -> int:
    """How often the log has a line that begins so."""
    return sum(record.getMessage().startswith(line) for record in caplog.records)


def test_a_worker_waits_for_redis_and_outlives_its_death(
    own_redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "model")

    with connect(own_redis.url) as client, Running(client):
        eventually(lambda: said(caplog, "Redis does not serve") == 1)
        own_redis.start()
        eventually(lambda: said(caplog, "Redis serves again") == 1)
        submit(client, picture())
        answers(client, 1)
        own_redis.stop()
        eventually(lambda: said(caplog, "Redis does not serve") == 2)
        own_redis.start()
        eventually(lambda: said(caplog, "Redis serves again") == 2)
        submit(client, picture(), b"no picture")
        assert len(answers(client, 3)) == 3
    assert said(caplog, "Redis does not serve") == 2, "one line for each outage, however long it is"


def test_an_answer_that_is_ready_waits_for_redis(
    own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    drawing, may_go_on = threading.Event(), threading.Event()

    def draw(_: FakeChart, prediction: Prediction, photo: Image.Image, language: str) -> bytes:
        drawing.set()
        may_go_on.wait()
        return b"drawn once"

    monkeypatch.setattr(FakeChart, "draw", draw)
    own_redis.start()
    with connect(own_redis.url) as client:
        eventually(lambda: _serves(client))
        submit(client, picture())
        with Running(client) as running:
            drawing.wait()
            own_redis.stop()
            may_go_on.set()
            eventually(lambda: said(caplog, "Redis does not serve"))
            own_redis.start()
            assert [answer.picture for answer in answers(client, 1)] == [b"drawn once"]
    assert running.classifier.batches == [1]


def _serves(client: Client) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
