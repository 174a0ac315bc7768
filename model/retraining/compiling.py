"""Compiles a retraining's candidate."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from model.common.registry.serving_config import Precision, ServingConfig
from model.datasets import labelled_pictures
from model.datasets.labelled_pictures import Labelled
from model.retraining.candidate import Learned
from model.retraining.comparison import Held
from model.retraining.material import Material
from model.training import compiler, last_layer

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled candidate, its config to calibrate, and whether it differs from the model that
    serves in nothing but what it says of photos.
    """

    content: bytes
    config: ServingConfig
    photos_alone: bool = False


def compiled(learned: Learned, version: str, current: Path, material: Material) -> Compiled:
    """In the precision of the model that it comes from.

    Where a fine-tuning changed its head alone, that is exchanged in the compiled form. Raises
    UncompilableError. `current` is the file of the model that serves.
    """
    config = replace(learned.config, version=version)
    if learned.change and config.precision == "int8":
        change, base = learned.change, learned.change.base
        try:
            content = last_layer.replaced(
                base.with_suffix(".tflite").read_bytes(), change.before, change.after
            )
        except last_layer.NotFoundError as error:
            logger.warning("the candidate is compiled as a whole: %s", error)
        else:
            return Compiled(content, config, photos_alone=base == current and change.photos_alone)
    return _whole(learned, config, material)


def _whole(learned: Learned, config: ServingConfig, material: Material) -> Compiled:
    """In float16 where int8 would cost right answers."""
    precision: Precision = config.precision if material.rows else "float32"
    images, _ = material.fashion_mnist
    calibrating = labelled_pictures.calibrating([*material.rows, *material.things], images)
    compile_as = partial(compiler.compiled, learned.network, config)
    try:
        done = compile_as(_held_back(material.held), precision=precision, calibration=calibrating)
    except compiler.UncompilableError as error:
        if precision != "int8":
            raise
        logger.warning("the candidate is served in float16: %s", error)
        done = compile_as(_held_back(material.held), precision="float16")
    return Compiled(done.content, done.config)


def _held_back(held: Held) -> Iterator[Labelled]:
    """By which the candidate is compared with its compiled form."""
    yield from labelled_pictures.of_rows(held.rows)
    count = labelled_pictures.SMALL_PICTURES
    yield from labelled_pictures.of_arrays(held.images[:count], held.labels[:count])
