"""The model a worker serves, and since when, with quick stand-in classifiers."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from PIL import Image

from model.common.queue import keys
from model.common.queue.heartbeats import WorkerStatus
from model.common.registry.registry import Registry
from model.serving import live_model
from model.serving.classifier import UnusableModelError
from model.serving.live_model import Served
from model.serving.worker import Worker
from tests.helpers.model.worker import FakeChart, FakeClassifier, answers, picture, submit
from tests.helpers.redis import Client
from tests.helpers.waiting import eventually
from tests.model.serving.stand_ins import SHIPS

pytestmark = pytest.mark.usefixtures("loaded")


def test_without_a_promotion_the_shipped_model_serves(registry: Registry) -> None:
    assert Served(registry).version == SHIPS


def test_a_worker_that_starts_serves_what_is_promoted(
    registry: Registry, loaded: list[str]
) -> None:
    registry.promote("new-1", by="Ada")
    assert Served(registry).version == "new-1"
    assert loaded == ["new-1"]


def test_a_worker_that_starts_at_a_broken_version_serves_the_one_before(
    registry: Registry, client: Client
) -> None:
    registry.promote("new-1", by="Ada")
    registry.promote("broken", by="Ada")
    for _ in range(2):
        assert Served(registry).version == "new-1"
    assert registry.refused()["broken"].reason == "unfit"
    assert client.xlen(keys.NOTICES) == 1, "the admins are told once"


def test_a_worker_that_starts_at_a_broken_version_alone_serves_the_shipped_one(
    registry: Registry,
) -> None:
    registry.promote("broken", by="Ada")
    assert Served(registry).version == SHIPS


def test_a_shipped_model_that_cannot_be_loaded_is_said(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load() -> None:
        raise UnusableModelError("There is none.")

    monkeypatch.setattr(live_model, "Classifier", SimpleNamespace(load=load))
    with pytest.raises(UnusableModelError):
        Served(registry)


def test_another_version_takes_over_and_a_rollback_takes_it_back(registry: Registry) -> None:
    with Served(registry) as served:
        registry.promote("new-1", by="Ada")
        eventually(lambda: served.version == "new-1")
        registry.promote("new-2", by="Ada")
        eventually(lambda: served.version == "new-2")
        registry.rollback(by="Ada")
        eventually(lambda: served.version == "new-1")
        registry.rollback(by="Ada")
        eventually(lambda: served.version == SHIPS)


def test_a_broken_version_is_refused_once_and_the_old_one_goes_on(
    registry: Registry, loaded: list[str], client: Client
) -> None:
    registry.promote("new-1", by="Ada")
    served = Served(registry)
    registry.promote("broken", by="Ada")
    for _ in range(3):
        served.look()
    assert served.version == "new-1"
    assert loaded == ["new-1", "broken"]
    assert client.xlen(keys.NOTICES) == 1
    assert registry.refused()["broken"].detail == "It is broken."
    registry.rollback(by="Ada")
    served.look()
    assert (served.version, loaded) == ("new-1", ["new-1", "broken"])


def test_a_broken_version_that_is_promoted_again_is_tried_again(
    registry: Registry, loaded: list[str]
) -> None:
    served = Served(registry)
    for _ in range(2):
        registry.promote("broken", by="Ada")
        served.look()
    assert loaded == ["broken", "broken"]


def test_a_call_ends_with_the_model_that_it_began_with(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = threading.Event(), threading.Event()
    classify = FakeClassifier.classify

    def slow(self: FakeClassifier, images: Any) -> Any:
        begun.set()
        may_end.wait(60)
        return classify(self, images)

    with Served(registry) as served:
        monkeypatch.setattr(FakeClassifier, "classify", slow)
        answered: list[Any] = []
        call = threading.Thread(target=lambda: answered.extend(served.classify([_image()])))
        call.start()
        begun.wait(60)
        registry.promote("new-1", by="Ada")
        eventually(lambda: served.version == "new-1")
        may_end.set()
        call.join()
        assert [prediction.model for prediction in answered] == [SHIPS]
        assert [prediction.model for prediction in served.classify([_image()])] == ["new-1"]


def test_without_redis_the_shipped_model_serves_until_it_is_there(
    registry: Registry, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    registry.promote("new-1", by="Ada")
    with _away(registry):
        served = Served(registry)
        for _ in range(3):
            served.look()
    assert served.version == SHIPS
    assert len(caplog.records) == 1, "one line for the outage"
    served.look()
    assert served.version == "new-1"


def test_without_redis_what_serves_goes_on(
    registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    registry.promote("new-1", by="Ada")
    served = Served(registry)
    for _ in range(2):
        with _away(registry):
            served.look()
            served.look()
        served.look()
    assert served.version == "new-1"
    assert len(caplog.records) == 2, "one line for each outage"


def test_a_fault_of_this_machine_is_no_fault_of_the_model(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    full = live_model.load
    failures = iter([OSError("No space left"), OSError("No space left")])

    def load(registry: Registry, version: str) -> Any:
        for error in failures:
            raise error
        return full(registry, version)

    monkeypatch.setattr(live_model, "load", load)
    monkeypatch.setattr(live_model, "LOOK_AGAIN", 0.01)
    caplog.set_level(logging.INFO, "model.serving.live_model")
    with Served(registry) as served:
        registry.promote("new-1", by="Ada")
        eventually(lambda: served.version == "new-1")
    assert registry.refused() == {}
    assert sum("No space" in (record.exc_text or "") for record in caplog.records) == 2


def test_a_worker_shows_what_it_serves_and_answers_by_it(
    registry: Registry, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.serving.worker.BLOCK_MS", 20)
    monkeypatch.setattr("model.serving.worker.STATUS_EVERY", 3600.0)
    stop = threading.Event()
    with Served(registry) as served:
        worker = Worker(client, served, FakeChart(), stopping=stop.is_set)
        running = threading.Thread(target=worker.run)
        running.start()
        eventually(lambda: _shown(client) == [SHIPS])
        submit(client, picture())
        answers(client, 1)
        registry.promote("new-1", by="Ada")
        eventually(lambda: _shown(client) == ["new-1"])
        submit(client, picture())
        answered = [answer.prediction for answer in answers(client, 2)]
        stop.set()
        running.join()
    assert [prediction.model for prediction in answered if prediction] == [SHIPS, "new-1"]


def _shown(client: Client) -> list[str]:
    texts: Any = client.hvals(keys.WORKERS)
    return [WorkerStatus.from_json(text).model for text in texts]


def _image() -> Image.Image:
    return Image.new("RGB", (4, 4), "blue")


@contextmanager
def _away(registry: Any) -> Iterator[None]:
    """Redis is away for as long as the context lasts."""

    def fail() -> None:
        raise redis.ConnectionError("away")

    registry.promotion = fail
    yield
    del registry.promotion
