"""The trainer process: takes the retraining from the slot and runs it in a child process."""

import logging
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Literal, Self

import redis

from model.common import health, logs, metrics
from model.common.health import Health, RedisChecks
from model.common.queue.heartbeats import TRAINER_EVERY, TRAINERS, TrainerStatus, show
from model.common.redis_tools.connection import Client, connect
from model.common.registry.registry import Registry
from model.common.retraining.job_slot import LEASE, Released, Slot, SlotState
from model.common.retraining.messages import DIED, Outcome, RetrainJob, RetrainProgress
from model.common.service import Service, configured
from model.common.settings import Settings
from model.common.shutdown import StopSignal
from model.retraining.attempt import WITHOUT_REDIS

logger = logging.getLogger(__name__)

POLL = 0.5  # seconds between looks into the slot
TIDY_EVERY = 3600.0  # seconds between looks for models that were set aside a week ago
BEAT = 1.0  # seconds between signs of life
# Seconds without any progress after which an attempt counts as hung; downloads take their time.
STALLED = 1200.0
# Seconds that a child has to end in good order, and that publishing a model may go on for.
GRACE = 2.0
PUBLISHING = 3.0

Command = Callable[[str], list[str]]
# How an attempt ended, for the metrics.
Ended = Literal["finished", "died", "stalled", "cancelled", "lost", "stopped"]


def command(token: str) -> list[str]:
    """The child's command line."""
    return [sys.executable, "-m", "model.retraining.attempt", token]


class Child:
    """An attempt's process. Inside the `with` it runs; at its end it is gone."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str]) -> None:
        # The pipe ends with this process, and the child with the pipe. A session of its own, as
        # a Ctrl-C in the terminal is for the trainer: it says what becomes of the child.
        self._process = subprocess.Popen(  # noqa: S603 - our own list, no shell
            arguments, stdin=subprocess.PIPE, start_new_session=True, env=os.environ | environment
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        if self._process.stdin:
            self._process.stdin.close()

    def wait(self, seconds: float) -> int | None:
        """Its exit code, or None if it still runs after that many seconds."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> None:
        """End it: first kindly."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self._process.poll() is not None:
                return
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            self.wait(GRACE)
        self._process.wait()


class Trainer(Service):
    """Waits for retrainings and runs them, one at a time, until `stopping()` says to stop.

    Each attempt is a child process, which reports and finishes by itself; the trainer keeps it the
    job's holder, and ends it when somebody cancels, when another has taken the job over, and when
    it makes no progress. A job whose attempt dies is tried once more.
    """

    def __init__(
        self,
        client: Client,
        *,
        stopping: Callable[[], bool],
        photos: tuple[int, ...] = (),
        command: Command = command,
        environment: Mapping[str, str] | None = None,
        lease: float = LEASE,
        health: Health | None = None,
    ) -> None:
        super().__init__(client, TRAINERS, stopping=stopping, health=health)
        self._photos = photos
        self._command = command
        self._environment = environment or {}
        self._slot = Slot(client, lease=lease)
        self._registry = Registry(client)
        self._publish_at = self._tidy_at = 0.0

    def run(self) -> None:
        """Work until told to stop; a retraining in hand then goes back, to be begun again.

        Raises redis.AuthenticationError. Any other trouble with Redis is waited out.
        """
        logger.info("trainer ready name=%s", self.name)
        super().run()
        logger.info("trainer stopped name=%s", self.name)

    def _turn(self) -> None:
        if not self.attempt():
            self._tidy()
            time.sleep(POLL)

    def attempt(self) -> bool:
        """Run an attempt at the job that waits; False if none does."""
        token = f"{self.name}-{secrets.token_hex(4)}"
        taken = self._patiently(lambda: self._slot.take(token))
        if taken is None:
            return False
        job = taken.job
        with logs.about(job.id):
            logger.info("attempt begins job=%s attempt=%d", job.id, taken.attempts)
            ended, died = self._run(token)
            released = self._release(token, job, died=died)
            if released != "released":
                # However the child seemed to end: it left an outcome, or another has the job.
                ended = released
            elif ended == "finished":
                # It left no outcome: it had seen first that somebody cancelled.
                ended = "cancelled"
        metrics.ATTEMPTS.labels(ended).inc()
        return True

    def _run(self, token: str) -> tuple[Ended, str | None]:
        try:
            child = Child(self._command(token), self._environment)
        except OSError as error:
            return "died", f"{error}"
        with child:
            return self._watch(child, token)

    def _watch(self, child: Child, token: str) -> tuple[Ended, str | None]:
        """See the child to its end: how, and what it died of; None if this process stops."""
        progress: RetrainProgress | None = None
        moved_at = time.monotonic()
        while (code := child.wait(BEAT)) is None:
            self._health.beat()
            try:
                self._publish()
                held: SlotState = self._slot.keep(token)
                snapshot = self._slot.look()
            except redis.RedisError as error:
                logger.info("no heartbeat for the attempt: %s", error)
                held, snapshot = "held", None
            if held == "finished":
                child.wait(GRACE)
                return "finished", None
            if held != "held":
                logger.info("attempt is ended token=%s: %s", token, held)
                return held, held
            if snapshot and snapshot.progress != progress:
                progress, moved_at = snapshot.progress, time.monotonic()
            if self._stopping():
                if progress and progress.stage == "publishing":
                    child.wait(PUBLISHING)
                return "stopped", None
            if time.monotonic() - moved_at > STALLED:
                return "stalled", f"no progress for {STALLED / 60:.0f} min"
        return ("finished" if code == 0 else "died"), _described(code)

    def _release(self, token: str, job: RetrainJob, *, died: str | None) -> Released:
        """Let go of the job, unless the child finished or lost it."""
        outcome = Outcome(verdict="failed", reason=DIED.reason, detail=died or "")
        released = self._patiently(
            lambda: self._slot.release(token, counted=died is not None, died=outcome)
        )
        if released == "released":
            logger.warning("attempt ended without an outcome job=%s: %s", job.id, died or "stop")
        return released

    def _tidy(self) -> None:
        if time.monotonic() < self._tidy_at:
            return
        try:
            self._registry.drop_expired()
        except redis.RedisError as error:
            logger.warning("models set aside are not looked through: %s", error)
        self._tidy_at = time.monotonic() + TIDY_EVERY

    def _publish(self) -> None:
        if time.monotonic() < self._publish_at:
            return
        status = TrainerStatus(name=self.name, photos=self._photos)
        show(lambda: TRAINERS.publish(self._redis, status))
        self._publish_at = time.monotonic() + TRAINER_EVERY


def main() -> None:
    """The process `python -m model trainer`."""
    settings = configured()
    health.end_when_hung()
    serve(settings)


def serve(settings: Settings, *, command: Command = command) -> None:
    """Run one trainer until a signal stops it."""
    stop = StopSignal()
    signs = Health(RedisChecks(health.impatient(settings), {}))
    with health.served(signs, settings, "trainer"), connect(settings) as client:
        trainer = Trainer(
            client, stopping=stop, photos=photos_of(settings), command=command, health=signs
        )
        _compile_older_versions(Registry(client), signs)
        trainer.serve(stop)


def _compile_older_versions(registry: Registry, signs: Health) -> None:
    """Let a child compile the versions that earlier releases published, if there are any."""
    try:
        if not registry.uncompiled():
            return
    except redis.RedisError as error:
        logger.warning("older versions are not compiled: %s", error)
        return
    with Child([sys.executable, "-m", "model.retraining.older_versions"], {}) as child:
        while (code := child.wait(BEAT)) is None:
            signs.beat()
    if code:
        logger.error("compiling older versions ended early: %s", _described(code))


def photos_of(settings: Settings) -> tuple[int, ...]:
    """How many clothing photos there are to train on, by class, last those of none."""
    from model.common.labels import LABELS  # noqa: PLC0415
    from model.datasets.sources import clothing_photos  # noqa: PLC0415 - brings NumPy in

    try:
        found = clothing_photos.available(settings, "train")
    except clothing_photos.UnavailableError as error:
        logger.warning("the clothing photos are left out: %s", error)
        return ()
    counts = [0] * (len(LABELS) + 1)
    for row in clothing_photos.corrected(found):
        counts[-1 if row.garment is None else row.garment] += 1
    return tuple(counts) if found else ()


def _described(code: int) -> str:
    if code == WITHOUT_REDIS:
        return "Redis was away"
    if code == 0:
        return "it ended by itself"
    if code > 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
