"""The commands that compile a model for serving: compile, publish."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from model.cli import common, training_common
from model.cli.models import open_registry
from model.common.registry.entry import ModelEntry
from model.common.registry.serving_config import Precision

File = Annotated[Path, typer.Argument(metavar="FILE.keras", show_default=False)]


Chosen = Annotated[
    Precision | None,
    typer.Option(
        show_default="as its config says, otherwise float32",
        help="Of the compiled form: float16 halves the file, int8 halves the time as well.",
    ),
]


def compile_(file: File, *, precision: Chosen = None) -> None:
    """Compile FILE.keras to FILE.tflite, which is what serves, and compare the two."""
    common.check_model_file(file)
    training_common.compile_next_to(file, precision)


def publish(
    file: File,
    version: Annotated[
        str | None, typer.Option(show_default="the config's", help="Its name in the registry.")
    ] = None,
    precision: Chosen = None,
) -> None:
    """Compile a model, and put it into the registry with its config; `promote` lets it answer."""
    common.check_model_file(file)
    done = training_common.compiled(file, precision)
    config = replace(done.config, version=version or done.config.version)
    entry = ModelEntry(
        version=config.version,
        network=config.network,
        config=config.as_json(),
        created_at=file.stat().st_mtime,
    )
    with open_registry() as (registry, _):
        published = registry.publish(entry, file.read_bytes(), done.content)
    typer.echo(f"Compiled: {done}.")
    typer.echo(f"{published.version} is in the registry: `promote {published.version}` serves it.")
