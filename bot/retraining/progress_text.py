"""The texts of the message that follows a retraining: its data, its progress and its end."""

import html
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from model.common.corrections.split import Split
from model.common.labels import LABELS, NONE_OF_THESE
from model.common.languages.numbers import aligned, duration, number, percent
from model.common.languages.sentences import say
from model.common.retraining.job_slot import Snapshot
from model.common.retraining.messages import (
    FASHION_MNIST_ONLY,
    RetrainJob,
    RetrainProgress,
)
from model.common.retraining.outcome_text import class_name, headline, reason

# Fashion-MNIST's images to train on, of each class; the rest is to choose and to measure by.
FASHION_MNIST_PER_CLASS = 5500
CELLS = 14  # of the progress bar
SILENT = 6.0  # seconds without a sign of life after which that is said
# On which held-back pictures an accuracy was measured.
ON = {"fashion_mnist": "retrain-on-fashion-mnist", "photos": "retrain-on-photos"}


@dataclass(frozen=True, slots=True)
class TrainingData:
    """The data that a retraining would learn from, as far as the bot knows.

    `photos` counts pictures by class, those of none under NONE_OF_THESE, and is None if no
    trainer runs that could say. Of the `kept` corrections `new` came after the current model.
    """

    photos: Sequence[int] | None
    corrections: Split
    kept: int
    new: int

    @property
    def learned(self) -> dict[int, int]:
        """The corrections of each class to learn from; the others are held back to judge by."""
        return Counter(each.label for each in self.corrections.learned)


def nothing_new(data: TrainingData, language: str) -> str | None:
    """Why there is nothing to fine-tune the current model with; None if there is."""
    if not data.kept:
        return say(language, "retrain-nothing-kept")
    return None if data.new else say(language, "retrain-nothing-new", kept=data.kept)


def confirmation(network: str | None, epochs: int | None, data: TrainingData, language: str) -> str:
    """What is about to be trained, on what; HTML."""
    if network is None:
        lines = [say(language, "retrain-ask")]
    else:
        lines = [say(language, "retrain-ask-network", network=network)]
    if epochs is not None:
        lines.append(say(language, "retrain-epochs", epochs=epochs))
    lines += ["", say(language, "retrain-data")]
    lines.append(f"<pre>{html.escape(_counts(network, data, language))}</pre>")
    return "\n".join([*lines, *_about(network, data, language)])


def progress(snapshot: Snapshot, trainers: int, language: str) -> str:
    """The retraining's progress: the message that is edited as it goes."""
    lines = [title(snapshot.job, language)]
    if snapshot.cancelled_by is not None:
        return "\n".join([*lines, say(language, "retrain-cancelling", name=snapshot.cancelled_by)])
    if snapshot.state == "waiting":
        waits = "retrain-waits-again" if snapshot.attempts else "retrain-waits"
        lines.append(say(language, waits if trainers else "retrain-no-trainer"))
        return "\n".join([*lines, "", say(language, "retrain-can-cancel")])
    known = snapshot.progress or RetrainProgress(stage="waiting")
    lines += _training(known, snapshot.started_at, language)
    if snapshot.silent > SILENT:
        lines.append(say(language, "retrain-silent"))
    elif snapshot.attempts > 1:
        lines.append(say(language, "retrain-again"))
    late = known.stage == "publishing"
    return "\n".join([*lines, "", say(language, "retrain-late" if late else "retrain-can-cancel")])


def busy(snapshot: Snapshot, trainers: int, language: str) -> str:
    """The running retraining: who started it, when, and its progress."""
    if snapshot.state == "finished":
        return say(language, "retrain-busy-telling", name=snapshot.job.user_name)
    ago = duration(time.time() - snapshot.job.asked_at, language)
    first = say(language, "retrain-busy", name=snapshot.job.user_name, ago=ago)
    return f"{first}\n\n{progress(snapshot, trainers, language)}"


def ending(snapshot: Snapshot, language: str) -> str:
    """The final text of the message that showed the retraining's progress."""
    lines = [title(snapshot.job, language)]
    if (outcome := snapshot.outcome) is None:
        return "\n".join([*lines, say(language, "retrain-gone")])
    lines.append(headline(outcome, language, snapshot.cancelled_by or ""))
    if outcome.seconds:
        lines.append(say(language, "retrain-took", time=duration(outcome.seconds, language)))
    if outcome.verdict == "cancelled":
        lines.append(reason(outcome, language))
    return "\n".join(lines)


def title(job: RetrainJob, language: str) -> str:
    """What is trained, and who asked for it."""
    if job.network is None:
        return say(language, "retrain-title", name=job.user_name)
    return say(language, "retrain-title-network", name=job.user_name, network=job.network)


def _counts(network: str | None, data: TrainingData, language: str) -> str:
    """A line for each class with how many pictures of it there are to train on."""
    only = network in FASHION_MNIST_ONLY
    photos = () if only else data.photos or ()
    corrections = {} if only else data.learned
    fashion_mnist = dict.fromkeys(range(len(LABELS)), FASHION_MNIST_PER_CLASS)
    columns = {
        "retrain-column-fashion-mnist": fashion_mnist,
        "retrain-column-photos": dict(enumerate(photos)),
        "retrain-column-corrections": corrections,
    }
    shown = {name: counts for name, counts in columns.items() if any(counts.values())}
    rows = [["", *(say(language, name) for name in shown)]]
    for index in range(NONE_OF_THESE + 1):
        row = [counts.get(index, 0) for counts in shown.values()]
        if any(row):
            rows.append([class_name(index, language), *(number(count, language) for count in row)])
    return aligned(rows)


def _about(network: str | None, data: TrainingData, language: str) -> list[str]:
    """What the table cannot say."""
    if network in FASHION_MNIST_ONLY:
        return [say(language, "retrain-fashion-mnist-only", network=str(network))]
    lines = []
    if data.photos is None:
        lines.append(say(language, "retrain-no-trainer-yet"))
    elif not any(data.photos):
        lines.append(say(language, "retrain-no-photos"))
    learned, held = len(data.corrections.learned), len(data.corrections.held_back)
    values = {"kept": data.kept, "learned": learned, "held": held, "new": data.new}
    lines.append(say(language, "retrain-corrections", **values))
    if copies := data.kept - learned - held:
        lines.append(say(language, "retrain-copies", copies=copies))
    if data.kept and data.corrections.by == "pictures":
        lines.append(say(language, "retrain-few-people"))
    return lines


def _training(known: RetrainProgress, started_at: float | None, language: str) -> list[str]:
    """Stage, epoch, bar, loss and accuracy, times: what is known of them."""
    stage = say(language, f"retrain-stage-{known.stage}")
    if known.epoch is not None and known.epochs is not None:
        stage += say(language, "retrain-epoch", epoch=known.epoch, epochs=known.epochs)
    share = min(1.0, max(0.0, known.share))
    full = int(share * CELLS + 0.5)
    bar = "▓" * full + "░" * (CELLS - full)
    lines = [stage, f"{bar} {say(language, 'whole-percent', percent=int(100 * share))}"]
    figures = []
    if known.loss is not None:
        figures.append(say(language, "retrain-loss", loss=known.loss))
    if known.accuracy is not None:
        on = say(language, ON.get(known.accuracy_of or "", "retrain-on-held-back"))
        accuracy = percent(known.accuracy, language)
        figures.append(say(language, "retrain-accuracy", accuracy=accuracy, on=on))
    times = []
    if known.seconds_left is not None:
        left = duration(_rounded(known.seconds_left), language)
        times.append(say(language, "retrain-left", time=left))
    if started_at and (minutes := int(time.time() - started_at) // 60) > 0:
        times.append(say(language, "retrain-running", minutes=minutes))
    return [*lines, *(" · ".join(parts) for parts in (figures, times) if parts)]


def _rounded(seconds: float) -> float:
    """A time that is only guessed: to 5 seconds, from two minutes on to 30."""
    step = 5 if seconds < 120 else 30
    return max(step, round(seconds / step) * step)
