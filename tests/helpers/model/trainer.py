"""A trainer in a thread whose children run a stand-in for the training, and what that one does."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from model.common.health import Health
from model.common.retraining.job_slot import Slot, Snapshot
from model.common.retraining.messages import RetrainJob
from model.retraining import trainer
from model.retraining.trainer import Trainer
from tests.helpers.redis import Client
from tests.helpers.waiting import InThread, eventually

ROOT = Path(__file__).parents[3]

# What the child does is the network's name, which the slot does not check.
PROGRAM = r"""
import os, signal, sys, time
sys.path.insert(0, "ROOT")
from model.retraining import attempt
from model.common.retraining.messages import Figures, Outcome, RetrainProgress
from tests.helpers.redis import connect

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "08d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)
OLD = Figures(fashion_mnist=0.93, photos=0.887, corrections=0.4, fashion_mnist_ece=0.011,
    photos_ece=0.034, counts={"fashion_mnist": 10000, "photos": 795, "corrections": 20})
NEW = Figures(fashion_mnist=0.931, photos=0.894, corrections=0.8, fashion_mnist_ece=0.010,
    photos_ece=0.031, counts={"fashion_mnist": 10000, "photos": 795, "corrections": 20})

def run(job, settings, client, report, token):
    what = job.network or "quick"
    print(what, os.getpid(), os.nice(0), flush=True)
    report(RetrainProgress(stage="training", share=0.3, epoch=1, epochs=4, loss=0.42,
        accuracy=0.881, accuracy_of="photos", seconds_left=95.0))
    if what == "raise":
        raise RuntimeError("the data are gone")
    if what == "no-redis" and client.incr("times") == 1:
        import redis
        raise redis.ConnectionError("gone")
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "die-once" and client.incr("deaths") == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while what in ("slow", "stubborn") and not client.exists("go"):
        time.sleep(0.02)
    while what == "reporting" and not client.exists("go"):
        time.sleep(0.02)
        report(RetrainProgress(stage="training", share=0.4))
    report(RetrainProgress(stage="publishing", share=0.98))
    while what == "publishing" and not client.exists("go"):
        time.sleep(0.02)
    return (
        Outcome(verdict="promoted", reason="better", version="v2", old=OLD, new=NEW,
            gained=["corrections"]),
        [PNG, PNG, PNG],
    )

attempt.main(lambda: run)
client = connect(os.environ["REDIS_URL"])
while client.exists("linger"):
    time.sleep(0.02)
""".replace("ROOT", str(ROOT))


def command(token: str) -> list[str]:
    """The command line of a child that runs the stand-in."""
    return [sys.executable, "-c", PROGRAM, token]


def job(network: str = "quick", name: str = "one", **more: Any) -> RetrainJob:
    return RetrainJob(id=name, network=network, chat_id=5, message_id=7, user_name="Ana", **more)


def snapshot(slot: Slot) -> Snapshot:
    found = slot.look()
    assert found is not None
    return found


def until_state(slot: Slot, state: str) -> Snapshot:
    found: Snapshot = eventually(lambda: (s := slot.look()) and s.state == state and s)
    return found


def until_stage(slot: Slot, stage: str) -> Snapshot:
    found: Snapshot = eventually(
        lambda: (s := slot.look()) and s.progress and s.progress.stage == stage and s
    )
    return found


class Running(InThread):
    """A trainer in a thread."""

    def __init__(
        self,
        client: Client,
        redis_url: str,
        *,
        command: Callable[[str], list[str]] = command,
        lease: float = 20.0,
        photos: tuple[int, ...] = (),
        health: Health | None = None,
    ) -> None:
        super().__init__()
        self.trainer = Trainer(
            client,
            stopping=self.stopping,
            command=command,
            environment={"REDIS_URL": redis_url, "PYTHONPATH": str(ROOT)},
            lease=lease,
            photos=photos,
            health=health,
        )

    def run(self) -> None:
        with pytest.MonkeyPatch.context() as hurry:
            hurry.setattr(trainer, "POLL", 0.02)
            hurry.setattr(trainer, "BEAT", 0.05)
            self.trainer.run()
