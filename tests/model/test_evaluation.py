"""The measures, against what can be worked out by hand."""

from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from model import evaluation
from model.classifier import Classifier
from model.datasets.clothing_photos import Row
from model.labels import NAMES
from model.networks import NETWORKS


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    """The exercise's network, untrained."""
    keras.utils.set_random_seed(0)
    path = tmp_path_factory.mktemp("model") / "ann.keras"
    NETWORKS["ann"]().save(path)
    return Classifier.load(path)


def certain(*classes: int) -> np.ndarray:
    return np.eye(len(NAMES))[list(classes)]


def test_accuracy_counts_each_class_and_every_accepted_one() -> None:
    labels = np.array([0, 0, 0, 1])
    right = certain(0, 0, 0, 1).astype(bool)
    right[1, 6] = True  # a T-shirt that may also be called a shirt
    found = evaluation.measure(certain(0, 6, 2, 1), labels, right)
    assert found.accuracy == 0.75
    assert found.per_class == {"T-shirt/top": pytest.approx(2 / 3), "Trouser": 1.0}
    assert found.macro_accuracy == pytest.approx(5 / 6)
    assert found.confusion[0][0] == found.confusion[0][6] == found.confusion[0][2] == 1
    assert sum(map(sum, found.confusion)) == found.images == 4


def test_loss_is_the_mean_negative_log_likelihood() -> None:
    probabilities = np.full((2, 10), 0.05)
    probabilities[0, 3], probabilities[1, 4] = 0.55, 0.55
    found = evaluation.measure(probabilities, np.array([3, 3]), certain(3, 3).astype(bool))
    assert found.loss == pytest.approx(-(np.log(0.55) + np.log(0.05)) / 2)


def test_loss_stays_finite_where_the_right_class_was_ruled_out() -> None:
    found = evaluation.measure(certain(1), np.array([0]), certain(0).astype(bool))
    assert 10 < found.loss < 100


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    # Four predictions at 0.9, three of them right; two at 0.5, both right.
    confidences = np.array([0.9, 0.9, 0.9, 0.9, 0.5, 0.5])
    hits = np.array([True, True, True, False, True, True])
    expected = (4 * (0.9 - 0.75) + 2 * (1.0 - 0.5)) / 6
    assert evaluation.expected_calibration_error(confidences, hits) == pytest.approx(expected)


def test_a_bin_holds_its_upper_edge() -> None:
    # 1/15 closes the first bin; in one bin with 0.1 the two gaps would partly cancel out.
    confidences = np.array([1 / 15, 0.1])
    hits = np.array([False, True])
    expected = (1 / 15 + 0.9) / 2
    assert evaluation.expected_calibration_error(confidences, hits) == pytest.approx(expected)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2).filter(
        lambda pairs: len({positive for _, positive in pairs}) == 2
    )
)
def test_auroc_is_the_share_of_pairs_in_the_right_order(pairs: list[tuple[int, bool]]) -> None:
    positives = [score for score, positive in pairs if positive]
    negatives = [score for score, positive in pairs if not positive]
    wins = [(p > n) + 0.5 * (p == n) for p in positives for n in negatives]
    found = evaluation.auroc(
        np.array([score for score, _ in pairs], float), np.array([flag for _, flag in pairs])
    )
    assert found == pytest.approx(sum(wins) / len(wins))


def test_fashion_mnist_is_measured_as_keras_measures_it(classifier: Classifier) -> None:
    generator = np.random.default_rng(0)
    images = generator.integers(0, 120, (300, 28, 28), dtype=np.uint8)  # dark, as its borders are
    labels = generator.integers(0, 10, 300)
    found = evaluation.on_fashion_mnist(classifier, images, labels)

    keras.utils.set_random_seed(0)
    network = NETWORKS["ann"]()
    network.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    loss, accuracy = network.evaluate(images[..., None] / 255.0, labels, verbose=0)
    assert found.accuracy == pytest.approx(accuracy)
    assert found.loss == pytest.approx(loss, rel=1e-4)
    assert found.garment_auroc is None


def write_photo(folder: Path, name: str, colour: str) -> Path:
    path = folder / f"{name}.jpg"
    Image.new("RGB", (60, 80), colour).save(path)
    return path


def test_photos_of_no_garment_only_enter_the_auroc(classifier: Classifier, tmp_path: Path) -> None:
    colours = ["black", "white", "red", "green", "blue", "grey", "navy", "pink", "tan"]
    paths = [write_photo(tmp_path, colour, colour) for colour in colours]
    images = [Image.open(path).convert("RGB") for path in paths]
    predictions = classifier.classify(images)
    # More than one batch; the first two show no garment, the rest what is predicted.
    rows = [
        Row(path, "validation", None if number < 2 else prediction.label.index, None)
        for number, (path, prediction) in enumerate(zip(paths, predictions, strict=True))
    ]
    found = evaluation.on_photos(classifier, rows)
    assert (found.images, found.others) == (7, 2)
    assert found.accuracy == 1.0
    scores = np.array([prediction.garment_score for prediction in predictions])
    assert found.garment_auroc == evaluation.auroc(scores, np.arange(9) >= 2)


def test_a_second_accepted_class_is_right(classifier: Classifier, tmp_path: Path) -> None:
    path = write_photo(tmp_path, "one", "black")
    predicted = classifier.classify([Image.open(path).convert("RGB")])[0].label.index
    other = (predicted + 1) % 10
    accepted = evaluation.on_photos(classifier, [Row(path, "validation", other, predicted)])
    refused = evaluation.on_photos(classifier, [Row(path, "validation", other, None)])
    assert (accepted.accuracy, refused.accuracy) == (1.0, 0.0)


def test_a_photo_that_cannot_be_read_is_named(classifier: Classifier, tmp_path: Path) -> None:
    path = tmp_path / "gone.jpg"
    with pytest.raises(evaluation.UnusablePhotosError, match=r"gone\.jpg"):
        evaluation.on_photos(classifier, [Row(path, "validation", 0, None)])


def test_photos_without_any_garment_are_refused(classifier: Classifier, tmp_path: Path) -> None:
    row = Row(write_photo(tmp_path, "floor", "grey"), "validation", None, None)
    with pytest.raises(evaluation.UnusablePhotosError, match="nothing to measure"):
        evaluation.on_photos(classifier, [row])
