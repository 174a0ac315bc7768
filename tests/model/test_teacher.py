"""The teacher's batches and its voice; its training is tried with the recipe."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from model import teacher
from model.datasets.pool import Pool
from model.teacher import Schooling, batches

SCHOOLING = Schooling(pretrained=False, side=16, garment_photos=3, other_photos=2, mixed=1.0)


def pools() -> dict[str, Pool]:
    pictures = np.random.default_rng(0).integers(0, 255, (4, 24, 24, 3), np.uint8)
    garments = np.eye(12, dtype=np.float32)[:4]
    garments[:, 10:] = 1.0
    return {"garment_photos": Pool(pictures, garments), "other_photos": Pool.of_none(pictures)}


def test_garments_are_mixed_with_garments_alone() -> None:
    images, targets = next(iter(batches(SCHOOLING, pools()).take(1)))

    assert images.shape == (5, 16, 16, 3)
    targets = targets.numpy()
    assert targets[:3, :10].sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert targets[:3, 10:] == pytest.approx(1.0)
    assert not targets[3:].any()


def test_the_teacher_says_the_mean_of_its_networks(tmp_path: Path) -> None:
    out = tmp_path / "out.keras"
    for number, bias in ((1, 1.0), (2, 4.0)):
        images = keras.Input((None, None, 3))
        x = keras.layers.GlobalAveragePooling2D()(images)
        dense = keras.layers.Dense(11, kernel_initializer="zeros")
        network = keras.Model(images, dense(x))
        dense.bias.assign(np.full(11, bias))
        network.save(out.with_suffix(f".teacher-{number}.keras"))
    validation: Any = None  # nothing is trained

    both = teacher.trained(SCHOOLING, {}, validation, out)

    assert both.side == 16
    said = np.asarray(both.network(np.zeros((2, 8, 8, 3), np.float32)))
    assert said == pytest.approx(2.5)
