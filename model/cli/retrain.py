"""`python -m model retrain`: a retraining from the shell, by the same slot as the chat's."""

import secrets
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from model.cli import common
from model.common.languages import DEFAULT
from model.common.queue.heartbeats import TRAINERS
from model.common.redis_tools.connection import Client
from model.common.redis_tools.retry import patiently
from model.common.retraining.job_slot import Slot, Snapshot
from model.common.retraining.messages import (
    MOST_EPOCHS,
    NETWORKS,
    Outcome,
    RetrainJob,
    RetrainProgress,
)
from model.common.retraining.outcome_text import headline, learned, reason, remarks, table
from model.common.settings import Settings
from model.retraining.trainer import Trainer, photos_of

LOOK_EVERY = 0.3  # seconds
ASIDE = (
    "The new model is kept aside for a week as {version}: `promote {version} --anyway` has it "
    "serve all the same, `keep-aside {version}` adds a week, `discard {version}` deletes it."
)


def retrain(
    *,
    network: Annotated[
        str | None,
        typer.Option(
            help=f"A network to train from scratch: {' or '.join(NETWORKS)}.",
            show_default="fine-tune the current model",
        ),
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, max=MOST_EPOCHS)] = None,
    out: Annotated[Path | None, typer.Option(help="A folder for the figures, PNG.")] = None,
) -> None:
    """Retrain the model and promote it if it is better; Ctrl-C cancels.

    A trainer that runs does the work, else this command itself. Ends with 1 if nothing came of it.
    """
    if network is not None and network not in NETWORKS:
        common.leave(f"There is no network {network}: choose {' or '.join(NETWORKS)}.")
    if out is not None:
        common.make_folder(out)
    job = RetrainJob(
        id=f"shell-{secrets.token_hex(8)}", network=network, epochs=epochs, user_name=common.who()
    )
    with common.connected() as client:
        slot = Slot(client)
        _ask(slot, job)
        with _helper(client, common.settings()) as train_here:
            found, outcome = _follow(slot, job, train_here)
        pictures = patiently(slot.album)
        patiently(lambda: slot.clear(job.id))
    _print(found, outcome)
    if out is not None:
        for number, picture in enumerate(pictures, start=1):
            path = out / f"retraining-{number}.png"
            common.write(path, partial(Path.write_bytes, data=picture))
    if outcome.verdict in ("failed", "cancelled"):
        raise typer.Exit(1)


@contextmanager
def _helper(client: Client, settings: Settings) -> Iterator[Callable[[], None]]:
    """A call that begins to train in a thread of this process, unless a trainer is alive."""
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def train_here() -> None:
        if threads or TRAINERS.alive(client):
            return
        trainer = Trainer(
            client,
            stopping=stop.is_set,
            photos=photos_of(settings),
            # The child's log shares the terminal with the progress bar: warnings only.
            environment={"LOG_LEVEL": "WARNING"},
        )
        threads.append(threading.Thread(target=trainer.run, name="trainer"))
        threads[0].start()

    try:
        yield train_here
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """A list to which Ctrl-C adds, instead of raising an exception anywhere.

    Python can swallow an exception while it cleans up; then the Ctrl-C would be lost.
    """
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield came
    finally:
        signal.signal(signal.SIGINT, before)


def _ask(slot: Slot, job: RetrainJob) -> None:
    """Put the job into the slot; the end if another is in it."""
    if slot.ask(job) != "busy":
        return
    found = slot.look()
    if found is None:
        common.leave("Another retraining has just ended: try again.")
    if found.state == "finished":
        common.leave(
            f"The outcome of the retraining that {found.job.user_name} asked for is still to be "
            "told by the bot: see that it runs, and try again."
        )
    share = found.progress.share if found.progress else 0.0
    common.leave(
        f"{found.job.user_name} asked for a retraining before, which is at {share:.0%}: "
        "wait for its end, or have it cancelled in the chat."
    )


def _follow(
    slot: Slot, job: RetrainJob, train_here: Callable[[], None]
) -> tuple[Snapshot, Outcome]:
    """Show a bar until the job is finished; Ctrl-C cancels it."""
    shown = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[figures]}"),
        console=shown,
        transient=True,
        # Into a file goes a line for each stage, not a bar.
        disable=not shown.is_terminal,
    )
    task = bar.add_task("waiting", total=1.0, figures="")
    stage = ""
    with bar, _interrupts() as interrupts:
        while True:
            found = patiently(slot.look)
            if found is None or found.job.id != job.id:
                common.leave("The retraining is gone: Redis was emptied. Start it again.")
            if found.outcome:
                return found, found.outcome
            if found.state == "waiting":
                train_here()
            known = found.progress or RetrainProgress(stage="waiting")
            bar.update(
                task,
                description=_stage(known),
                completed=known.share,
                figures=_figures(known),
            )
            if known.stage != stage and not shown.is_terminal:
                shown.print(_stage(known), highlight=False)
            stage = known.stage
            if interrupts:
                interrupts.clear()
                answer = patiently(lambda: slot.cancel(job.user_name))
                said = "It is too late to cancel." if answer == "late" else "Cancelling."
                shown.print(said, highlight=False)
            time.sleep(LOOK_EVERY)


def _stage(known: RetrainProgress) -> str:
    if known.epoch is None or known.epochs is None:
        return known.stage
    return f"{known.stage}, epoch {known.epoch}/{known.epochs}"


def _figures(known: RetrainProgress) -> str:
    found = []
    if known.loss is not None:
        found.append(f"loss {known.loss:.3f}")
    if known.accuracy is not None:
        found.append(f"accuracy {known.accuracy:.3f}")
    if known.seconds_left is not None:
        left = round(known.seconds_left)
        found.append(f"{left // 60}:{left % 60:02d} left")
    return "  ".join(found)


def _print(found: Snapshot, outcome: Outcome) -> None:
    """The verdict in the words of the chat, and the commands that decide on a new model."""
    typer.echo(headline(outcome, DEFAULT, found.cancelled_by or ""))
    lines = [learned(outcome, DEFAULT), table(outcome, DEFAULT), *remarks(outcome, DEFAULT)]
    for line in filter(None, lines):
        typer.echo(line)
    typer.echo(reason(outcome, DEFAULT), err=outcome.verdict == "failed")
    if outcome.verdict == "kept" and outcome.version:
        typer.echo(ASIDE.format(version=outcome.version))
