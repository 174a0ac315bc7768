"""The time left of a retraining, over all its stages."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from model.common.retraining.messages import RetrainJob, RetrainProgress

OnProgress = Callable[[RetrainProgress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStarts:
    """Where in the whole, 0 to 1, each stage of a retraining begins; loading begins at 0."""

    training: float
    compiling: float
    measuring: float
    drawing: float


# By how long they took on two cores: a fine-tuning; a training from scratch, whose hours outweigh
# the rest; the exercise.
FINE_TUNING = StageStarts(training=0.03, compiling=0.79, measuring=0.80, drawing=0.97)
FROM_SCRATCH = StageStarts(training=0.01, compiling=0.95, measuring=0.98, drawing=0.99)
EXERCISE = StageStarts(training=0.15, compiling=0.50, measuring=0.60, drawing=0.95)


def stage_starts(job: RetrainJob) -> StageStarts:
    """Where the stages of such a job begin."""
    if job.network is None:
        return FINE_TUNING
    return EXERCISE if job.network == "ann" else FROM_SCRATCH


def timed(report: OnProgress) -> OnProgress:
    """Reports with the seconds left until the end; None while loading."""
    started = time.monotonic()

    def shown(progress: RetrainProgress) -> None:
        left = None
        if progress.stage != "loading" and progress.share > 0.0:
            left = (time.monotonic() - started) * (1.0 / progress.share - 1.0)
        report(replace(progress, seconds_left=left))

    return shown
