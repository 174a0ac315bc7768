"""The versions of the model that a retraining starts from and leaves."""

import json
import logging
import time
from dataclasses import asdict, replace
from pathlib import Path

import redis

from model.common.registry.entry import ModelEntry
from model.common.registry.errors import RegistryError, UnknownModelError, UnpublishableError
from model.common.registry.registry import Registry
from model.common.registry.serving_config import SHIPPED, ServingConfig
from model.common.retraining.messages import Outcome, RetrainJob

logger = logging.getLogger(__name__)

Files = tuple[bytes, bytes]  # a version's Keras file and its compiled form


def name(job: RetrainJob) -> str:
    """The name of a job's new version."""
    return time.strftime("retrained-%Y%m%d-%H%M%S", time.gmtime(job.asked_at))


def done_before(job: RetrainJob, registry: Registry) -> Outcome | None:
    """The outcome of an attempt that died after it had published its model.

    Whatever serves since then was somebody's choice.
    """
    try:
        return registry.get(name(job)).outcome
    except UnknownModelError:
        return None


def current(registry: Registry, folder: Path) -> Path:
    """The file of the model that serves, with its config next to it.

    Like the workers, it passes over a version that cannot be served.
    """
    refused = registry.refused()
    for version in (registry.current(), *registry.before()):
        if version in refused:
            continue
        try:
            entry = registry.get(version)
            if entry.shipped:
                break
            network, compiled = registry.read(version), registry.read_compiled(version)
        except RegistryError as error:
            logger.warning("%s", error)
            continue
        path = folder / "current.keras"
        path.write_bytes(network)
        path.with_suffix(".tflite").write_bytes(compiled)
        path.with_suffix(".json").write_text(json.dumps(entry.config), encoding="utf-8")
        return path
    return SHIPPED


def set_aside(
    registry: Registry, config: ServingConfig, outcome: Outcome, files: Files, token: str | None
) -> Outcome:
    """Keep what is not to serve: the outcome with its version, without if there is no room.

    Raises TakenOverError.
    """
    new = entry(config, outcome)
    try:
        registry.set_aside(new, *files, token=token)
    except (redis.OutOfMemoryError, UnpublishableError) as error:
        logger.warning("the candidate is not kept aside: %s", error)
        return outcome
    return replace(outcome, version=new.version)


def entry(config: ServingConfig, outcome: Outcome) -> ModelEntry:
    """The registry's entry of a new version."""
    figures = asdict(outcome.new) if outcome.new else {}
    counts = figures.pop("counts", {})
    return ModelEntry(
        version=config.version,
        network=config.network,
        config=config.as_json(),
        trained_on=outcome.trained_on | {"measured_on": counts},
        figures={name: value for name, value in figures.items() if value is not None},
        created_at=time.time(),
        outcome=replace(outcome, version=config.version),
    )
