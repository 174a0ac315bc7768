"""`python -m model retrain`, with a stand-in for the training."""

import functools
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.cli import retrain
from model.common.queue import keys
from model.common.queue.heartbeats import TRAINERS
from model.common.retraining.job_slot import Slot
from model.retraining.trainer import Trainer
from tests.helpers.cli import Run
from tests.helpers.model.trainer import PROGRAM, ROOT, Running, command, job, until_stage
from tests.helpers.redis import Client, connect
from tests.helpers.waiting import eventually


@pytest.fixture
def client(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Of the Redis that the command uses as well; it trains by the stand-in."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setattr(retrain, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(retrain, "Trainer", functools.partial(Trainer, command=command))
    with connect(redis_url) as client:
        yield client


def test_without_a_trainer_the_command_trains_itself(
    client: Client, run: Run, tmp_path: Path
) -> None:
    result = run("retrain", "--out", tmp_path / "figures")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "✅ The new model v2 is in use now."
    assert "Corrections    40.0%  80.0%  ▲" in lines
    assert "better on held-back corrections by more than chance explains" in result.stdout
    assert len(list((tmp_path / "figures").glob("*.png"))) == 3
    assert Slot(client).look() is None
    assert client.hlen(keys.TRAINERS) == 0


def test_a_trainer_that_runs_does_the_work(
    client: Client, redis_url: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrain, "Trainer", None)
    with Running(client, redis_url):
        eventually(lambda: TRAINERS.alive(client))
        result = run("retrain", "--network", "litenet", "--epochs", 3)
    assert result.exit_code == 0, result.output
    assert Slot(client).look() is None


def test_one_that_is_under_way_is_named(client: Client, run: Run) -> None:
    slot = Slot(client)
    slot.ask(job())
    result = run("retrain")
    assert result.exit_code == 1
    assert "Ana asked for a retraining before, which is at 0%" in result.stderr
    slot.cancel("Eva")
    result = run("retrain")
    assert result.exit_code == 1
    assert "still to be told by the bot" in result.stderr


def test_a_failure_is_the_exit_code(
    client: Client, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    raising = [sys.executable, "-c", PROGRAM.replace('job.network or "quick"', '"raise"')]
    monkeypatch.setattr(
        retrain, "Trainer", functools.partial(Trainer, command=lambda t: [*raising, t])
    )
    result = run("retrain")
    assert result.exit_code == 1
    assert "RuntimeError: the data are gone" in result.stderr


def test_what_is_wrong_is_said(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = run("retrain", "--network", "nonsense")
    assert result.exit_code == 1
    assert "There is no network nonsense: choose ann or litenet." in result.stderr
    monkeypatch.setenv("REDIS_URL", f"unix://{tmp_path}/none.sock")
    result = run("retrain")
    assert result.exit_code == 1
    assert "check REDIS_URL" in result.stderr


def test_ctrl_c_cancels(client: Client, redis_url: str) -> None:
    program = f"""
import functools, sys
from model.cli import retrain
from model.retraining.trainer import Trainer
program = {PROGRAM!r}.replace('job.network or "quick"', '"slow"')
retrain.Trainer = functools.partial(
    Trainer, command=lambda token: [sys.executable, "-c", program, token]
)
from model.__main__ import app
app(["retrain"])
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env=os.environ | {"REDIS_URL": redis_url, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until_stage(Slot(client), "training")
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 1, errors
    assert "Cancelled by " in output and "The current model stays in use." in output
    assert "training, epoch 1/4" in errors
    assert "Cancelling." in errors and "Traceback" not in errors
    assert Slot(client).look() is None
