"""The measures, against what can be worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.evaluation import metrics
from model.evaluation.metrics import Bin
from tests.helpers.reports import CARD, answers, certain


def rows(*pairs: tuple[int, float]) -> np.ndarray:
    """Probabilities [n, 10]: for each this class with this one, the next one with the rest."""
    found = np.zeros((len(pairs), 10))
    for row, (place, probability) in zip(found, pairs, strict=True):
        row[[place, (place + 1) % 10]] = probability, 1.0 - probability
    return found


def test_accuracy_counts_each_class_and_every_accepted_one() -> None:
    labels = np.array([0, 0, 0, 1])
    right = certain(0, 0, 0, 1).astype(bool)
    right[1, 6] = True  # a T-shirt that may also be called a shirt
    found = metrics.measure(answers(certain(0, 6, 2, 1)), labels, right)
    assert found.accuracy == 0.75
    assert found.per_class == {"T-shirt/top": pytest.approx(2 / 3), "Trouser": 1.0}
    assert found.macro_accuracy == pytest.approx(5 / 6)


def test_the_confusion_counts_a_second_accepted_class_as_the_true_one() -> None:
    right = certain(0, 0, 0, 1).astype(bool)
    right[1, 6] = True
    found = metrics.measure(answers(certain(0, 6, 2, 1)), np.array([0, 0, 0, 1]), right)
    assert found.confusion[0] == [2, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert sum(map(sum, found.confusion)) == found.images == 4
    assert np.trace(found.confusion) == found.accuracy * found.images


def test_loss_is_the_mean_negative_log_likelihood() -> None:
    probabilities = np.full((2, 10), 0.05)
    probabilities[0, 3], probabilities[1, 4] = 0.55, 0.55
    labels, right = np.array([3, 3]), certain(3, 3).astype(bool)
    found = metrics.measure(answers(probabilities), labels, right)
    assert found.loss == pytest.approx(-(np.log(0.55) + np.log(0.05)) / 2)


def test_loss_stays_finite_where_the_right_class_was_ruled_out() -> None:
    found = metrics.measure(answers(certain(1)), np.array([0]), certain(0).astype(bool))
    assert 10 < found.loss < 100


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    # Four predictions at 0.9, three of them right; two at 0.5, both right.
    confidences = np.array([0.9, 0.9, 0.9, 0.9, 0.5, 0.5])
    hits = np.array([True, True, True, False, True, True])
    bins = metrics.reliability(confidences, hits)
    expected = (4 * (0.9 - 0.75) + 2 * (1.0 - 0.5)) / 6
    assert metrics.calibration_error(bins) == pytest.approx(expected)


def test_reliability_has_fifteen_bins_the_empty_ones_too() -> None:
    confidences = np.array([0.9375, 0.9875, 0.5])
    bins = metrics.reliability(confidences, np.array([True, False, True]))
    assert len(bins) == 15
    assert bins[14] == Bin(count=2, confidence=0.9625, accuracy=0.5)
    assert bins[7] == Bin(count=1, confidence=0.5, accuracy=1.0)
    assert bins[3] == Bin(count=0, confidence=None, accuracy=None)
    assert sum(one.count for one in bins) == 3


def test_a_bin_holds_its_upper_edge() -> None:
    # 1/15 closes the first bin; in one bin with 0.1 the two gaps would partly cancel out.
    bins = metrics.reliability(np.array([1 / 15, 0.1]), np.array([False, True]))
    assert metrics.calibration_error(bins) == pytest.approx((1 / 15 + 0.9) / 2)


def test_measures_hold_the_reliability_that_their_error_is_of() -> None:
    right = certain(0, 2).astype(bool)
    found = metrics.measure(answers(rows((0, 0.9), (1, 0.8))), np.array([0, 2]), right)
    assert found.ece == metrics.calibration_error(found.reliability)
    assert found.ece == pytest.approx((0.1 + 0.8) / 2)


def test_verdicts_are_by_the_thresholds_of_the_card() -> None:
    # Sure and right, sure and wrong; unsure with the second right, and wholly wrong; none.
    found = answers(
        rows((0, 0.9), (1, 0.8), (0, 0.55), (3, 0.55), (0, 0.9)), [0.9, 0.9, 0.9, 0.9, 0.2]
    )
    assert found.verdicts.tolist() == ["sure", "sure", "unsure", "unsure", "none"]
    said = metrics.verdicts(found, certain(0, 0, 1, 0, 0).astype(bool))
    assert (said.sure, said.unsure, said.none) == (0.4, 0.4, 0.2)
    assert (said.sure_accuracy, said.unsure_accuracy) == (0.5, 0.5)
    assert said.sure_and_wrong == 0.2


def test_a_verdict_that_was_never_given_has_no_accuracy() -> None:
    said = metrics.verdicts(answers(rows((0, 0.9)), [0.1]), certain(0).astype(bool))
    assert (said.none, said.sure_accuracy, said.unsure_accuracy) == (1.0, None, None)
    assert said.sure_and_wrong == 0.0


def test_other_garments_and_other_shoes_are_told_apart_by_their_score() -> None:
    others = {
        "garments": answers(rows((0, 0.9), (0, 0.9), (0, 0.55), (0, 0.55)), [0.1, 0.2, 0.35, 0.9]),
        "shoes": answers(certain(7, 7), [0.9, 0.3]),
    }
    found = metrics.measure(
        answers(certain(1, 1), [0.3, 0.8]), np.array([1, 1]), certain(1, 1).astype(bool), others
    )
    garments, shoes = found.others["garments"], found.others["shoes"]
    assert (garments.photos, garments.none, garments.unsure, garments.sure) == (4, 0.5, 0.5, 0.0)
    assert garments.auroc == (2 + 3) / 8
    assert (shoes.photos, shoes.none, shoes.sure, shoes.auroc) == (2, 0.0, 1.0, 1.5 / 4)


def test_shoes_that_are_turned_away_are_counted_apart() -> None:
    sandal, sneaker, bag, boot = 5, 7, 8, 9
    labels = np.array([sandal, sneaker, boot, boot, bag, 0])
    right = certain(*labels).astype(bool)
    found = metrics.measure(
        answers(certain(*labels), [0.1, 0.2, 0.9, 0.9, 0.9, 0.2]), labels, right
    )
    assert (found.shoes_none, found.rest_none, found.verdicts.none) == (0.5, 0.5, 0.5)
    found = metrics.measure(answers(certain(bag), [0.1]), labels[4:5], right[4:5])
    assert (found.shoes_none, found.rest_none, found.others) == (None, 1.0, {})


def test_things_are_measured_kind_by_kind() -> None:
    garments = answers(certain(0, 0), [0.5, 0.9])
    kinds = ["car", "car", "cat", "cat", "wall", "wall"]
    photos = answers(rows(*[(0, 0.9)] * 3, *[(0, 0.55)] * 3), [0.7, 0.95, 0.1, 0.2, 0.6, 0.1])
    found = metrics.measure_things(garments, photos, kinds)
    assert (found.garments, found.photos, found.kinds) == (2, 6, 3)
    assert (found.auroc, found.none, found.sure) == (8 / 12, 0.5, 2 / 6)
    assert [kind.name for kind in found.worst] == ["car", "wall", "cat"]
    assert [kind.photos for kind in found.worst] == [2, 2, 2]
    assert [kind.auroc for kind in found.worst] == [0.25, 0.75, 1.0]
    assert [kind.none for kind in found.worst] == [0.0, 0.5, 1.0]
    assert [kind.sure for kind in found.worst] == [1.0, 0.0, 0.0]


def test_of_many_kinds_the_five_worst_are_named() -> None:
    scores = [0.1 * number for number in range(8)]
    garments, things = answers(certain(0), [0.35]), answers(certain(*[0] * 8), scores)
    found = metrics.measure_things(garments, things, list("abcdefgh"))
    assert [kind.auroc for kind in found.worst] == [0.0, 0.0, 0.0, 0.0, 1.0]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2).filter(
        lambda pairs: len({positive for _, positive in pairs}) == 2
    )
)
def test_auroc_is_the_share_of_pairs_in_the_right_order(pairs: list[tuple[int, bool]]) -> None:
    positives = [score for score, positive in pairs if positive]
    negatives = [score for score, positive in pairs if not positive]
    wins = [(p > n) + 0.5 * (p == n) for p in positives for n in negatives]
    found = metrics.auroc(
        np.array([score for score, _ in pairs], float), np.array([flag for _, flag in pairs])
    )
    assert found == pytest.approx(sum(wins) / len(wins))


def test_a_mask_chooses_answers() -> None:
    found = answers(certain(0, 1, 2), [0.1, 0.2, 0.3]).where(np.array([True, False, True]))
    assert (len(found), found.scores.tolist(), found.config) == (2, [0.1, 0.3], CARD)
    assert found.probabilities.argmax(axis=1).tolist() == [0, 2]
