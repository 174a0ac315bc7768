"""Tries models on held-back pictures, to judge a retraining."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.common.labels import NAMES, NONE_OF_THESE
from model.common.registry.serving_config import KINDS, ServingConfig
from model.common.retraining.messages import Figures
from model.common.settings import Settings
from model.datasets.sources import clothing_photos, fashion_mnist, things
from model.datasets.sources.clothing_photos import Row, UnavailableError
from model.datasets.sources.corrections import CorrectedPhotos
from model.evaluation import evaluate
from model.evaluation.metrics import Answers, Measures, measure, told_apart
from model.retraining import gate
from model.retraining.gate import Judgement, Trial
from model.serving.classifier import Classifier
from model.training import calibration
from model.training.calibration import Said

logger = logging.getLogger(__name__)

MARGINS = {
    "fashion_mnist": gate.FASHION_MNIST,
    "photos": gate.PHOTOS,
    "things": gate.THINGS,
    "corrections": gate.CORRECTIONS,
}
EVERY_THING = 3  # of the things that are kept back, every third: some 330
Images = NDArray[np.uint8]
Floats = NDArray[np.float32]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Held:
    """The held-back images of Fashion-MNIST, photos and corrections.

    images uint8 [n, 28, 28], labels int64 [n]. `rows` are validation photos of clothes, `things`
    photos of things that are no garment; each is empty if there are none.
    """

    images: Images
    labels: Labels
    rows: tuple[Row, ...]
    corrections: CorrectedPhotos
    things: tuple[Row, ...] = ()

    @property
    def missing(self) -> list[str]:
        """The collections that there are not, by their names in MARGINS."""
        return [name for name, rows in (("photos", self.rows), ("things", self.things)) if not rows]

    @classmethod
    def load(cls, settings: Settings, kept: CorrectedPhotos) -> Self:
        """Photos and things are left out where there are none.

        Raises NoFashionMnistError, and UnavailableError where the list of the photos says what
        cannot be.
        """
        images, labels = fashion_mnist.held_back(settings)
        rows = clothing_photos.available(settings, "validation")
        try:
            kept_back = things.rows("validation", settings)[::EVERY_THING]
        except UnavailableError as error:
            logger.warning("%s", error)
            kept_back = []
        return cls(images, labels, tuple(rows), kept, tuple(kept_back))


@dataclass(frozen=True, slots=True)
class Tried:
    """One model's results: a trial for each collection, and the figures to show."""

    trials: dict[str, Trial]
    figures: Figures
    fashion_mnist: Measures
    photos: Measures | None


Asked = Mapping[str, Said]


def ask(classifier: Classifier, held: Held, known: Mapping[str, Said] | None = None) -> Asked:
    """What the network says of everything that is held back, by collection.

    But for what is `known`: what another network said that is the same for these pictures.
    """
    asked = dict(known or {})
    if "fashion_mnist" not in asked:
        images = (Image.fromarray(image).convert("RGB") for image in held.images)
        asked["fashion_mnist"] = Said.by(classifier, images)
    if held.rows:
        asked["photos"] = Said.by(classifier, map(clothing_photos.photo, held.rows))
        if held.things:
            asked["things"] = Said.by(classifier, map(clothing_photos.photo, held.things))
    if len(held.corrections):
        asked["corrections"] = Said.by(classifier, held.corrections.pictures)
    return asked


def calibrated(config: ServingConfig, asked: Asked, held: Held) -> ServingConfig:
    """The config fitted to what was said, if there are photos; otherwise as it was."""
    if not config.small_shape or not held.rows:
        return config
    names = [name for name in ("photos", "things", "fashion_mnist") if name in asked]
    shown = clothing_photos.accepted([*held.rows, *held.things])
    plain = held.labels[:, None] == np.arange(len(NAMES))
    return calibration.calibrated(
        config,
        logits=np.concatenate([asked[name].logits for name in names]),
        accepted=np.concatenate([shown, plain]),
        photos=np.concatenate([asked[name].photos for name in names]),
    )


def tried(classifier: Classifier, asked: Asked, held: Held) -> Tried:
    """A model's results, by its config, where its network said this of what is held back."""
    answers = {name: _answers(classifier, said) for name, said in asked.items()}
    labels = held.labels
    on_fashion_mnist = measure(
        answers["fashion_mnist"], labels, np.eye(len(NAMES), dtype=bool)[labels]
    )
    hits = answers["fashion_mnist"].probabilities.argmax(axis=1) == labels
    trials = {"fashion_mnist": Trial(hits=hits, labels=labels, ece=on_fashion_mnist.ece)}
    on_photos = None
    if "photos" in answers:
        photos = evaluate.AnsweredPhotos(held.rows, answers["photos"])
        on_photos = photos.measures()
        trials["photos"] = _photos(photos, on_photos)
        if "things" in answers:
            trials["things"] = _things(photos, answers["things"])
    if "corrections" in answers:
        trials["corrections"] = _corrections(answers["corrections"], held.corrections.labels)

    def figure(collection: str, name: str) -> float | None:
        return getattr(trials[collection], name) if collection in trials else None

    figures = Figures(
        fashion_mnist=trials["fashion_mnist"].accuracy,
        photos=figure("photos", "accuracy"),
        corrections=figure("corrections", "accuracy"),
        fashion_mnist_ece=on_fashion_mnist.ece,
        photos_ece=figure("photos", "ece"),
        photos_auroc=figure("photos", "auroc"),
        shoes_auroc=figure("photos", "shoes_auroc"),
        things=figure("things", "accuracy"),
        things_auroc=figure("things", "auroc"),
        counts={name: len(trial.hits) for name, trial in trials.items()},
    )
    return Tried(trials, figures, on_fashion_mnist, on_photos)


def compare(old: Tried, new: Tried) -> Judgement:
    """The gate's judgement of two models that were tried on the same pictures."""
    pairs = {name: (trial, new.trials[name]) for name, trial in old.trials.items()}
    return gate.judge(pairs, MARGINS)


def backers(old: Tried, new: Tried, learned: CorrectedPhotos, held: CorrectedPhotos) -> set[str]:
    """Whose word a gain on the held-back corrections rests on.

    That of those who corrected what the new model alone has right, and of those from whose
    corrections of the same classes it learned.
    """
    if "corrections" not in old.trials:
        return set()
    better = new.trials["corrections"].hits & ~old.trials["corrections"].hits
    labels = set(held.labels[better].tolist())
    judges = {held.voices[number] for number in np.flatnonzero(better)}
    teachers = zip(learned.voices, learned.labels.tolist(), strict=True)
    return judges | {voice for voice, label in teachers if label in labels}


def _answers(classifier: Classifier, said: Said) -> Answers:
    probabilities = np.zeros((len(said.kinds), len(NAMES)), np.float32)
    scores = np.zeros(len(said.kinds), np.float32)
    of_kind = np.array(said.kinds)
    for kind in KINDS:
        places = of_kind == kind
        if places.any():
            probabilities[places], scores[places] = classifier.read(kind, said.logits[places])
    return Answers(classifier.config, probabilities, scores)


def _photos(answered: evaluate.AnsweredPhotos, measures: Measures) -> Trial:
    garments = answered.garments
    likeliest = garments.probabilities.argmax(axis=1)
    labels = [row.garment for row in answered.rows if row.garment is not None]
    aurocs = {what: found.auroc for what, found in measures.others.items()}
    return Trial(
        hits=answered.right[np.arange(len(likeliest)), likeliest],
        labels=np.array(labels, np.int64),
        ece=measures.ece,
        auroc=aurocs.get("garments"),
        shoes_auroc=aurocs.get("shoes"),
    )


def _things(photos: evaluate.AnsweredPhotos, things: Answers) -> Trial:
    """The trial on things: "none" is right, and the score tells them from the photos' garments."""
    return Trial(
        hits=things.verdicts == "none",
        labels=np.full(len(things), -1),
        auroc=told_apart(photos.garments, things),
    )


def _corrections(answers: Answers, labels: Labels) -> Trial:
    """The trial on corrections: what counts is the answer that a person would get."""
    named = answers.probabilities.argmax(axis=1)
    return Trial(
        hits=np.where(answers.verdicts == "none", NONE_OF_THESE, named) == labels,
        labels=np.where(labels == NONE_OF_THESE, -1, labels),
    )
