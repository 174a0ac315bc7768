"""The small branch's training, in small: it learns, and goes on where it was interrupted."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from model.training import small_branch
from model.training.config import SmallConfig
from model.training.small_branch import SmallData, train
from tests.helpers import drawn_fashion_mnist

CONFIG = SmallConfig(cycles=((2, 0.05), (1, 0.02)), batch_size=20, negatives=4, garments=2)


@pytest.fixture(scope="module")
def data() -> SmallData:
    images, labels = drawn_fashion_mnist.arrays(40, 0)
    noise = np.random.default_rng(0).integers(0, 256, (12, 36, 36), dtype=np.uint8)
    photo_labels = np.array([small_branch.NO_GARMENT] * 8 + [1, 2, 3, 4])
    return SmallData(images, labels, noise, photo_labels)


def test_an_interrupted_training_ends_as_one_that_was_not(
    data: SmallData, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = train(data, tmp_path / "whole.keras", CONFIG)
    assert capsys.readouterr().out.count("epoch") == 3
    train(data, tmp_path / "out.keras", replace(CONFIG, cycles=CONFIG.cycles[:1]))
    capsys.readouterr()

    resumed = train(data, tmp_path / "out.keras", CONFIG)

    assert capsys.readouterr().out.startswith("epoch 3/3")
    assert whole.output_shape == (None, 11) and whole.count_params() == 457_883
    assert keras.mixed_precision.global_policy().name == "float32"
    kept = keras.saving.load_model(tmp_path / "out.keras")
    images = data.images[..., None] / np.float32(255.0)
    assert np.allclose(kept(images), resumed(images), atol=1e-5)
    assert np.abs(np.asarray(resumed(images)) - np.asarray(whole(images))).max() < 0.5


def test_erasing_covers_a_part_of_some() -> None:
    plain = np.full((200, 28, 28), 0.5, np.float32)
    erased = small_branch._erased(plain, 0.5).numpy() != 0.5

    shares = erased.mean(axis=(1, 2))
    assert 0.3 < (shares > 0).mean() < 0.7
    assert shares.max() < 0.4
