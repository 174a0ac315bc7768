"""The progress of a retraining over all its stages, and the time left."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from model.common.retraining.messages import RetrainProgress

OnProgress = Callable[[RetrainProgress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStarts:
    """Where in the whole, 0 to 1, each stage of a retraining begins; loading begins at 0."""

    training: float
    compiling: float
    measuring: float
    drawing: float


# By the network that a job asks for. By how long they took on two cores: a fine-tuning; a training
# from scratch, whose hours outweigh the rest; the exercise.
STARTS = {
    None: StageStarts(training=0.03, compiling=0.79, measuring=0.80, drawing=0.97),
    "litenet": StageStarts(training=0.01, compiling=0.95, measuring=0.98, drawing=0.99),
    "ann": StageStarts(training=0.15, compiling=0.50, measuring=0.60, drawing=0.95),
}


def timed(report: OnProgress) -> OnProgress:
    """Reports with the seconds left until the end; None while loading."""
    started = time.monotonic()

    def shown(progress: RetrainProgress) -> None:
        left = None
        if progress.stage != "loading" and progress.share > 0.0:
            left = (time.monotonic() - started) * (1.0 / progress.share - 1.0)
        report(replace(progress, seconds_left=left))

    return shown


def part_of(report: OnProgress, start: float, end: float) -> OnProgress:
    """Reports what goes from 0 to 1 as a part of the whole, from `start` to `end`."""
    return lambda progress: report(replace(progress, share=start + progress.share * (end - start)))
