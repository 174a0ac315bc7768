"""One retraining, from the data to the verdict: what a trainer's attempt runs.

A new model is trained while the current one serves. Both are tried on pictures that neither saw,
and only a better one is published and promoted: see `model.retraining.gate` and docs/retraining.md.
"""

import io
import json
import logging
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import keras
import redis
from matplotlib.figure import Figure

from model.common.corrections.split import split
from model.common.corrections.store import CorrectionStore
from model.common.redis_tools.connection import Client
from model.common.registry.registry import (
    ChangedError,
    ModelEntry,
    Registry,
    RegistryError,
    Takeover,
    UnknownModelError,
    UnpublishableError,
)
from model.common.registry.serving_config import SHIPPED, Precision, ServingConfig
from model.common.retraining.messages import (
    Outcome,
    Reason,
    RetrainJob,
    RetrainProgress,
    SplitBy,
)
from model.common.settings import Settings
from model.datasets import labelled_pictures
from model.datasets.labelled_pictures import Labelled
from model.datasets.sources import fashion_mnist
from model.datasets.sources.corrections import CorrectedPhotos
from model.evaluation import figures
from model.networks.architectures import NETWORKS
from model.networks.saving import save
from model.retraining import candidate, comparison
from model.retraining.candidate import Learned, Material
from model.retraining.comparison import Held, Tried
from model.retraining.gate import Judgement
from model.retraining.time_left import OnProgress, stage_starts, timed
from model.serving.classifier import Classifier
from model.training import calibration, compiler

logger = logging.getLogger(__name__)

NEW = "new.keras"


@dataclass(frozen=True, slots=True)
class _Tuned:
    """A candidate with what it was trained on."""

    file: Path
    compiled: bytes
    classifier: Classifier
    learned: Learned
    trained_on: dict[str, Any]


def run(
    job: RetrainJob,
    settings: Settings,
    client: Client,
    report: OnProgress,
    token: str | None = None,
) -> tuple[Outcome, list[bytes]]:
    """Train as the job asks for, and promote the new model if it passes the gate.

    It is promoted in place of the one that served at the beginning, and while the attempt with this
    `token` holds the job: what an admin has chosen meanwhile stays.

    Returns what came of it, with pictures (PNG): the loss per epoch, 25 predictions, the confusion
    on Fashion-MNIST and, if there are photos, on them. `report` may raise to end the attempt;
    redis.RedisError ends it as well.
    """
    stages = stage_starts(job)
    report = timed(report)
    report(RetrainProgress(stage="loading"))
    if job.network not in (None, *NETWORKS):
        return _kept("failed", "unknown-network", detail=job.network or ""), []
    registry = Registry(client)
    if done := _done_before(job, registry):
        return done, []
    with tempfile.TemporaryDirectory(prefix="modista-") as folder:
        files = Path(folder)
        before = registry.current()
        path = _current(registry, files)
        current = Classifier.load(path.with_suffix(".tflite"))
        learned, held_back, split_by = _corrections(client)
        if job.network is None and not len(learned):
            return _kept("kept", "no-corrections"), []
        try:
            images, labels = fashion_mnist.arrays("train", settings)
        except fashion_mnist.NoFashionMnistError as error:
            return _kept("failed", "no-fashion-mnist", detail=str(error)), []
        held = Held.load(settings, images, labels, held_back)
        material = Material(settings, images, labels, learned, held)
        new = _trained(job, path, material, files, report)
        report(RetrainProgress(stage="measuring", share=stages.measuring))
        old_tried = comparison.attempt(current, held)
        report(RetrainProgress(stage="measuring", share=(stages.measuring + stages.drawing) / 2))
        new_tried = comparison.attempt(new.classifier, held)
        judgement = comparison.compare(old_tried, new_tried)
        report(RetrainProgress(stage="drawing", share=stages.drawing))
        album = _album(new, held, new_tried)
        outcome = _outcome(judgement, old_tried, new_tried, new.trained_on)
        outcome = replace(outcome, missing=held.missing, split_by=split_by)
        if judgement.gained == ("corrections",) and judgement.passes:
            voices = comparison.backers(old_tried, new_tried, learned, held_back)
            if len(voices) < 2 and not voices & set(job.admins):
                outcome = replace(outcome, verdict="kept", reason="one-person")
        if outcome.verdict == "promoted":
            report(RetrainProgress(stage="publishing", share=0.99))
            takeover = Takeover(by=job.user_name, instead_of=before, token=token)
            try:
                return _published(registry, new, outcome, takeover), album
            except ChangedError as changed:
                outcome = replace(outcome, verdict="kept", reason="changed", detail=changed.current)
        return _set_aside(registry, new, outcome, token), album


def _version(job: RetrainJob) -> str:
    return time.strftime("retrained-%Y%m%d-%H%M%S", time.gmtime(job.asked_at))


def _done_before(job: RetrainJob, registry: Registry) -> Outcome | None:
    """The outcome of an attempt that died after it had published its model.

    Whatever serves since then was somebody's choice.
    """
    try:
        return registry.get(_version(job)).outcome
    except UnknownModelError:
        return None


def _current(registry: Registry, folder: Path) -> Path:
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


def _corrections(client: Client) -> tuple[CorrectedPhotos, CorrectedPhotos, SplitBy]:
    """The corrections to learn from, those held back, and what keeps them apart."""
    store = CorrectionStore(client)
    sides = split(store.all())
    learned, held_back = (
        CorrectedPhotos.read(store, side) for side in (sides.learned, sides.held_back)
    )
    return learned, held_back, sides.by if len(learned) or len(held_back) else ""


def _trained(
    job: RetrainJob,
    current: Path,
    material: Material,
    folder: Path,
    report: OnProgress,
) -> _Tuned:
    """The candidate, calibrated and as it would be served."""
    stages = stage_starts(job)

    def shown(progress: RetrainProgress) -> None:
        share = stages.training + progress.share * (stages.compiling - stages.training)
        report(replace(progress, stage="training", share=share))

    shown(RetrainProgress(stage="training"))
    learned = candidate.learn(job, current, material, shown)
    report(RetrainProgress(stage="compiling", share=stages.compiling))
    config = replace(learned.config, version=_version(job))
    path = folder / NEW
    save(learned.network, path)
    compiled = _compiled(learned.network, config, material)
    trained_on = material.counts(photos=learned.mixed) | {"base": learned.base}
    report(RetrainProgress(stage="compiling", share=(stages.compiling + stages.measuring) / 2))
    classifier = Classifier.of(compiled.content, compiled.config)
    classifier = Classifier.of(compiled.content, _calibrated(classifier, material))
    return _Tuned(path, compiled.content, classifier, learned, trained_on)


def _compiled(network: keras.Model, config: ServingConfig, material: Material) -> compiler.Compiled:
    """In the precision of the model that serves; in float16 where int8 would cost right answers."""
    precision: Precision = config.precision if material.rows else "float32"
    calibrating = labelled_pictures.calibrating([*material.rows, *material.things], material.images)
    compiled = partial(compiler.compiled, network, config)
    try:
        return compiled(_held_back(material.held), precision=precision, calibration=calibrating)
    except compiler.UncompilableError as error:
        if precision != "int8":
            raise
        logger.warning("the candidate is served in float16: %s", error)
        return compiled(_held_back(material.held), precision="float16")


def _held_back(held: Held) -> Iterator[Labelled]:
    """By which the candidate is compared with its compiled form."""
    yield from labelled_pictures.of_rows(held.rows)
    count = labelled_pictures.SMALL_PICTURES
    yield from labelled_pictures.of_arrays(held.images[:count], held.labels[:count])


def _calibrated(classifier: Classifier, material: Material) -> ServingConfig:
    """Its config, fitted again if there are photos to fit it to; otherwise as it was."""
    config = classifier.config
    if not config.small_shape or not material.held.rows:
        return config
    held = material.held
    pictures = [
        *labelled_pictures.of_rows([*held.rows, *held.things]),
        *labelled_pictures.of_arrays(held.images, held.labels),
    ]
    logits, accepted, photos = calibration.logits_of(classifier, pictures)
    return calibration.calibrated(config, logits=logits, accepted=accepted, photos=photos)


def _published(registry: Registry, new: _Tuned, outcome: Outcome, takeover: Takeover) -> Outcome:
    """Promote it: the outcome with its version. Raises ChangedError, TakenOverError."""
    entry = _entry(new, outcome)
    registry.publish(entry, new.file.read_bytes(), new.compiled, takeover=takeover)
    return replace(outcome, version=entry.version)


def _set_aside(registry: Registry, new: _Tuned, outcome: Outcome, token: str | None) -> Outcome:
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


def _entry(new: _Tuned, outcome: Outcome) -> ModelEntry:
    config = new.classifier.config
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


def _album(new: _Tuned, held: Held, tried: Tried) -> list[bytes]:
    probabilities, _ = new.classifier.predict_arrays(held.images[: figures.COUNT])
    epochs = new.learned.epochs
    drawn = [
        figures.loss(
            [epoch.loss for epoch in epochs],
            [epoch.held_back_loss for epoch in epochs],
            names=("as it learned", "held-back pictures"),
        ),
        figures.predictions(held.images, held.labels, probabilities),
        figures.confusion(tried.fashion_mnist.confusion, of="Fashion-MNIST"),
    ]
    if tried.photos:
        drawn.append(figures.confusion(tried.photos.confusion, of="validation photos"))
    return [_png(figure) for figure in drawn]


def _png(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def _outcome(judgement: Judgement, old: Tried, new: Tried, trained_on: dict[str, Any]) -> Outcome:
    reason: Reason = "lost" if judgement.lost else "better" if judgement.gained else "no-gain"
    return Outcome(
        verdict="promoted" if judgement.passes else "kept",
        reason=reason,
        old=old.figures,
        new=new.figures,
        trained_on=trained_on,
        gained=list(judgement.gained),
        lost=list(judgement.lost),
        changes=judgement.changes,
    )


def _kept(verdict: Any, reason: Reason, detail: str = "") -> Outcome:
    return Outcome(verdict=verdict, reason=reason, detail=detail)
