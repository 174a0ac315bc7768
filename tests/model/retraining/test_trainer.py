"""The trainer with children that run a stand-in for the training."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from model.common.labels import LABELS
from model.common.queue import keys
from model.common.queue.heartbeats import TRAINERS
from model.common.retraining.job_slot import Slot
from model.common.settings import Settings
from model.retraining import trainer
from tests.helpers.model.trainer import (
    PROGRAM,
    ROOT,
    Running,
    job,
    snapshot,
    until_stage,
    until_state,
)
from tests.helpers.redis import Client
from tests.helpers.waiting import alive, eventually


@pytest.fixture
def slot(client: Client) -> Slot:
    return Slot(client)


def test_a_job_becomes_an_outcome_with_its_pictures(
    client: Client, redis_url: str, slot: Slot, capfd: pytest.CaptureFixture[str]
) -> None:
    with Running(client, redis_url):
        slot.ask(job())
        done = until_state(slot, "finished")
    assert done.outcome
    assert (done.outcome.verdict, done.outcome.version) == ("promoted", "v2")
    assert done.outcome.seconds > 0
    assert [picture[:4] for picture in slot.album()] == [b"\x89PNG"] * 3
    assert done.attempts == 1 and done.progress is None
    assert int(capfd.readouterr().out.split()[2]) >= 10, "the workers come first"


def test_its_progress_is_shown(client: Client, redis_url: str, slot: Slot) -> None:
    with Running(client, redis_url):
        slot.ask(job("slow"))
        found = until_stage(slot, "training")
        assert found.progress and found.progress.loss == 0.42
        assert found.state == "running" and found.started_at
        client.set("go", 1)
        until_state(slot, "finished")


def test_what_it_raises_is_the_outcome(client: Client, redis_url: str, slot: Slot) -> None:
    with Running(client, redis_url):
        slot.ask(job("raise"))
        outcome = until_state(slot, "finished").outcome
    assert outcome and (outcome.verdict, outcome.reason) == ("failed", "error")
    assert outcome.detail == "RuntimeError: the data are gone"


@pytest.mark.parametrize("what", ["die-once", "no-redis"])
def test_a_child_that_dies_is_followed_by_another(
    client: Client, redis_url: str, slot: Slot, what: str
) -> None:
    with Running(client, redis_url):
        slot.ask(job(what))
        done = until_state(slot, "finished")
    assert done.outcome and done.outcome.verdict == "promoted"
    assert done.attempts == 2


def test_one_that_always_dies_is_given_up(client: Client, redis_url: str, slot: Slot) -> None:
    with Running(client, redis_url):
        slot.ask(job("die"))
        outcome = until_state(slot, "finished").outcome
    assert outcome and (outcome.verdict, outcome.reason) == ("failed", "died")
    assert outcome.detail == "SIGKILL"


def test_a_child_that_cannot_be_started_is_given_up(
    client: Client, redis_url: str, slot: Slot
) -> None:
    with Running(client, redis_url, command=lambda _: ["/no/such/program"]):
        slot.ask(job())
        outcome = until_state(slot, "finished").outcome
    assert outcome and outcome.reason == "died" and "No such file" in outcome.detail


@pytest.mark.parametrize("what", ["slow", "stubborn", "reporting"])
def test_cancelling_ends_the_child_whatever_it_does(
    client: Client, redis_url: str, slot: Slot, what: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with Running(client, redis_url):
        slot.ask(job(what))
        until_stage(slot, "training")
        assert slot.cancel("Eva") == "cancelling"
        done = until_state(slot, "finished")
        assert done.outcome and done.outcome.verdict == "cancelled"
        assert done.cancelled_by == "Eva"
        assert not alive(int(capfd.readouterr().out.split()[1]))
        # And the next one can be asked for.
        slot.clear("one")
        assert slot.ask(job(name="two")) == "asked"
        outcome = until_state(slot, "finished").outcome
        assert outcome and outcome.verdict == "promoted"


def test_publishing_cannot_be_cancelled(client: Client, redis_url: str, slot: Slot) -> None:
    with Running(client, redis_url):
        slot.ask(job("publishing"))
        until_stage(slot, "publishing")
        assert slot.cancel("Eva") == "late"
        client.set("go", 1)
        outcome = until_state(slot, "finished").outcome
    assert outcome and outcome.verdict == "promoted"


def test_an_orderly_stop_gives_the_job_back(
    client: Client, redis_url: str, slot: Slot, capfd: pytest.CaptureFixture[str]
) -> None:
    with Running(client, redis_url):
        slot.ask(job("slow"))
        until_stage(slot, "training")
    assert (snapshot(slot).state, snapshot(slot).attempts) == ("waiting", 0)
    assert not alive(int(capfd.readouterr().out.split()[1]))
    assert client.hlen(keys.TRAINERS) == 0
    client.set("go", 1)
    with Running(client, redis_url):
        assert until_state(slot, "finished").attempts == 1


def test_a_stop_lets_a_model_be_published(client: Client, redis_url: str, slot: Slot) -> None:
    running = Running(client, redis_url)
    with running:
        slot.ask(job("publishing"))
        until_stage(slot, "publishing")
        beat = client.hget(keys.RETRAINING, "beat")
        # Once the trainer has given another sign of life, it has seen the stage, too.
        eventually(lambda: client.hget(keys.RETRAINING, "beat") != beat)
        client.set("go", 1)
    outcome = snapshot(slot).outcome
    assert outcome and outcome.verdict == "promoted"


def test_a_child_that_was_taken_for_dead_is_ended(
    client: Client, redis_url: str, slot: Slot, capfd: pytest.CaptureFixture[str]
) -> None:
    with Running(client, redis_url):
        slot.ask(job("slow"))
        until_stage(slot, "training")
        client.flushall()
        pid = int(capfd.readouterr().out.split()[1])
        eventually(lambda: not alive(pid))
        assert slot.look() is None


def test_a_child_without_progress_is_ended(
    client: Client, redis_url: str, slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "STALLED", 0.1)
    with Running(client, redis_url):
        slot.ask(job("slow"))
        outcome = until_state(slot, "finished").outcome
    assert outcome and outcome.reason == "died" and "no progress" in outcome.detail


def test_trainers_are_shown_while_they_live(client: Client, redis_url: str) -> None:
    with Running(client, redis_url, photos=(1, 2, 3)):
        [found] = eventually(lambda: TRAINERS.alive(client))
        assert found.photos == (1, 2, 3)
    client.hset(keys.TRAINERS, mapping={"junk": "[]", "old": '{"name": "old"}'})
    assert TRAINERS.alive(client) == []


def test_photos_are_counted_where_there_are_any(tmp_path: Path) -> None:
    assert trainer.photos_of(Settings(_env_file=None, datasets_dir=None)) == ()  # type: ignore[call-arg]
    empty = Settings(_env_file=None, datasets_dir=tmp_path)  # type: ignore[call-arg]
    assert empty.clothing_photos
    empty.clothing_photos.mkdir()
    assert trainer.photos_of(empty) == ()
    (empty.clothing_photos / "labels.csv").write_text(
        "image,split,garment\na,train,Bag\nb,train,none\nc,validation,Bag\nd,train,Bag\n", "utf-8"
    )
    for name in "abcd":
        (empty.clothing_photos / f"{name}.jpg").write_bytes(b"")
    counts = trainer.photos_of(empty)
    assert counts[8] == 2 and counts[-1] == 1 and len(counts) == len(LABELS) + 1


# The process as a whole.

SERVE = f"""
import sys
from model.retraining import trainer
from model.common.logs import set_up
from model.common.settings import Settings
set_up(Settings())
trainer.serve(Settings(), command=lambda token: [sys.executable, "-c", {PROGRAM!r}, token])
"""
Start = Callable[[], subprocess.Popen[str]]


@pytest.fixture
def start(redis_url: str) -> Iterator[Start]:
    """Starts the trainer's process; what is left of it ends with the test."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE],
            env=os.environ | {"REDIS_URL": redis_url, "PYTHONPATH": str(ROOT)},
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
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


def test_a_killed_trainer_takes_its_child_along_and_the_next_goes_on(
    client: Client, slot: Slot, start: Start
) -> None:
    slot.ask(job("slow"))
    first = start()
    assert first.stdout
    pid = int(first.stdout.readline().split()[1])
    first.kill()
    eventually(lambda: not alive(pid))
    client.hincrbyfloat(keys.RETRAINING, "beat", -30)  # its lease runs out
    client.set("go", 1)
    start()
    done = until_state(slot, "finished")
    assert done.attempts == 2
    assert done.outcome and done.outcome.verdict == "promoted"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order(slot: Slot, start: Start, number: signal.Signals) -> None:
    slot.ask(job("slow"))
    process = start()
    assert process.stdout
    process.stdout.readline()
    process.send_signal(number)
    _, log = process.communicate(timeout=60)
    assert process.returncode == 0, log
    assert (snapshot(slot).state, snapshot(slot).attempts) == ("waiting", 0), log
    assert "trainer stopped" in log and "Traceback" not in log


def test_importing_the_trainer_does_not_bring_tensorflow_in() -> None:
    program = (
        "import sys, model.retraining.trainer, model.retraining.attempt;"
        "sys.exit('tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, cwd=ROOT).returncode == 0
