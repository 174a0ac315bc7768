"""ImageNet's rows, fitted to an end that does without some blocks."""

from pathlib import Path

import keras
import numpy as np
import pytest

from model.networks import pretrained
from model.networks.second_opinion import Raised, SecondOpinion
from model.training import imagenet_rows
from model.training.config import RowsConfig
from model.training.photo_features import Examples, of_whole_photos

CONFIG = RowsConfig(source_side=64, ridge=1e-6)
OPINION = SecondOpinion(
    blocks=(20,),
    raised=(Raised(name="Bag", classes=(414, 748), weight=1.0, garment=1.0),),
    others=(1, 2, 3),
    margin=0.0,
)


def means(scale: float) -> keras.Model:
    """Photos → the mean of each colour: [n, 3]."""
    photo = keras.Input((None, None, 3))
    return keras.Model(photo, scale * keras.layers.GlobalAveragePooling2D()(photo))


def test_the_rows_say_what_the_whole_networks_rows_say(
    examples: Examples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = np.random.default_rng(0).normal(size=(3, 1000)).astype(np.float32)
    bias = np.arange(1000, dtype=np.float32)
    monkeypatch.setattr(pretrained, "rows", lambda some: (kernel[:, some], bias[list(some)]))
    out, pictures = tmp_path / "new.keras", [*examples.clothes, *examples.things, *examples.bags]

    rows = imagenet_rows.fitted(means(0.5), means(2.0), OPINION, pictures, out, config=CONFIG)

    seen, _ = of_whole_photos(means(1.0), pictures, CONFIG.source_side)
    assert [len(each) for _, each in rows] == [2, 3]
    for (found, offset), group in zip(rows, OPINION.groups, strict=True):
        expected = 2.0 * seen @ kernel[:, group] + bias[list(group)]
        np.testing.assert_allclose(0.5 * seen @ found + offset, expected, atol=1e-2)
    again = imagenet_rows.fitted(means(0.0), means(0.0), OPINION, [], out, config=CONFIG)
    np.testing.assert_array_equal(again[1][0], rows[1][0])


def test_a_ridge_keeps_rows_small_where_features_hardly_change() -> None:
    rng = np.random.default_rng(1)
    features = rng.normal(size=(200, 2)).astype(np.float32) * np.array([1.0, 1e-3], np.float32)
    answers = features @ np.array([[1.0], [50.0]], np.float32) + 3.0

    kernel, bias = imagenet_rows.regressed(features, answers, 1e-3)

    assert kernel[0, 0] == pytest.approx(1.0, abs=0.05)
    assert abs(kernel[1, 0]) < 5.0
    assert bias == pytest.approx(3.0, abs=0.1)
