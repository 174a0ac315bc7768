"""Helpers of the commands; a user's mistake ends a command with a sentence."""

# ruff: noqa: PLC0415 - what is heavy is imported where it is needed, so --help is quick

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from pydantic import ValidationError

from model.common.registry.serving_config import compiled_form
from model.common.settings import Settings, explain

if TYPE_CHECKING:
    from model.common.redis_tools.connection import Client
    from model.serving.classifier import Classifier


def leave(sentence: str) -> NoReturn:
    """End the command with a sentence for the person who ran it."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


@contextmanager
def explained(*errors: type[Exception], before: str = "") -> Iterator[None]:
    """Errors that are sentences end the command with them."""
    try:
        yield
    except errors as error:
        leave(f"{before}{error}")


def settings() -> Settings:
    """The settings, or the end if one is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        leave(explain(error))


@contextmanager
def connected() -> Iterator["Client"]:
    """A client of Redis; what goes wrong there ends the command with a sentence."""
    import redis

    from model.common.redis_tools.connection import connect
    from model.common.redis_tools.server_check import UnsuitableServerError, check_key

    chosen = settings()
    with connect(chosen) as client:
        try:
            with explained(UnsuitableServerError):
                check_key(client)
                yield client
        except redis.RedisError as error:
            todo = "start it with `make run`" if chosen.embedded_redis else "check REDIS_URL"
            leave(f"Redis cannot be reached ({error}): {todo}.")


def who() -> str:
    """The user who runs the command, for people who read of it in the chat."""
    try:
        return f"{getpass.getuser()} (shell)"
    except (KeyError, OSError):
        return "shell"  # in a container, a user without a name


def check_model_file(out: Path) -> None:
    """Check that a model can be written to `out`, before anything is trained."""
    if out.suffix != ".keras":
        leave(f"{out} does not end in .keras: choose such a file name.")
    if out.is_dir():
        leave(f"{out} is a folder: choose a file name for the model.")
    make_folder(out.parent)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """The command ends if the file cannot be written inside."""
    try:
        yield
    except OSError as error:
        leave(f"{path} cannot be written ({error.strerror or error}): choose another place.")


def write(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file, and print its path."""
    with writing(path):
        write(path)
    typer.echo(path)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, unless they exist."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        leave(f"The folder {folder} cannot be created ({error.strerror}): choose another one.")


def load(model: Path | None) -> "Classifier":
    """The classifier in FILE.keras, which must be compiled already, or the shipped one."""
    from model.serving.classifier import Classifier, UnusableModelError

    if model and model.is_file():
        compiled = compiled_form(model)
        if compiled is None:
            leave(f"{model} is not compiled: run `python -m model compile {model}`.")
        model = compiled
    with explained(UnusableModelError):
        return Classifier.load(model)


def track(what: str) -> Callable[..., Any]:
    """A progress bar on stderr, if it is a terminal."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return lambda sequence: track(
        sequence, what, console=console, transient=True, disable=not console.is_terminal
    )
