"""The commands for the registry's models, as a person or a script runs them."""

import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from model.common.queue import keys
from model.common.queue.heartbeats import WORKERS, WorkerStatus
from model.common.registry.entry import shipped
from model.common.registry.registry import Registry
from model.serving.compiled_network import CompiledNetwork
from tests.helpers.cli import Run
from tests.helpers.models import entry, publish
from tests.helpers.redis import Client, connect
from tests.helpers.waiting import eventually

SHIPS = shipped().version


@pytest.fixture
def client(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setattr("model.cli.models.LOOK_EVERY", 0.01)
    with connect(redis_url) as client:
        yield client


@pytest.fixture
def registry(client: Client) -> Registry:
    return Registry(client)


def work(client: Client, name: str, model: str) -> None:
    """A worker says that it serves this model."""
    worker = WorkerStatus(name=name, model=model, answered=0)
    WORKERS.publish(client, worker)


def test_models_lists_them_with_their_figures(run: Run, registry: Registry) -> None:
    registry.publish(entry("new-1", figures={"photos": 0.901}), b"x" * 1_500_000, b"compiled")
    publish(registry, "new-2")
    registry.promote("new-1", by="Ada")
    registry.refuse("new-2", "damaged")
    result = run("models")
    assert result.exit_code == 0
    second, first, ships = result.stdout.rstrip().splitlines()[-3:]
    assert second.split()[0] == "new-2" and "refused: damaged" in second
    assert first.split()[:3] == [">", "new-1", "ann"]
    assert first.split()[4:7] == ["1.5", "0.0", "–"], "MB of a Keras file that compresses well"
    assert "90.1%" in first
    assert ships.split()[0] == SHIPS and "ships" in ships
    assert ships.split()[4] == "–", "it is not in Redis"


def test_promote_waits_until_every_worker_serves_it(
    run: Run, registry: Registry, client: Client
) -> None:
    publish(registry, "new-1")
    for name in ("w1", "w2"):
        work(client, name, SHIPS)

    def follow() -> None:
        eventually(lambda: registry.current() == "new-1")
        for name in ("w1", "w2"):
            work(client, name, "new-1")

    workers = threading.Thread(target=follow)
    workers.start()
    result = run("promote", "new-1")
    workers.join()
    assert (result.exit_code, result.stdout) == (0, "new-1 answers, in 2 of 2 workers.\n")
    promotion = registry.promotion()
    assert promotion and "shell" in promotion.by


def test_promote_without_a_worker_does_not_wait(run: Run, registry: Registry) -> None:
    publish(registry, "new-1")
    result = run("promote", "new-1")
    assert result.exit_code == 0
    assert result.stdout == "No worker is running: the next that starts serves new-1.\n"
    assert registry.current() == "new-1"


def test_a_refusal_ends_promote_with_a_sentence(
    run: Run, registry: Registry, client: Client
) -> None:
    publish(registry, "new-1")
    work(client, "w1", SHIPS)

    def follow() -> None:
        eventually(lambda: registry.current() == "new-1")
        registry.refuse("new-1", "damaged", "The file of model new-1 is damaged.")

    workers = threading.Thread(target=follow)
    workers.start()
    result = run("promote", "new-1")
    workers.join()
    assert (result.exit_code, result.stdout) == (1, "")
    assert "new-1 was refused (damaged): The file of model new-1 is damaged." in result.stderr


def test_workers_that_do_not_follow_end_the_wait(
    run: Run, registry: Registry, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.cli.models.PATIENCE", 0.05)
    publish(registry, "new-1")
    work(client, "w1", SHIPS)
    result = run("promote", "new-1")
    assert result.exit_code == 1
    assert "0 of 1 workers serve new-1" in result.stderr


def test_rollback_says_where_it_went(run: Run, registry: Registry) -> None:
    publish(registry, "new-1")
    registry.promote("new-1", by="Ada")
    result = run("rollback")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Back to {SHIPS}.\n")
    assert registry.current() == SHIPS


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("promote new-1", "There is no model new-1"),
        ("rollback", "nothing to roll back to"),
        ("publish gone.keras", "gone.keras"),
    ],
)
@pytest.mark.usefixtures("client")
def test_a_mistake_is_answered_in_a_sentence(run: Run, command: str, sentence: str) -> None:
    result = run(*command.split())
    assert (result.exit_code, result.stdout) == (1, "")
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_redis_that_is_away_is_said(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REDIS_URL", f"unix://{tmp_path}/none.sock")
    result = run("models")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "check REDIS_URL" in result.stderr


def test_publish_puts_a_file_with_its_card_into_the_registry(
    run: Run, registry: Registry, client: Client, model: Path
) -> None:
    result = run("publish", model, "--version", "new-1")
    assert result.exit_code == 0
    assert "new-1 is in the registry" in result.stdout
    assert registry.read("new-1") == model.read_bytes()
    assert CompiledNetwork(registry.read_compiled("new-1")).branches
    assert registry.get("new-1").config["compiled_from"] == sha256(model.read_bytes()).hexdigest()
    assert registry.current() == SHIPS
    again = run("publish", model, "--version", "new-1")
    assert again.exit_code == 1
    assert "another name" in again.stderr
    assert client.hlen(keys.MODELS_FILES) == 2
