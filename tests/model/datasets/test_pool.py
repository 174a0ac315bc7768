"""Labels become targets, and how often each class is drawn."""

from pathlib import Path

import numpy as np
import pytest

from model.common.labels import NAMES, NONE_OF_THESE
from model.datasets.pool import balanced, classes_of, targets_of
from tests.helpers.photo_folders import photo_rows


def test_a_second_right_class_shares_the_target(tmp_path: Path) -> None:
    found = classes_of(photo_rows(tmp_path, "train"), smoothing=0.05, also_accepted=0.3)
    coat = found[NAMES.index("Coat")]

    assert coat.argmax() == NAMES.index("Coat")
    assert coat[NAMES.index("Shirt")] > 0.2
    assert coat.sum() == pytest.approx(1.0, abs=1e-5)


def test_none_of_these_is_learned_as_no_garment() -> None:
    targets = targets_of(np.array([3, NONE_OF_THESE]), 0.1)

    assert targets[0].argmax() in (3, 10, 11) and targets[0, 3] == pytest.approx(0.91)
    assert targets[0, 10:].tolist() == [1.0, 1.0]
    assert targets[1].tolist() == [0.0] * 12


def test_a_class_that_is_seldom_is_drawn_more_often_than_it_comes() -> None:
    labels = np.array([0] * 16 + [1] * 4)

    assert balanced(labels, 1.0).tolist() == [1.0] * 20
    for power, share in ((0.5, 2.0), (0.0, 1.0)):
        odds = balanced(labels, power)
        assert odds[labels == 0].sum() / odds[labels == 1].sum() == pytest.approx(share)
