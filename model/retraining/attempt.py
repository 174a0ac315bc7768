"""`python -m model.retraining.attempt TOKEN`: one attempt at a retraining, a trainer's child.

It is a process of its own so that it can be ended at any moment, whatever it is doing, and so that
what kills it leaves the trainer alive. It ends by itself when the trainer does.
"""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

import redis

from model.common import logs
from model.common.redis_tools.connection import Client, connect
from model.common.redis_tools.retry import patiently
from model.common.retraining.job_slot import Slot
from model.common.retraining.messages import Outcome, RetrainJob, RetrainProgress
from model.common.settings import Settings
from model.networks import tensorflow_setup

logger = logging.getLogger(__name__)

OnProgress = Callable[[RetrainProgress], None]
Run = Callable[[RetrainJob, Settings, Client, OnProgress, str], tuple[Outcome, list[bytes]]]

NICENESS = 10  # the workers come first
REPORT_EVERY = 0.5  # seconds, within a stage
# Seconds without reports after Redis did not take one: a training does not wait for Redis.
PAUSE = 5.0
LONGEST_DETAIL = 500  # characters
WITHOUT_REDIS = 75  # the exit code where Redis was away when the training needed it


class Interrupted(Exception):
    """The attempt must end: somebody cancelled it, or it was taken for dead."""


class Reporter:
    """Reports the attempt's progress to the slot; it may be called at any rate.

    Raises Interrupted if the attempt is to end. The report of "publishing" waits for Redis:
    once it returned, nobody can cancel, and no other attempt is under way.
    """

    def __init__(self, slot: Slot, token: str) -> None:
        self._slot = slot
        self._token = token
        self._stage = ""
        self._next = 0.0

    def __call__(self, progress: RetrainProgress) -> None:
        """Report, unless the last report was just now and of the same stage."""
        now = time.monotonic()
        if progress.stage == self._stage and now < self._next:
            return
        self._stage, self._next = progress.stage, now + REPORT_EVERY
        if progress.stage == "publishing":
            held = patiently(lambda: self._slot.report(self._token, progress))
        else:
            try:
                held = self._slot.report(self._token, progress)
            except redis.RedisError as error:
                logger.info("progress could not be reported: %s", error)
                self._next = time.monotonic() + PAUSE
                return
        if held != "held":
            raise Interrupted(held)


def attempt(token: str, settings: Settings, client: Client, load: Callable[[], Run]) -> None:
    """Run the job that `token` holds, and leave its outcome in the slot."""
    slot = Slot(client)
    snapshot = patiently(slot.look)
    if snapshot is None or patiently(lambda: slot.keep(token)) != "held":
        logger.info("the attempt no longer has a job token=%s", token)
        return
    job, started = snapshot.job, time.monotonic()
    with logs.about(job.id):
        report = Reporter(slot, token)
        pictures: list[bytes] = []
        try:
            report(RetrainProgress(stage="loading"))
            outcome, pictures = load()(job, settings, client, report, token)
        except Interrupted as interrupted:
            logger.info("attempt ends job=%s: %s", job.id, interrupted)
            return
        except redis.RedisError as error:
            # Not the training's fault: another attempt may well succeed.
            logger.warning("attempt ends without Redis job=%s: %s", job.id, error)
            raise SystemExit(WITHOUT_REDIS) from None
        # Whatever it is, an admin waits for a word. The same again would only fail again.
        except Exception as error:
            logger.exception("retraining failed job=%s", job.id)
            detail = f"{type(error).__name__}: {error}"[:LONGEST_DETAIL]
            outcome = Outcome(verdict="failed", reason="error", detail=detail)
        outcome = replace(outcome, seconds=outcome.seconds or time.monotonic() - started)
        # At least once: dying before this line repeats the work. The outcome is written once: only
        # who holds the job can.
        if patiently(lambda: slot.finish(token, outcome, pictures)):
            logger.info("retraining done verdict=%s reason=%s", outcome.verdict, outcome.reason)
        else:
            logger.warning("the outcome is ignored, the job was taken over job=%s", job.id)


def main(load: Callable[[], Run]) -> None:
    """The process: the attempt of the token on the command line, with what `load` brings."""
    token = sys.argv[1]
    end_with_the_trainer()
    signal.signal(signal.SIGTERM, _end)
    os.nice(NICENESS)
    settings = Settings()
    logs.set_up(settings)
    with connect(settings) as client:
        attempt(token, settings, client, load)


def _load() -> Run:
    tensorflow_setup.import_tensorflow()
    from model.retraining.pipeline import run  # noqa: PLC0415 - brings TensorFlow in

    return run


def _end(_number: int, _frame: object) -> NoReturn:
    # An exception, so that temporary files go; if it is held up, SIGKILL comes next.
    raise SystemExit(128 + signal.SIGTERM)


def end_with_the_trainer() -> None:
    """Standard input is a pipe from the trainer, which nobody writes to: it ends when they do."""

    def watch() -> None:
        while os.read(0, 1):
            pass
        os._exit(1)

    threading.Thread(target=watch, name="trainer", daemon=True).start()


if __name__ == "__main__":
    main(_load)
