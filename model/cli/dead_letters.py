"""The commands dead-letters list, show, retry and discard."""

# ruff: noqa: PLC0415 - what is heavy is imported by the command that needs it, so --help is quick

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from model.cli import common
from model.common.queue.dead_letters import DeadLetter, DeadLetters

NONE = "There are no dead letters."

app = typer.Typer(
    help="Photos that were given up in the last 12 hours: show, retry or discard them.",
    no_args_is_help=True,
)

Ids = Annotated[list[str] | None, typer.Argument(metavar="ID...", show_default=False)]
All = Annotated[bool, typer.Option("--all", help="All of them.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List the dead letters, the oldest first; with --json an object a line."""
    with common.connected() as client:
        # Without their photos, which may be many megabytes.
        described = [_described(letter) for letter in DeadLetters(client).all()]
    if as_json:
        for values in described:
            typer.echo(json.dumps(values, ensure_ascii=False))
        return
    if not described:
        typer.echo(NONE)
        return

    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("id", "job", "when", "who"):
        table.add_column(heading, no_wrap=True)
    table.add_column("KB", justify="right", no_wrap=True)
    table.add_column("reason", overflow="fold")
    for values in described:
        table.add_row(
            *(values["id"], values["job"] or "–", values["when"], str(values["who"] or "–")),
            *(f"{values['bytes'] / 1000:.1f}", _plain(values["reason"])),
        )
    # Outside a terminal there is no width to keep to.
    Console(width=None if sys.stdout.isatty() else 250, markup=False, highlight=False).print(table)


@app.command()
def show(
    *,
    name: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    as_json: AsJson = False,
    photo: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the photo's bytes there.")
    ] = None,
) -> None:
    """Show one dead letter, and write its photo to a file."""
    with common.connected() as client:
        letter = _found(DeadLetters(client), name)
    sent = asdict(letter.job) if letter.job else None
    if sent:
        del sent["image"]
    values = _described(letter) | {"message": sent}
    if photo is not None:
        with common.writing(photo):
            photo.write_bytes(letter.body)
    if as_json:
        typer.echo(json.dumps(values, ensure_ascii=False))
        return
    more = values.pop("message") or {}
    more |= more.pop("address", {})
    for key, value in {**values, **more, "id": letter.id}.items():
        if key != "user_id" and value not in (None, ""):
            typer.echo(f"{key:12}{_plain(str(value))}")
    if photo is not None:
        typer.echo(f"Its photo is in {photo}.")


@app.command()
def retry(names: Ids = None, *, every: All = False) -> None:
    """Put photos back into the queue, as if they were new: their senders get an answer."""

    def again(dead: DeadLetters, letter: DeadLetter) -> bool:
        if letter.job is None:
            typer.echo(
                f"{letter.id} is no photo, so it cannot be tried again: `dead-letters discard` "
                "deletes it.",
                err=True,
            )
            return False
        return dead.retry(letter)

    _each(names or [], again, every=every, done="back in the queue")


@app.command()
def discard(names: Ids = None, *, every: All = False) -> None:
    """Delete dead letters for good."""
    _each(names or [], DeadLetters.discard, every=every, done="deleted")


def _each(
    names: Sequence[str],
    act: Callable[[DeadLetters, DeadLetter], bool],
    *,
    every: bool,
    done: str,
) -> None:
    """Act on those that are named, or on all; ends with 1 unless each of them was acted on."""
    if every == bool(names):
        common.leave("Give the ids of the dead letters, or --all.")
    with common.connected() as client:
        dead = DeadLetters(client)
        if every:
            names = [letter.id for letter in dead.all()]
            if not names:
                typer.echo(NONE)
                return
        else:
            # A wrong id ends it before anything is done.
            names = [_found(dead, name).id for name in dict.fromkeys(names)]
        acted = 0
        for name in names:
            letter = dead.find(name)
            acted += letter is not None and act(dead, letter)
    typer.echo(f"{acted} of {len(names)} {done}.")
    if acted < len(names):
        raise typer.Exit(1)


def _found(dead: DeadLetters, name: str) -> DeadLetter:
    letter = dead.find(name)
    if letter is None:
        common.leave(f"There is no dead letter {name}: `dead-letters list` lists them.")
    return letter


def _described(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "job": letter.job.id if letter.job else None,
        "when": datetime.fromtimestamp(letter.at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        "who": letter.job.address.user_id if letter.job else None,
        "reason": letter.reason,
        "bytes": len(letter.body),
    }


def _plain(text: str) -> str:
    """On one line, without what a terminal would obey."""
    return "".join(character if character.isprintable() else "�" for character in text)
