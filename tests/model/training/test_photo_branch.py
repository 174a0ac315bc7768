"""The photo branch: features once, the last blocks trained, resumption, targets."""

import io
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from model.datasets.sources.clothing_photos import Row
from model.datasets.validation import Validation
from model.training import photo_branch
from model.training.config import PHOTO_SHAPES, PhotoBranchConfig
from model.training.loop import Schedule
from model.training.photo_branch import Examples, FeatureStore

QUICK = PhotoBranchConfig(
    pretrained=False,
    opinion=None,
    source_side=64,
    views=(2, 1, 1, 1),
    batch=4,
    schedule=Schedule(epochs=1, steps=2, learning_rate=1e-3, warm_up=1, ema_momentum=0.5),
)


def row(garment: int | None, colour: str, size: tuple[int, int] = (30, 40)) -> Row:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return Row(Path(f"{colour}.png"), "train", garment, None, file.getvalue())


@pytest.fixture
def examples() -> Examples:
    return Examples(
        clothes=[row(0, "red"), row(0, "green"), row(1, "blue", (90, 40)), row(None, "pink")],
        things=[row(None, "white")],
        bags=[row(8, "brown")],
        pasted=[row(8, "black")],
    )


def test_the_last_blocks_learn_and_the_first_stay(examples: Examples, tmp_path: Path) -> None:
    validation = Validation.of_photos(examples.clothes, 64)
    out = tmp_path / "new.keras"
    network = photo_branch.trained(examples, validation, out, QUICK)

    assert (tmp_path / "new.photo-branch.keras").is_file()
    assert network.output_shape == (None, 11)
    names = {weight.path.split("/")[0] for weight in network.trainable_variables}
    assert "block15_expand" in names and "block14_expand" not in names
    again = photo_branch.trained(examples, validation, out, QUICK)
    picture = np.full((1, *PHOTO_SHAPES[0], 3), 0.3, np.float32)
    assert np.allclose(network(picture), again(picture), atol=1e-5), "the file is taken as it is"


def test_the_tuned_blocks_go_back_a_little_but_for_the_last_layer(
    examples: Examples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shifted(network: keras.Model, *_: object, **__: object) -> None:
        started.extend(network.get_layer(name).get_weights()[0].copy() for name in names)
        for layer in network.layers:
            if layer.trainable:
                layer.set_weights([weight + 1.0 for weight in layer.get_weights()])

    names = ("block14_expand", "block15_expand", "logits")
    started: list[np.ndarray] = []
    monkeypatch.setattr(photo_branch, "fit", shifted)
    monkeypatch.setattr(photo_branch, "centre", lambda _: None)
    network = photo_branch.trained(
        examples, Validation.of_photos([], 64), tmp_path / "new.keras", replace(QUICK, tuned=0.75)
    )

    moved = [
        float((network.get_layer(name).get_weights()[0] - before).mean())
        for name, before in zip(names, started, strict=True)
    ]
    assert moved == pytest.approx([0.0, 0.75, 1.0], abs=1e-4)


def test_features_that_are_there_are_not_computed_again(
    examples: Examples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trunk = keras.Sequential([keras.Input((None, None, 3)), keras.layers.AveragePooling2D(16)])
    first = FeatureStore.filled(trunk, examples, QUICK, tmp_path, 0)
    # Four photos of clothes have two views each, the others one.
    assert sum(len(each) for each in first.targets) == 11
    monkeypatch.setattr(photo_branch, "_shown", lambda *_: pytest.fail("computed again"))
    second = FeatureStore.filled(trunk, examples, QUICK, tmp_path, 0)
    for one, other in zip(first.features, second.features, strict=True):
        assert np.array_equal(one, other)


def test_shares_and_targets(examples: Examples) -> None:
    targets, odds = photo_branch._targets(examples, QUICK)
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


def test_centring_changes_no_probability() -> None:
    images = keras.Input((None, None, 3))
    mean = keras.layers.GlobalAveragePooling2D()(images)
    network = keras.Model(images, keras.layers.Dense(11, name="logits")(mean))
    layer = network.get_layer("logits")
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel, bias - 700.0])
    picture = np.random.default_rng(0).random((3, 8, 8, 3), np.float32)
    before = network(picture).numpy()
    photo_branch.centre(network)
    after = network(picture).numpy()
    assert np.allclose(after[:, :10].mean(axis=1), 0.0, atol=1e-4)
    spread = before[:, :10] - before[:, :10].mean(axis=1, keepdims=True)
    assert np.allclose(after[:, :10], spread, atol=1e-3)
    assert np.allclose(after[:, 10], before[:, 10], atol=1e-3)
