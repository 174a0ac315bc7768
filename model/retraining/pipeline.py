"""One retraining, from the data to the verdict: what a trainer's attempt runs.

A new model is trained while the current one serves. Both are tried on pictures that neither saw,
and only a better one is published and promoted: see `model.retraining.gate` and
docs/models/retraining.md.
"""

import tempfile
from dataclasses import replace
from pathlib import Path

from model.common.corrections.split import split
from model.common.corrections.store import CorrectionStore
from model.common.redis_tools.connection import Client
from model.common.registry.errors import ChangedError
from model.common.registry.registry import Registry
from model.common.registry.versions import Takeover
from model.common.retraining.messages import (
    Outcome,
    Reason,
    RetrainJob,
    RetrainProgress,
    SplitBy,
)
from model.common.settings import Settings
from model.datasets.sources import fashion_mnist
from model.datasets.sources.corrections import CorrectedPhotos
from model.networks.architectures import NETWORKS
from model.networks.saving import save
from model.retraining import candidate, comparison, compiling, versions
from model.retraining.album import album
from model.retraining.comparison import Held, Tried
from model.retraining.gate import Judgement
from model.retraining.material import Material
from model.retraining.progress import STARTS, OnProgress, part_of, timed
from model.serving.classifier import Classifier


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
    report = timed(report)
    report(RetrainProgress(stage="loading"))
    if job.network not in (None, *NETWORKS):
        return Outcome(verdict="failed", reason="unknown-network", detail=job.network or ""), []
    registry, stages = Registry(client), STARTS[job.network]
    if done := versions.done_before(job, registry):
        return done, []
    with tempfile.TemporaryDirectory(prefix="modista-") as folder:
        files = Path(folder)
        before = registry.current()
        path = versions.current(registry, files)
        current = Classifier.load(path.with_suffix(".tflite"))
        learned, held_back, split_by = _corrections(client)
        if job.network is None and not len(learned):
            return Outcome(verdict="kept", reason="no-corrections"), []
        try:
            held = Held.load(settings, held_back)
        except fashion_mnist.NoFashionMnistError as error:
            return Outcome(verdict="failed", reason="no-fashion-mnist", detail=f"{error}"), []
        material = Material(settings, learned, held)
        training = part_of(report, stages.training, stages.compiling)
        training(RetrainProgress(stage="training"))
        made = candidate.learn(job, path, material, training)
        report(RetrainProgress(stage="compiling", share=stages.compiling))
        compiled = compiling.compiled(made, versions.name(job), path, material)
        save(made.network, files / "new.keras")
        report(RetrainProgress(stage="measuring", share=stages.measuring))
        said = comparison.ask(current, held)
        report(RetrainProgress(stage="measuring", share=(stages.measuring + stages.drawing) / 2))
        new = Classifier.of(compiled.content, compiled.config)
        # The branch for small pictures is the old one's where but the photo branch's head changed.
        same = {"fashion_mnist": said["fashion_mnist"]} if compiled.photos_alone else {}
        said_now = comparison.ask(new, held, same)
        new = Classifier.of(compiled.content, comparison.calibrated(new.config, said_now, held))
        old_tried = comparison.tried(current, said, held)
        new_tried = comparison.tried(new, said_now, held)
        judgement = comparison.compare(old_tried, new_tried)
        report(RetrainProgress(stage="drawing", share=stages.drawing))
        pictures = album(made, new, held, new_tried)
        outcome = replace(
            _outcome(judgement, old_tried, new_tried),
            trained_on={**made.trained_on, "base": made.base},
            missing=held.missing,
            split_by=split_by,
        )
        if judgement.gained == ("corrections",) and judgement.passes:
            voices = comparison.backers(old_tried, new_tried, learned, held_back)
            if len(voices) < 2 and not voices & set(job.admins):
                outcome = replace(outcome, verdict="kept", reason="one-person")
        version = (files / "new.keras").read_bytes(), compiled.content
        if outcome.verdict == "promoted":
            report(RetrainProgress(stage="publishing", share=0.99))
            takeover = Takeover(by=job.user_name, instead_of=before, token=token)
            try:
                registry.publish(versions.entry(new.config, outcome), *version, takeover=takeover)
                return replace(outcome, version=new.version), pictures
            except ChangedError as changed:
                outcome = replace(outcome, verdict="kept", reason="changed", detail=changed.current)
        return versions.set_aside(registry, new.config, outcome, version, token), pictures


def _corrections(client: Client) -> tuple[CorrectedPhotos, CorrectedPhotos, SplitBy]:
    """The corrections to learn from, those held back, and what keeps them apart."""
    store = CorrectionStore(client)
    sides = split(store.all())
    learned, held_back = (
        CorrectedPhotos.read(store, side) for side in (sides.learned, sides.held_back)
    )
    return learned, held_back, sides.by if len(learned) or len(held_back) else ""


def _outcome(judgement: Judgement, old: Tried, new: Tried) -> Outcome:
    reason: Reason = "lost" if judgement.lost else "better" if judgement.gained else "no-gain"
    return Outcome(
        verdict="promoted" if judgement.passes else "kept",
        reason=reason,
        old=old.figures,
        new=new.figures,
        gained=list(judgement.gained),
        lost=list(judgement.lost),
        changes=judgement.changes,
    )
