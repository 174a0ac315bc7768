"""Tries models on held-back pictures, to judge a retraining."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.common.labels import NAMES, NONE_OF_THESE
from model.common.registry.serving_config import KINDS, Kind, ServingConfig
from model.common.retraining.messages import Figures
from model.common.settings import Settings
from model.datasets.sources import clothing_photos, fashion_mnist, things
from model.datasets.sources.clothing_photos import Row, UnavailableError
from model.datasets.sources.corrections import CorrectedPhotos
from model.evaluation import evaluate
from model.evaluation.metrics import Answers, Measures, measure, told_apart
from model.retraining import gate
from model.retraining.gate import Judgement, Trial
from model.serving.classifier import Classifier, grouped
from model.training import calibration

logger = logging.getLogger(__name__)

MARGINS = {
    "fashion_mnist": gate.FASHION_MNIST,
    "photos": gate.PHOTOS,
    "things": gate.THINGS,
    "corrections": gate.CORRECTIONS,
}
EVERY_THING = 3  # of the things that are kept back, every third: some 330
PART = 64  # pictures at a time
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
    def load(
        cls, settings: Settings, images: Images, labels: Labels, kept: CorrectedPhotos
    ) -> Self:
        """With the last of Fashion-MNIST's training images, as `arrays` of that module has them."""
        return cls(
            images[-fashion_mnist.HELD_BACK :],
            labels[-fashion_mnist.HELD_BACK :],
            validation_rows(settings),
            kept,
            thing_rows(settings),
        )


@dataclass(frozen=True, slots=True)
class Tried:
    """One model's results: a trial for each collection, and the figures to show."""

    trials: dict[str, Trial]
    figures: Figures
    fashion_mnist: Measures
    photos: Measures | None


def validation_rows(settings: Settings) -> tuple[Row, ...]:
    """The validation photos; none if there are no clothing photos."""
    folder = settings.clothing_photos
    if folder is None or not folder.is_dir():
        return ()
    return tuple(clothing_photos.rows(folder, split="validation"))


def thing_rows(settings: Settings) -> tuple[Row, ...]:
    """Photos of things of kinds that no training sees; none if they cannot be had."""
    try:
        return tuple(things.rows("validation", settings)[::EVERY_THING])
    except UnavailableError as error:
        logger.warning("%s", error)
        return ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a network says of a collection of n pictures: kinds [n] and logits [n, 10 or 11]."""

    kinds: tuple[Kind, ...]
    logits: Floats

    @classmethod
    def by(cls, classifier: Classifier, pictures: Iterable[Image.Image]) -> Self:
        """Of the pictures, in their order, a few of them in memory at a time."""
        kinds: list[Kind] = []
        parts: list[Floats] = []
        waiting = iter(pictures)
        while part := [classifier.prepare(each) for each in islice(waiting, PART)]:
            kinds += [each.kind for each in part]
            outputs = [
                (places, classifier.outputs(kind, pixels)) for kind, places, pixels in grouped(part)
            ]
            parts.append(np.zeros((len(part), outputs[0][1].shape[1]), np.float32))
            for places, logits in outputs:
                parts[-1][places] = logits
        return cls(tuple(kinds), np.concatenate(parts))

    def answers(self, classifier: Classifier) -> Answers:
        """The answers, calibrated by the classifier's config."""
        probabilities = np.zeros((len(self.kinds), len(NAMES)), np.float32)
        scores = np.zeros(len(self.kinds), np.float32)
        of_kind = np.array(self.kinds)
        for kind in KINDS:
            places = of_kind == kind
            if places.any():
                read = classifier.read(kind, self.logits[places])
                probabilities[places], scores[places] = read
        return Answers(classifier.config, probabilities, scores)


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
    classes = np.arange(len(NAMES))
    accepted = [
        [row.accepts(int(index)) for index in classes] for row in (*held.rows, *held.things)
    ]
    return calibration.calibrated(
        config,
        logits=np.concatenate([asked[name].logits for name in names]),
        accepted=np.concatenate([np.array(accepted, bool), held.labels[:, None] == classes]),
        photos=np.array([kind == "photo" for name in names for kind in asked[name].kinds]),
    )


def tried(classifier: Classifier, asked: Asked, held: Held) -> Tried:
    """A model's results, by its config, where its network said this of what is held back."""
    trials: dict[str, Trial] = {}
    answers = asked["fashion_mnist"].answers(classifier)
    right = np.eye(len(NAMES), dtype=bool)[held.labels]
    on_fashion_mnist = measure(answers, held.labels, right)
    hits = answers.probabilities.argmax(axis=1) == held.labels
    trials["fashion_mnist"] = Trial(hits=hits, labels=held.labels, ece=on_fashion_mnist.ece)
    on_photos = None
    if "photos" in asked:
        photos = evaluate.AnsweredPhotos(held.rows, asked["photos"].answers(classifier))
        on_photos = photos.measures()
        trials["photos"] = _photos(photos, on_photos)
        if "things" in asked:
            trials["things"] = _things(photos, asked["things"].answers(classifier))
    if "corrections" in asked:
        answers = asked["corrections"].answers(classifier)
        trials["corrections"] = _corrections(answers, held.corrections.labels)
    figures = Figures(
        fashion_mnist=trials["fashion_mnist"].accuracy,
        photos=trials["photos"].accuracy if on_photos else None,
        corrections=trials["corrections"].accuracy if "corrections" in asked else None,
        fashion_mnist_ece=on_fashion_mnist.ece,
        photos_ece=on_photos.ece if on_photos else None,
        photos_auroc=trials["photos"].auroc if on_photos else None,
        shoes_auroc=trials["photos"].shoes_auroc if on_photos else None,
        things=trials["things"].accuracy if "things" in trials else None,
        things_auroc=trials["things"].auroc if "things" in trials else None,
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


def _photos(answered: evaluate.AnsweredPhotos, measures: Measures) -> Trial:
    """The trial on the photos that show a garment of the ten."""
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
