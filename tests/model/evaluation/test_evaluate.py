"""Measurements use the classifier's own answers."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from model.datasets.sources.clothing_photos import Row
from model.evaluation import evaluate
from model.networks.architectures import NETWORKS
from model.serving.classifier import Classifier


@pytest.fixture
def classifier(model: Path) -> Classifier:
    return Classifier.load(model.with_suffix(".tflite"))


def test_fashion_mnist_is_measured_as_keras_measures_it(classifier: Classifier) -> None:
    generator = np.random.default_rng(0)
    images = generator.integers(0, 120, (300, 28, 28), dtype=np.uint8)  # dark, as its borders are
    labels = generator.integers(0, 10, 300)
    found = evaluate.on_fashion_mnist(classifier, images, labels)

    keras.utils.set_random_seed(0)
    network = NETWORKS["ann"]()
    network.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    loss, accuracy = network.evaluate(images[..., None] / 255.0, labels, verbose=0)
    assert found.accuracy == pytest.approx(accuracy)
    assert found.loss == pytest.approx(loss, rel=1e-4)
    assert found.others == {}


def write_photo(folder: Path, name: str, colour: str) -> Path:
    path = folder / f"{name}.jpg"
    Image.new("RGB", (60, 80), colour).save(path)
    return path


def test_photos_of_no_garment_are_measured_apart(classifier: Classifier, tmp_path: Path) -> None:
    colours = ["black", "white", "red", "green", "blue", "grey", "navy", "pink", "tan"]
    paths = [write_photo(tmp_path, colour, colour) for colour in colours]
    images = [Image.open(path).convert("RGB") for path in paths]
    predictions = classifier.classify(images)
    # More than one batch; the first two show shorts and a pump, the rest what is predicted.
    rows = [
        Row(path, "validation", None if number < 2 else prediction.label.index, None)
        for number, (path, prediction) in enumerate(zip(paths, predictions, strict=True))
    ]
    rows[0], rows[1] = replace(rows[0], category="Shorts"), replace(rows[1], category="Shoes")
    rows[2] = replace(rows[2], category="Shoes")  # of the ten
    answered = evaluate.on_photos(classifier, rows)
    assert len(answered.garments) == 7
    assert {what: len(found) for what, found in answered.others.items()} == {
        "garments": 1,
        "shoes": 1,
    }
    assert answered.answers.verdicts.tolist() == [one.verdict for one in predictions]
    found = answered.measures()
    assert (found.images, found.accuracy) == (7, 1.0)
    scores = np.array([prediction.garment_score for prediction in predictions])
    for place, what in enumerate(("garments", "shoes")):
        score, rest = scores[place], scores[2:]
        assert found.others[what].auroc == ((rest > score) + (rest == score) / 2).mean()


def test_a_second_accepted_class_is_right(classifier: Classifier, tmp_path: Path) -> None:
    path = write_photo(tmp_path, "one", "black")
    predicted = classifier.classify([Image.open(path).convert("RGB")])[0].label.index
    other = (predicted + 1) % 10
    accepted = evaluate.on_photos(classifier, [Row(path, "validation", other, predicted)])
    refused = evaluate.on_photos(classifier, [Row(path, "validation", other, None)])
    assert (accepted.measures().accuracy, refused.measures().accuracy) == (1.0, 0.0)


def test_a_photo_that_cannot_be_read_is_named(classifier: Classifier, tmp_path: Path) -> None:
    path = tmp_path / "gone.jpg"
    with pytest.raises(evaluate.UnusablePhotosError, match=r"gone\.jpg"):
        evaluate.on_photos(classifier, [Row(path, "validation", 0, None)])


def test_photos_without_any_garment_are_refused(classifier: Classifier, tmp_path: Path) -> None:
    row = Row(write_photo(tmp_path, "floor", "grey"), "validation", None, None)
    with pytest.raises(evaluate.UnusablePhotosError, match="nothing to measure"):
        evaluate.on_photos(classifier, [row])


def test_things_keep_their_kinds(classifier: Classifier, tmp_path: Path) -> None:
    rows = [
        Row(write_photo(tmp_path, name, colour), "validation", None, None, category=kind)
        for name, colour, kind in (("a", "red", "lamp"), ("b", "blue", "lamp"), ("c", "tan", "ant"))
    ]
    photos = evaluate.on_photos(
        classifier, [Row(write_photo(tmp_path, "shirt", "black"), "validation", 0, None)]
    )

    found = evaluate.on_things(classifier, rows)

    assert found.kinds == ("lamp", "lamp", "ant")
    measured = found.measures(photos)
    assert (measured.garments, measured.photos, measured.kinds) == (1, 3, 2)
    assert {kind.name: kind.photos for kind in measured.worst} == {"lamp": 2, "ant": 1}
    assert {share * 3 for share in found.tradeoff(photos).things} <= {0.0, 1.0, 2.0, 3.0}


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_photos_are_turned_before_they_are_shown(
    classifier: Classifier, tmp_path: Path, turn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.png"
    picture = Image.new("RGB", (60, 80), "white")
    picture.paste("red", (0, 0, 60, 20))
    picture.save(path)
    shown: list[Image.Image] = []
    classify = classifier.classify

    def watched(images: list[Image.Image]) -> object:
        shown.extend(images)
        return classify(images)

    monkeypatch.setattr(classifier, "classify", watched)
    evaluate.on_photos(classifier, [Row(path, "validation", 0, None)], turn=turn)

    assert shown == [picture.rotate(turn, expand=True)]
