"""Correct answers among held-back pictures."""

from pathlib import Path

import numpy as np
import pytest

from model.common.labels import NAMES
from model.datasets.validation import Validation
from tests.helpers import drawn_fashion_mnist
from tests.helpers.photo_folders import photo_rows


def test_validation_counts_a_second_right_class_and_leaves_none_out(tmp_path: Path) -> None:
    validation = Validation.load(
        photo_rows(tmp_path, "validation"),
        *drawn_fashion_mnist.arrays(10, 0),
        side=16,
        plain_side=8,
    )
    logits = np.zeros((22, 11), np.float32)
    logits[:, NAMES.index("Shirt")] = 1.0

    on_photos, on_fashion_mnist = validation.accuracies(logits)

    # The shirt and the coat that may be called a shirt, of ten garments.
    assert on_photos == pytest.approx(0.2)
    assert on_fashion_mnist == pytest.approx(0.1)
    assert validation.shown.sum() == 20
