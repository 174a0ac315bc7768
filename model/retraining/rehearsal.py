"""Pictures that a fine-tuning looks at: some of what the network knows, corrections, judges."""

from collections.abc import Callable, Sequence
from functools import partial
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.common.labels import LABELS
from model.datasets import views
from model.datasets.labelled_pictures import SMALL_PICTURES
from model.datasets.sources.clothing_photos import accepted, photo
from model.retraining.material import Material
from model.serving.classifier import Classifier, Prepared
from model.training.config import Tuning
from model.training.fine_tuning import HeldBack, Looked, Read, Seen

SEED = 0

Load = Callable[[], Image.Image]
Show = Callable[[], Prepared]


def look(
    read: Read,
    classifier: Classifier,
    material: Material,
    tuning: Tuning,
    report: Callable[[float], None],
) -> Looked:
    """Let a network read the pictures; `report` hears the share that it has read.

    Photos to learn from are turned, cropped and tinted at random, corrections several times. What
    is held back is seen as it is served.
    """
    held, sees_small = material.held, len(set(map(classifier.branch, classifier.kinds))) == 1
    small = min(SMALL_PICTURES, len(held.images)) if sees_small else 0
    corrections: list[Load] = [picture.copy for picture in material.corrections.pictures]
    rehearsed = _varied(classifier, tuning, _rehearsed(material, tuning))
    if sees_small:
        rehearsed += _as_served(classifier, _images(material, tuning))
    corrected = _varied(classifier, tuning, corrections * tuning.views)
    corrected += _as_served(classifier, corrections)
    rows = [*held.rows, *held.things]
    judges = [partial(photo, row) for row in rows]
    judges += [partial(_small, image) for image in held.images[:small]]
    seen = Seen.by(read, [*rehearsed, *corrected, *_as_served(classifier, judges)], report)
    known, ours = len(rehearsed), len(rehearsed) + len(corrected)
    plain = held.labels[:small, None] == np.arange(len(LABELS))
    return Looked(
        rehearsed=seen.part(0, known),
        corrected=seen.part(known, ours),
        labels=np.tile(material.corrections.labels, tuning.views + 1),
        held_back=HeldBack(
            seen.part(ours, len(seen)),
            np.concatenate([accepted(rows), plain]),
            np.repeat(["photo", "thing", "small"], [len(held.rows), len(held.things), small]),
        ),
    )


def _rehearsed(material: Material, tuning: Tuning) -> list[Load]:
    """Photos of clothes and things; of Fashion-MNIST where there are none."""
    random = Random(SEED)
    rows = [
        *random.sample(material.rows, min(tuning.photos, len(material.rows))),
        *random.sample(material.things, min(tuning.things, len(material.things))),
    ]
    return [partial(photo, row) for row in rows] or _images(material, tuning)


def _images(material: Material, tuning: Tuning) -> list[Load]:
    images, _ = material.fashion_mnist
    return [partial(_small, image) for image in images[: tuning.small]]


def _varied(classifier: Classifier, tuning: Tuning, loads: Sequence[Load]) -> list[Show]:
    """A view of each at random."""

    def show(number: int, load: Load) -> Prepared:
        rng = np.random.default_rng([SEED, number])
        pixels = views.sized(load(), tuning.source_side)
        _, view = views.varied(pixels, classifier.config.photo_shapes, rng, tuning.view)
        return Prepared("photo", view.astype(np.float32) / np.float32(255.0))

    return [partial(show, number, load) for number, load in enumerate(loads)]


def _as_served(classifier: Classifier, loads: Sequence[Load]) -> list[Show]:
    def show(load: Load) -> Prepared:
        return classifier.prepare(load())

    return [partial(show, load) for load in loads]


def _small(image: NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(image).convert("RGB")
