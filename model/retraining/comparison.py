"""Tries models on held-back pictures, to judge a retraining."""

import logging
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from model.common.labels import NAMES, NONE_OF_THESE
from model.common.retraining.messages import Figures
from model.common.settings import Settings
from model.datasets.sources import clothing_photos, fashion_mnist, things
from model.datasets.sources.clothing_photos import Row, UnavailableError
from model.datasets.sources.corrections import CorrectedPhotos
from model.evaluation import evaluate
from model.evaluation.metrics import Measures, measure, told_apart
from model.retraining import gate
from model.retraining.gate import Judgement, Trial
from model.serving.classifier import Classifier

logger = logging.getLogger(__name__)

MARGINS = {
    "fashion_mnist": gate.FASHION_MNIST,
    "photos": gate.PHOTOS,
    "things": gate.THINGS,
    "corrections": gate.CORRECTIONS,
}
EVERY_THING = 3  # of the things that are kept back, every third: some 330
Images = NDArray[np.uint8]
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


def attempt(classifier: Classifier, held: Held) -> Tried:
    """Have a model answer everything that is held back."""
    trials: dict[str, Trial] = {}
    answers = evaluate.fashion_mnist_answers(classifier, held.images)
    right = np.eye(len(NAMES), dtype=bool)[held.labels]
    on_fashion_mnist = measure(answers, held.labels, right)
    hits = answers.probabilities.argmax(axis=1) == held.labels
    trials["fashion_mnist"] = Trial(hits=hits, labels=held.labels, ece=on_fashion_mnist.ece)
    on_photos = None
    if held.rows:
        answered = evaluate.on_photos(classifier, held.rows)
        on_photos = answered.measures()
        trials["photos"] = _photos(answered, on_photos)
        if held.things:
            trials["things"] = _things(answered, evaluate.on_things(classifier, held.things))
    if len(held.corrections):
        trials["corrections"] = _corrections(classifier, held.corrections)
    figures = Figures(
        fashion_mnist=trials["fashion_mnist"].accuracy,
        photos=trials["photos"].accuracy if on_photos else None,
        corrections=trials["corrections"].accuracy if len(held.corrections) else None,
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


def _things(photos: evaluate.AnsweredPhotos, things: evaluate.AnsweredThings) -> Trial:
    """The trial on things: "none" is right, and the score tells them from the photos' garments."""
    return Trial(
        hits=things.answers.verdicts == "none",
        labels=np.full(len(things.answers), -1),
        auroc=told_apart(photos.garments, things.answers),
    )


def _corrections(classifier: Classifier, corrections: CorrectedPhotos) -> Trial:
    """The trial on corrections: what counts is the answer that a person would get."""
    predictions = classifier.classify(corrections.pictures)
    said = [
        NONE_OF_THESE if prediction.verdict == "none" else prediction.label.index
        for prediction in predictions
    ]
    labels = corrections.labels
    return Trial(
        hits=np.array(said, np.int64) == labels,
        labels=np.where(labels == NONE_OF_THESE, -1, labels),
    )
