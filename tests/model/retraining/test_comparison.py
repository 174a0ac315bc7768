"""A model's trial on what is held back."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from model.common.labels import LABELS, NONE_OF_THESE
from model.common.registry.serving_config import Kind, ServingConfig
from model.datasets.sources.clothing_photos import Row
from model.datasets.sources.corrections import CorrectedPhotos
from model.retraining import comparison, gate
from model.retraining.comparison import Held
from model.serving.classifier import Prepared
from model.training.calibration import Said

IMAGES = np.repeat(np.arange(10, dtype=np.uint8)[:, None, None], 28, axis=1).repeat(28, axis=2)


class FakeClassifier:
    """Reads Fashion-MNIST's class off the pixels; says Bag of every photo, red ones are none."""

    config = ServingConfig(version="fake", garment=0.5)

    def prepare(self, image: Image.Image) -> Prepared:
        kind: Kind = "small" if image.size == (28, 28) else "photo"
        return Prepared(kind, np.asarray(image, np.float32))

    def outputs(self, kind: Kind, images: np.ndarray) -> np.ndarray:
        corners = images[:, 0, 0]
        if kind == "small":
            return np.concatenate([np.eye(10)[corners[:, 0].astype(int)], np.ones((10, 1))], axis=1)
        red = (corners == (255, 0, 0)).all(axis=1)
        bags = np.repeat([[float(label.name == "Bag") for label in LABELS]], len(images), axis=0)
        return np.concatenate([bags, np.where(red, 0.1, 0.9)[:, None]], axis=1)

    def read(self, _: Kind, outputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return outputs[:, :10], outputs[:, 10]


def corrected(*pictures: tuple[str, int]) -> CorrectedPhotos:
    images = tuple(Image.new("RGB", (20, 20), colour) for colour, _ in pictures)
    voices = tuple(f"voice {number}" for number in range(len(pictures)))
    return CorrectedPhotos(images, np.array([label for _, label in pictures], np.int64), voices)


def tried(corrections: CorrectedPhotos, labels: np.ndarray | None = None) -> comparison.Tried:
    classifier: Any = FakeClassifier()
    labels = np.arange(10) if labels is None else labels
    return tried_by(classifier, Held(IMAGES, labels, (), corrections))


def tried_by(classifier: Any, held: Held) -> comparison.Tried:
    return comparison.tried(classifier, comparison.ask(classifier, held), held)


def test_a_correction_is_a_hit_where_a_person_would_be_answered_so() -> None:
    bag = 8
    # Named rightly; called none though a bag; rightly called none; a bag where there is none.
    trial = tried(
        corrected(("blue", bag), ("red", bag), ("red", NONE_OF_THESE), ("blue", NONE_OF_THESE))
    ).trials["corrections"]

    assert trial.hits.tolist() == [True, False, True, False]
    assert trial.labels.tolist() == [bag, bag, -1, -1]


def test_what_there_is_not_is_not_tried() -> None:
    found = tried(corrected())

    assert found.trials.keys() == {"fashion_mnist"}
    assert found.figures.photos is found.figures.corrections is found.figures.photos_auroc is None
    assert found.figures.counts == {"fashion_mnist": 10}


def test_figures_are_those_of_the_trials() -> None:
    wrong = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 0])

    found = tried(corrected(("blue", 8), ("blue", 3)), wrong)

    assert found.figures.fashion_mnist == pytest.approx(0.9)
    assert found.figures.corrections == 0.5
    assert found.figures.fashion_mnist_ece == found.trials["fashion_mnist"].ece


def test_things_are_right_where_they_are_called_none(tmp_path: Path) -> None:
    def photo(name: str, colour: str, garment: int | None, kind: str = "") -> Row:
        Image.new("RGB", (20, 20), colour).save(tmp_path / f"{name}.png")
        return Row(tmp_path / f"{name}.png", "validation", garment, None, category=kind)

    rows = (photo("bag", "blue", 8),)
    kept_back = (photo("ant", "red", None, "ant"), photo("lamp", "blue", None, "lamp"))
    classifier: Any = FakeClassifier()
    held = Held(IMAGES, np.arange(10), rows, corrected(), kept_back)

    found = tried_by(classifier, held)

    assert found.trials["things"].hits.tolist() == [True, False]
    # The bag scores higher than the ant, and as high as the lamp.
    assert found.trials["things"].auroc == 0.75
    assert (found.figures.things, found.figures.things_auroc) == (0.5, 0.75)
    assert found.figures.counts["things"] == 2
    assert held.missing == [] and comparison.compare(found, found).lost == ()


def test_other_garments_and_other_shoes_are_told_from_garments_apart(tmp_path: Path) -> None:
    def photo(name: str, colour: str, garment: int | None, kind: str) -> Row:
        Image.new("RGB", (20, 20), colour).save(tmp_path / f"{name}.png")
        return Row(tmp_path / f"{name}.png", "validation", garment, None, category=kind)

    rows = (
        photo("bag", "blue", 8, ""),
        photo("hat", "red", None, "Hat"),
        photo("pump", "navy", None, "Shoes"),
    )
    classifier: Any = FakeClassifier()

    found = tried_by(classifier, Held(IMAGES, np.arange(10), rows, corrected()))

    # The bag scores higher than the hat, and as high as the pump.
    assert (found.trials["photos"].auroc, found.trials["photos"].shoes_auroc) == (1.0, 0.5)
    assert (found.figures.photos_auroc, found.figures.shoes_auroc) == (1.0, 0.5)


def test_a_model_that_takes_more_things_for_garments_is_kept_back() -> None:
    def trial(none: int) -> gate.Trial:
        return gate.Trial(hits=np.arange(100) < none, labels=np.full(100, -1), auroc=0.99)

    better = gate.Trial(hits=np.arange(10) < 10, labels=np.full(10, 3))
    worse = gate.Trial(hits=np.arange(10) < 3, labels=np.full(10, 3))
    pairs = {"corrections": (worse, better), "things": (trial(95), trial(89))}

    judgement = gate.judge(pairs, comparison.MARGINS)

    assert (judgement.gained, judgement.lost) == (("corrections",), ("things",))
    pairs["things"] = trial(95), trial(90)
    assert gate.judge(pairs, comparison.MARGINS).passes


@pytest.mark.parametrize(("there", "missing"), [((), ["photos", "things"]), (("p",), ["things"])])
def test_what_there_is_not_is_named(there: tuple[Any, ...], missing: list[str]) -> None:
    assert Held(IMAGES, np.arange(10), there, corrected()).missing == missing


def test_two_models_are_compared_picture_by_picture() -> None:
    old = tried(corrected(*[("red", 8)] * 6))
    new = tried(corrected(*[("blue", 8)] * 6))

    judgement = comparison.compare(old, new)

    assert judgement.gained == ("corrections",) and judgement.passes
    assert comparison.compare(new, old).lost == ("corrections",)


def test_a_gain_rests_on_who_corrected_what_became_right_and_on_who_taught_it() -> None:
    bag, sandal = 8, 5
    held = corrected(("blue", bag), ("red", bag), ("red", sandal), ("red", sandal))
    taught = corrected(("red", sandal), ("red", bag), ("blue", sandal))
    taught = replace(taught, voices=("one", "two", "three"))
    old = tried(held)
    right = old.trials["corrections"].hits
    assert right.tolist() == [True, False, False, False]
    trials = {"corrections": replace(old.trials["corrections"], hits=right | [0, 0, 0, 1] > 0)}
    new = replace(old, trials=trials)

    assert comparison.backers(old, new, taught, held) == {"voice 3", "one", "three"}
    assert comparison.backers(old, old, taught, held) == set()
    without = replace(old, trials={})
    assert comparison.backers(without, without, taught, held) == set()


def test_what_is_known_of_a_collection_is_not_asked_again() -> None:
    classifier: Any = FakeClassifier()
    held = Held(IMAGES, np.arange(10), (), corrected(("blue", 8)))
    nobody: Any = None
    known = Said(("small",) * 10, np.zeros((10, 11), np.float32))

    asked = comparison.ask(classifier, held, {"fashion_mnist": known})

    assert asked["fashion_mnist"] is known and asked["corrections"].kinds == ("photo",)
    with pytest.raises(AttributeError):
        comparison.ask(nobody, held, {"fashion_mnist": known})
