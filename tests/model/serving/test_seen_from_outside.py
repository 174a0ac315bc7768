"""Worker and trainer from outside: metrics, health, ids in the log."""

import logging
from collections.abc import Callable, Iterator, Sequence

import pytest
from PIL import Image

from model.common import metrics
from model.common.health import Health
from model.common.logs import add_job
from model.common.prediction import Prediction
from model.common.queue import keys
from model.common.queue.job_stream import MAX_DELIVERIES
from model.common.retraining.job_slot import Slot
from model.retraining import trainer
from tests.helpers.endpoints import sample
from tests.helpers.model import trainer as trainer_thread
from tests.helpers.model.trainer import job, until_stage, until_state
from tests.helpers.model.worker import POISON, FakeClassifier, Running, answers, picture, submit
from tests.helpers.redis import Client, connect
from tests.helpers.waiting import eventually


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that looks up from its reading often, so that the tests need not wait for it."""
    monkeypatch.setattr("model.serving.worker.BLOCK_MS", 50)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[tuple[str, str]]]]:
    """What our code logged until now: how each message begins, and its record's `job`."""
    caplog.set_level(logging.DEBUG, "model")
    caplog.handler.addFilter(add_job)
    yield lambda: [
        (record.getMessage().partition(" job=")[0], record.__dict__["job"])
        for record in caplog.records
    ]
    caplog.handler.removeFilter(add_job)


Logged = Callable[[], list[tuple[str, str]]]


class Beats(Health):
    """Counts its beats."""

    count = 0

    def beat(self) -> None:
        super().beat()
        self.count += 1


def steps() -> dict[str, float]:
    names = ("queued", "preparing", "predicting", "drawing")
    return {name: sample("modista_step_seconds_count", step=name) for name in names}


def test_each_photo_is_timed_in_each_step(client: Client) -> None:
    before, batches = steps(), sample("modista_batch_photos_count")
    photos = sample("modista_batch_photos_sum")
    submit(client, *[picture()] * 11)
    with Running(client):
        answers(client, 11)
    assert steps() == {name: count + 11 for name, count in before.items()}
    assert sample("modista_batch_photos_count") == batches + 2
    assert sample("modista_batch_photos_sum") == photos + 11


def test_what_is_refused_or_fails_is_timed_as_far_as_it_came(client: Client) -> None:
    before = steps()
    submit(client, b"no picture", picture(POISON))
    with Running(client):
        eventually(lambda: steps()["predicting"] == before["predicting"] + 1)
    changes = {name: count - before[name] for name, count in steps().items()}
    assert changes == {"queued": 2, "preparing": 2, "predicting": 1, "drawing": 0}


def test_the_metric_names_the_model_that_serves_and_no_other(client: Client) -> None:
    metrics.MODEL.clear()  # what the workers of other tests left
    with Running(client) as running:
        eventually(lambda: sample("modista_model", version="fake-1") == 1)
        running.classifier.version = "fake-2"
        eventually(lambda: sample("modista_model", version="fake-2") == 1)
        eventually(lambda: sample("modista_model", version="fake-1") == 0)


def test_a_worker_is_ready_once_it_is_warm_and_beats_while_it_waits(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    signs = Beats(model="is being loaded")
    states: list[dict[str, str]] = []
    monkeypatch.setattr(FakeClassifier, "warm_up", lambda _: states.append(signs.readiness()))
    with Running(client, health=signs):
        eventually(lambda: signs.count > 5)
    assert states == [{"model": "is being loaded"}]
    assert signs.readiness() == {"model": "ok"}


def test_a_worker_without_redis_beats_on(tmp_path_factory: pytest.TempPathFactory) -> None:
    nowhere = connect(f"unix://{tmp_path_factory.getbasetemp()}/nothing.sock")
    signs = Beats()
    with nowhere, Running(nowhere, health=signs):
        eventually(lambda: signs.count > 3)
    assert signs.alive()


def test_what_is_logged_at_work_names_the_photo(
    client: Client, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = FakeClassifier.classify

    def classify(self: FakeClassifier, images: Sequence[Image.Image]) -> list[Prediction]:
        logging.getLogger("model.inside").info("looking")
        return usual(self, images)

    monkeypatch.setattr(FakeClassifier, "classify", classify)
    submit(client, picture(), picture(), b"no picture")
    with Running(client):
        answers(client, 3)
    assert {
        ("looking", "job-0,job-1"),
        ("photo answered", "job-0"),
        ("photo answered", "job-1"),
        ("photo refused", "job-2"),
    } <= set(logged())
    assert [job for text, job in logged() if text.startswith("worker ready")] == [""]


def test_a_photo_that_is_given_up_before_any_work_is_named(client: Client, logged: Logged) -> None:
    submit(client, picture())
    client.xgroup_create(keys.PHOTOS, keys.WORKERS_GROUP, id="0")
    for _ in range(MAX_DELIVERIES):
        client.xreadgroup(keys.WORKERS_GROUP, "one that dies", {keys.PHOTOS: ">"})
        client.xautoclaim(keys.PHOTOS, keys.WORKERS_GROUP, "another that dies", 0)
    with Running(client, idle_limit=0.05):
        answers(client, 1)
    assert ("photo buried", "job-0") in logged()


# The trainer.


def ended(how: str) -> float:
    return sample("modista_retraining_attempts_total", ended=how)


End = Callable[[Client, Slot], None]


def cancelled(_: Client, slot: Slot) -> None:
    until_stage(slot, "training")
    slot.cancel("Eva")
    until_state(slot, "finished")


def finished(_: Client, slot: Slot) -> None:
    until_state(slot, "finished")


def taken_away(client: Client, slot: Slot) -> None:
    until_stage(slot, "training")
    client.flushall()


def in_training(_: Client, slot: Slot) -> None:
    until_stage(slot, "training")


@pytest.mark.parametrize(
    ("what", "end", "how"),
    [
        ("quick", finished, "finished"),
        ("raise", finished, "finished"),
        ("die-once", finished, "died"),
        ("slow", cancelled, "cancelled"),
        ("reporting", cancelled, "cancelled"),
        ("slow", taken_away, "lost"),
        ("slow", in_training, "stopped"),
    ],
)
def test_attempts_are_counted_by_how_they_ended(
    client: Client, redis_url: str, what: str, end: End, how: str
) -> None:
    slot, before = Slot(client), ended(how)
    with trainer_thread.Running(client, redis_url):
        slot.ask(job(what))
        end(client, slot)
        if end is not in_training:
            eventually(lambda: ended(how) == before + 1)
    assert ended(how) == before + 1


def test_an_attempt_that_finished_counts_so_while_its_process_is_slow_to_end(
    client: Client, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "GRACE", 0.2)
    slot, before = Slot(client), ended("finished")
    client.set("linger", 1)
    with trainer_thread.Running(client, redis_url):
        slot.ask(job())
        until_state(slot, "finished")
        slot.clear("one")
        eventually(lambda: ended("finished") == before + 1)


def test_an_attempt_that_hangs_is_counted_as_such(
    client: Client, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "STALLED", 0.1)
    slot, before = Slot(client), ended("stalled")
    with trainer_thread.Running(client, redis_url):
        slot.ask(job("slow"))
        until_state(slot, "finished")
    assert ended("stalled") > before


def test_a_trainer_beats_while_it_waits_and_while_an_attempt_runs(
    client: Client, redis_url: str
) -> None:
    slot, signs = Slot(client), Beats()
    with trainer_thread.Running(client, redis_url, health=signs):
        eventually(lambda: signs.count > 1)
        slot.ask(job("slow"))
        until_stage(slot, "training")
        before = signs.count
        eventually(lambda: signs.count > before + 3)
