"""Features of the frozen blocks: computed once, with targets and odds for each view."""

from pathlib import Path

import keras
import numpy as np
import pytest

from model.training import photo_features
from model.training.config import PhotoBranchConfig
from model.training.photo_features import Examples, FeatureStore

QUICK = PhotoBranchConfig(source_side=64, views=(2, 1, 1, 1), batch=4)


def test_features_that_are_there_are_not_computed_again(
    examples: Examples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trunk = keras.Sequential([keras.Input((None, None, 3)), keras.layers.AveragePooling2D(16)])
    first = FeatureStore.filled(trunk, examples, QUICK, tmp_path, 0)
    # Four photos of clothes have two views each, the others one.
    assert sum(len(each) for each in first.targets) == 11
    monkeypatch.setattr(photo_features, "by_shape", lambda *_: pytest.fail("computed again"))
    second = FeatureStore.filled(trunk, examples, QUICK, tmp_path, 0)
    for one, other in zip(first.features, second.features, strict=True):
        assert np.array_equal(one, other)


def test_shares_and_targets(examples: Examples) -> None:
    targets, odds = photo_features._targets(examples, QUICK)
    assert targets.shape == (7, 12)
    assert [int(row[:10].argmax()) for row in targets[:3]] == [0, 0, 1]
    # The flags of those that show none of the ten.
    assert (targets[[3, 4], 10:] == 0).all() and (targets[[0, 5, 6], 10:] == 1).all()
    assert odds.sum() == pytest.approx(1.0)
    garments, bags, others, things = QUICK.shares
    assert odds[:3].sum() == pytest.approx(garments)
    assert odds[5:].sum() == pytest.approx(bags)
    assert (odds[3], odds[4]) == (pytest.approx(others), pytest.approx(things))
    # A class of two photos is drawn less than twice as often as a class of one.
    assert odds[2] < odds[:2].sum() < 2 * odds[2]
