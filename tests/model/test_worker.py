import io
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import redis
from PIL import Image

from model.card import SHIPPED
from model.prediction import Prediction
from model.queue import keys, server
from model.queue.jobs import MAX_DELIVERIES
from model.queue.messages import Answer, PhotoJob, WorkerStatus
from model.queue.streams import connect
from model.worker import Worker

POISON = (255, 0, 0)
BLUE = (0, 0, 255)


class FakeClassifier:
    """Knows one garment; fails at anything red."""

    version = "fake-1"
    batch_size = 8

    def __init__(self) -> None:
        self.batches: list[int] = []

    def warm_up(self) -> None:
        pass

    def classify(self, images: Sequence[Image.Image]) -> list[Prediction]:
        self.batches.append(len(images))
        if any(image.getpixel((0, 0)) == POISON for image in images):
            raise RuntimeError("poison")
        sneaker = tuple(float(index == 7) for index in range(10))
        prediction = Prediction(
            probabilities=sneaker, garment_score=1.0, verdict="sure", model=self.version
        )
        return [prediction] * len(images)


class FakeChart:
    """Says in which language it was asked to draw."""

    def draw(self, prediction: Prediction, photo: Image.Image, language: str) -> bytes:
        return f"{prediction.label.name} {photo.size} {language}".encode()


class Running:
    """A worker in a thread, with what it was made of."""

    def __init__(self, client: redis.Redis, *, idle_limit: float = 20.0) -> None:
        self.classifier = FakeClassifier()
        self._stop = threading.Event()
        self.worker = Worker(
            client,
            self.classifier,
            FakeChart(),
            stopping=self._stop.is_set,
            idle_limit=idle_limit,
        )
        self._thread = threading.Thread(target=self.worker.run)

    def __enter__(self) -> "Running":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that looks up from its reading often, so that the tests need not wait for it."""
    monkeypatch.setattr("model.worker.BLOCK_MS", 50)


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    with connect(redis_url) as client:
        yield client


def picture(colour: tuple[int, int, int] = BLUE) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "PNG")
    return file.getvalue()


def submit(client: redis.Redis, *images: bytes, language: str = "en") -> list[PhotoJob]:
    jobs = [
        PhotoJob(id=f"job-{n}", chat_id=1, message_id=n, user_id=2, language=language, image=image)
        for n, image in enumerate(images)
    ]
    for job in jobs:
        client.xadd(keys.PHOTOS, job.to_fields())  # type: ignore[arg-type]
    return jobs


def eventually(check: Callable[[], Any]) -> Any:
    """What `check` returns once it is true. The time is a bound for a broken program only."""
    give_up = time.monotonic() + 60
    while not (result := check()):
        assert time.monotonic() < give_up, "this never came true"
        time.sleep(0.02)
    return result


def answers(client: redis.Redis, count: int) -> list[Answer]:
    """The answers, once there are `count` and no photo is left."""
    eventually(lambda: client.xlen(keys.ANSWERS) == count and client.xlen(keys.PHOTOS) == 0)
    entries: Any = client.xrange(keys.ANSWERS)
    return [Answer.from_fields(fields) for _, fields in entries]


def test_importing_the_worker_does_not_bring_tensorflow_in() -> None:
    program = "import sys, model.worker; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_photo_is_answered_in_the_persons_language(client: redis.Redis) -> None:
    [job] = submit(client, picture(), language="es")
    with Running(client):
        [answer] = answers(client, 1)
    assert answer.prediction
    assert answer.prediction.label.name == "Sneaker"
    assert answer == Answer.to(job, prediction=answer.prediction, picture=b"Sneaker (40, 30) es")


def test_waiting_photos_are_classified_together_and_answered_in_order(
    client: redis.Redis,
) -> None:
    jobs = submit(client, *[picture()] * 11)
    with Running(client) as running:
        answered = answers(client, 11)
    assert running.classifier.batches == [8, 3]
    assert [answer.id for answer in answered] == [job.id for job in jobs]


def test_a_photo_that_cannot_be_read_is_refused_and_its_neighbours_are_answered(
    client: redis.Redis,
) -> None:
    submit(client, picture(), b"no picture", picture())
    with Running(client):
        refusals = {answer.id: answer.refusal for answer in answers(client, 3)}
    assert refusals == {"job-0": None, "job-1": "unreadable", "job-2": None}


def test_a_poisonous_photo_does_not_take_its_neighbours_along(client: redis.Redis) -> None:
    submit(client, picture(), picture(POISON), picture())
    with Running(client, idle_limit=0.2) as running:
        refusals = {answer.id: answer.refusal for answer in answers(client, 3)}
    assert refusals == {"job-0": None, "job-1": "failed", "job-2": None}
    # The batch, each alone, and the poisonous one in its further deliveries.
    assert running.classifier.batches == [3, 1, 1, 1] + [1] * (MAX_DELIVERIES - 1)
    [(_, dead)] = client.xrange(keys.DEAD)  # type: ignore[misc]
    assert dead[b"reason"] == b"RuntimeError('poison')"


def test_a_chart_that_fails_fails_its_photo_alone(
    client: redis.Redis, monkeypatch: pytest.MonkeyPatch
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


def test_the_worker_shows_itself_while_it_runs(client: redis.Redis) -> None:
    with Running(client) as running:
        [shown] = eventually(lambda: client.hvals(keys.WORKERS))
        status = WorkerStatus.from_json(shown)
        assert (status.name, status.model) == (running.worker.name, "fake-1")
    assert client.hlen(keys.WORKERS) == 0


def test_several_workers_answer_each_photo_once(client: redis.Redis) -> None:
    jobs = submit(client, *[picture()] * 50)
    with Running(client), Running(client), Running(client):
        answered = answers(client, 50)
    assert sorted(answer.id for answer in answered) == sorted(job.id for job in jobs)


def test_each_line_about_a_photo_has_its_id(
    client: redis.Redis, caplog: pytest.LogCaptureFixture
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
        command = server.command(self.socket, append_fsync="always")
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
    caplog.set_level(logging.INFO, "model.worker")

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


def _serves(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


PROGRAM = """
import sys, time
from model.settings import Settings
from model.process import log_to_stderr
from model.worker import serve
from model.prediction import Prediction

class Slow:
    version = "slow-1"
    batch_size = 8
    def warm_up(self):
        pass
    def classify(self, images):
        print("classifying", len(images), flush=True)
        time.sleep(float(sys.argv[1]))
        one = Prediction(
            probabilities=(0.1,) * 10, garment_score=1.0, verdict="sure", model="slow-1"
        )
        return [one] * len(images)

class Chart:
    def draw(self, prediction, photo, language):
        return b"PNG"

log_to_stderr("INFO")
serve(Settings(), lambda: (Slow(), Chart()))
"""


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(redis_url: str) -> Iterator[Start]:
    """Starts Python with these arguments; what is left of it ends with the test."""
    started = []

    def start(*arguments: str, url: str = redis_url) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=os.environ | {"REDIS_URL": url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_batch_in_hand_be_finished(
    client: redis.Redis, start: Start, number: signal.Signals
) -> None:
    submit(client, *[picture()] * 12)
    process = start("-c", PROGRAM, "1")
    assert process.stdout
    assert process.stdout.readline() == "classifying 8\n"
    process.send_signal(number)
    output, log = process.communicate(timeout=60)
    assert process.returncode == 0, log
    assert output == "", "it took another batch"
    assert client.xlen(keys.ANSWERS) == 8
    assert client.xlen(keys.PHOTOS) == 4
    assert client.xpending(keys.PHOTOS, keys.WORKERS_GROUP)["pending"] == 0  # type: ignore[index]
    assert client.hlen(keys.WORKERS) == 0
    assert "worker stopped" in log


def test_a_worker_that_hangs_still_leaves_in_time(client: redis.Redis, start: Start) -> None:
    submit(client, picture())
    hasty = "import model.process\nmodel.process.LAST_SECONDS = 0.2\n"
    process = start("-c", hasty + PROGRAM, "600")
    assert process.stdout
    assert process.stdout.readline() == "classifying 1\n"
    process.terminate()
    _, log = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "out of time" in log
    assert client.xlen(keys.PHOTOS) == 1, "the photo is kept for another worker"


def test_a_wrong_password_is_said_in_one_line(
    redis_url: str, client: redis.Redis, start: Start
) -> None:
    client.config_set("requirepass", "right")
    try:
        process = start("-c", PROGRAM, "0", url=redis_url + "?password=wrong")
        _, log = process.communicate(timeout=60)
    finally:
        client.config_set("requirepass", "")
    assert process.returncode == 1
    assert "check the password in REDIS_URL" in log.splitlines()[-1]
    assert "Traceback" not in log
    assert "wrong" not in log.replace("WRONGPASS", "")


def test_a_wrong_setting_is_said_in_one_line(start: Start) -> None:
    process = start("-c", "from model.worker import main; main()", url="http://somewhere")
    _, log = process.communicate(timeout=60)
    assert process.returncode == 1
    assert log.startswith("REDIS_URL is wrong")
    assert len(log.splitlines()) == 1


@pytest.mark.skipif(not SHIPPED.is_file(), reason="no model ships yet")
def test_the_shipped_model_answers_a_photo(client: redis.Redis, start: Start) -> None:
    submit(client, picture(), b"no picture")
    process = start("-c", "from model.worker import main; main()")
    try:
        one, other = answers(client, 2)
    finally:
        process.terminate()
        _, log = process.communicate(timeout=60)
    assert process.returncode == 0, log
    refused, answered = sorted([one, other], key=lambda answer: answer.refusal is None)
    assert refused.refusal == "unreadable"
    assert answered.prediction
    assert sum(answered.prediction.probabilities) == pytest.approx(1)
    with Image.open(io.BytesIO(answered.picture)) as drawn:
        assert drawn.format == "PNG"
