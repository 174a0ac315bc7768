"""The versions of the model that a retraining starts from and leaves."""

import json
import logging
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import redis

from model.common.registry.entry import ModelEntry
from model.common.registry.errors import RegistryError, UnknownModelError, UnpublishableError
from model.common.registry.registry import Registry
from model.common.registry.serving_config import SHIPPED, ServingConfig
from model.common.registry.versions import Takeover
from model.common.retraining.messages import Outcome, RetrainJob

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A new version: its Keras file and compiled form, its config, what it was trained on."""

    file: Path
    compiled: bytes
    config: ServingConfig
    trained_on: dict[str, Any]


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


def published(registry: Registry, new: Candidate, outcome: Outcome, takeover: Takeover) -> Outcome:
    """Promote it: the outcome with its version. Raises ChangedError, TakenOverError."""
    entry = _entry(new, outcome)
    registry.publish(entry, new.file.read_bytes(), new.compiled, takeover=takeover)
    return replace(outcome, version=entry.version)


def set_aside(registry: Registry, new: Candidate, outcome: Outcome, token: str | None) -> Outcome:
    """Keep what is not to serve: the outcome with its version, without if there is no room.

    Raises TakenOverError.
    """
    entry = _entry(new, outcome)
    try:
        registry.set_aside(entry, new.file.read_bytes(), new.compiled, token=token)
    except (redis.OutOfMemoryError, UnpublishableError) as error:
        logger.warning("the candidate is not kept aside: %s", error)
        return outcome
    return replace(outcome, version=entry.version)


def _entry(new: Candidate, outcome: Outcome) -> ModelEntry:
    config = new.config
    figures = asdict(outcome.new) if outcome.new else {}
    counts = figures.pop("counts", {})
    return ModelEntry(
        version=config.version,
        network=config.network,
        config=config.as_json(),
        trained_on=new.trained_on | {"measured_on": counts},
        figures={name: value for name, value in figures.items() if value is not None},
        created_at=time.time(),
        outcome=replace(outcome, version=config.version),
    )
