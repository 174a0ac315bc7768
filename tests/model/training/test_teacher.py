"""The teacher's batches; its training is tried with the recipe."""

import numpy as np
import pytest

from model.datasets.pool import Pool
from model.training.config import TeacherConfig
from model.training.teacher import batches

SCHOOLING = TeacherConfig(pretrained=False, side=16, garment_photos=3, other_photos=2, mixed=1.0)


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
