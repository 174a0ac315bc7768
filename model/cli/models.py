"""The commands for the registry: models, promote, keep-aside, discard, rollback."""

# ruff: noqa: PLC0415 - what is heavy is imported by the command that needs it, so --help is quick

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import redis
import typer

from model.cli import common
from model.common.queue.heartbeats import WORKERS
from model.common.registry.entry import Doubt, ModelEntry, ModelRefusal, Promotion
from model.common.registry.errors import RegistryError
from model.common.registry.registry import Registry

# Seconds for the workers to take a version up; it takes some, and more on a busy machine.
PATIENCE = 120.0
LOOK_EVERY = 0.5
AGAINST: dict[Doubt, str] = {"refused": "against the gate", "unmeasured": "without a measurement"}
FIGURES = {"fashion_mnist": "Fashion-\nMNIST", "photos": "photos", "corrections": "corrected"}


def models() -> None:
    """List the models, the newest first, with their figures; > is the one that answers."""
    from rich.console import Console
    from rich.table import Table

    with open_registry() as (registry, _):
        entries, current = registry.models(), registry.current()
        refused, aside, doubted = registry.refused(), registry.aside(), registry.doubted()
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("", "version", "network", "made"):
        table.add_column(heading, no_wrap=True)
    for heading in ("MB", "in\nRedis", *FIGURES.values()):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("")
    for entry in entries:
        figures = (entry.figures.get(name) for name in FIGURES)
        table.add_row(
            ">" if entry.version == current else "",
            *(entry.version, entry.network, _day(entry.created_at), f"{entry.size / 1e6:.1f}"),
            "–" if entry.shipped else f"{entry.stored_size / 1e6:.1f}",
            *("–" if figure is None else f"{100 * figure:.1f}%" for figure in figures),
            _remarks(
                entry,
                refused.get(entry.version),
                aside.get(entry.version),
                doubted.get(entry.version),
            ),
        )
    # Outside a terminal there is no width to keep to.
    Console(width=None if sys.stdout.isatty() else 200).print(table)


Version = Annotated[str, typer.Argument(show_default=False)]


def promote(
    version: Version,
    *,
    anyway: Annotated[
        bool,
        typer.Option("--anyway", help="Also one that the gate refused, or that nobody measured."),
    ] = False,
) -> None:
    """Let every worker answer by another model; waits until they do."""
    with open_registry() as (registry, client):
        current = registry.current()
        registry.promote(version, by=common.who(), instead_of=current, anyway=anyway)
        _follow(registry, client, version)


def adopt(version: Version) -> None:
    """Sign a model of an earlier release, which did not; not what somebody else put into Redis."""
    with open_registry() as (registry, _):
        registry.adopt(version)
    typer.echo(f"{version} is in the registry: `promote {version}` serves it.")


def keep_aside(version: Version) -> None:
    """Keep a model that the gate refused for another week."""
    with open_registry() as (registry, _):
        until = registry.keep_aside(version)
    typer.echo(f"{version} is kept aside until {_day(until)}.")


def discard(version: Version) -> None:
    """Delete a model that does not serve."""
    with open_registry() as (registry, _):
        registry.discard(version)
    typer.echo(f"{version} is deleted.")


def rollback() -> None:
    """Go back to the model that answered before; repeated, further back."""
    with open_registry() as (registry, client):
        version = registry.rollback(by=common.who())
        typer.echo(f"Back to {version}.")
        _follow(registry, client, version)


def _follow(registry: Registry, client: redis.Redis, version: str) -> None:
    """Wait until every worker serves the version; the end of the command if one refuses it."""
    from rich.console import Console

    give_up = time.monotonic() + PATIENCE
    with Console(stderr=True).status("") as shown:
        while True:
            alive = WORKERS.alive(client)
            ready = sum(worker.model == version for worker in alive)
            if not alive:
                typer.echo(f"No worker is running: the next that starts serves {version}.")
                return
            if ready == len(alive):
                typer.echo(f"{version} answers, in {ready} of {ready} workers.")
                return
            if refusal := registry.refused().get(version):
                common.leave(
                    f"{version} was refused ({refusal.reason}): {refusal.detail} "
                    "What answered before goes on; `rollback` takes this back."
                )
            if time.monotonic() > give_up:
                common.leave(f"{ready} of {len(alive)} workers serve {version} so far: see logs.")
            shown.update(f"{ready} of {len(alive)} workers serve {version} …")
            time.sleep(LOOK_EVERY)


@contextmanager
def open_registry() -> Iterator[tuple[Registry, redis.Redis]]:
    """The registry and its Redis; what goes wrong there ends the command with a sentence."""
    with common.connected() as client, common.explained(RegistryError):
        yield Registry(client), client


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d") if seconds else "–"


def _remarks(
    entry: ModelEntry,
    refusal: ModelRefusal | None,
    aside_until: float | None,
    doubted: Promotion | None,
) -> str:
    found = []
    if refusal:
        found.append(f"refused: {refusal.reason}")
    if doubted:
        found.append(f"promoted {AGAINST[doubted.doubt]} by {doubted.by}")
    if aside_until:
        found.append(f"refused by the gate, kept aside until {_day(aside_until)}")
    if entry.shipped:
        found.append("ships")
    elif not entry.compiled_sha256:
        found.append("not compiled: start a trainer")
    return ", ".join(found)
