"""The photo branch: the last blocks trained, blended, and distilled from several."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from model.datasets.validation import Validation
from model.training import photo_branch
from model.training.config import PHOTO_SHAPES, Distillation, PhotoBranchConfig
from model.training.loop import Schedule
from model.training.photo_features import Examples

QUICK = PhotoBranchConfig(
    pretrained=False,
    opinion=None,
    distillation=(),
    source_side=64,
    views=(2, 1, 1, 1),
    batch=4,
    schedule=Schedule(epochs=1, steps=2, learning_rate=1e-3, warm_up=1, ema_momentum=0.5),
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


def test_several_teach_the_one_that_serves(
    examples: Examples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[list[np.ndarray]] = []
    before: list[list[np.ndarray]] = []
    tails: list[keras.Model] = []

    def learned(_: keras.Model, batches: Any, *args: object, trained: keras.Model) -> None:
        shown.append([part.numpy() for part in next(iter(batches))])
        before.append(trained.get_layer("logits").get_weights())
        kernel, bias = before[-1]
        bias = np.random.default_rng(len(tails)).normal(0.0, 2.0, bias.shape)
        trained.get_layer("logits").set_weights([kernel, bias])
        tails.append(trained)

    monkeypatch.setattr(photo_branch, "fit", learned)
    views = (1, 1, 1, 1)
    distillation = (Distillation(views=views), Distillation(views=views, left_out=(16, 18)))
    config = replace(QUICK, tuned=1.0, teachers=2, distillation=distillation)
    examples = replace(examples, bags=[], pasted=[])
    validation = Validation.of_photos([], 64)
    network = photo_branch.trained(examples, validation, tmp_path / "new.keras", config, seed=3)

    for learner in (2, 3):
        features, targets = shown[learner]
        said = [tail(features).numpy() for tail in tails[:learner]]
        assert not np.allclose(said[0], said[1], atol=0.1)
        classes, garment = answers(np.mean(said, axis=0))
        smoothed = QUICK.smoothing / 10  # the label's share in a picture without a bag
        np.testing.assert_allclose(targets[:, :10], classes, atol=smoothed)
        np.testing.assert_allclose(targets[:, 10], garment, atol=smoothed)
        assert set(targets[:, 11]) <= {0.0, 1.0}, "which show a garment is known"
        last = tails[learner - 1].get_layer("logits").get_weights()
        for start, expected in zip(before[learner], last, strict=True):
            np.testing.assert_array_equal(start, expected)
    blocks = {layer.name.split("_")[0] for layer in network.layers}
    assert {"block15", "block17", "block19", "block20"} <= blocks
    assert not {"block16", "block18"} & blocks
    again = photo_branch.trained(examples, validation, tmp_path / "new.keras", config, seed=3)
    picture = np.full((1, *PHOTO_SHAPES[0], 3), 0.3, np.float32)
    np.testing.assert_allclose(again(picture), network(picture), atol=1e-5)
    assert len(shown) == 4, "each is trained once"


def test_a_bags_target_is_its_label_and_the_rest_is_the_teachers() -> None:
    features = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)
    shirt, bag = np.zeros(12, np.float32), np.zeros(12, np.float32)
    shirt[[6, 10, 11]], bag[[8, 10, 11]] = 1.0, 1.0
    targets = np.stack([shirt, bag, 0.75 * shirt + 0.25 * bag])
    teacher = keras.Sequential([keras.Input((5,)), keras.layers.Dense(11)])
    batches = tf.data.Dataset.from_tensors((features, targets))

    [(_, learned)] = photo_branch.taught(batches, [teacher])

    classes, garment = answers(teacher(features).numpy())
    said = np.concatenate([classes, garment[:, None], np.ones((3, 1))], axis=1)
    np.testing.assert_allclose(learned[0], said[0], atol=1e-5)
    np.testing.assert_allclose(learned[1], bag, atol=1e-5)
    np.testing.assert_allclose(learned[2], 0.25 * targets[2] + 0.75 * said[2], atol=1e-5)


def answers(logits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The probabilities of the ten classes [n, 10], and of a garment [n]."""
    classes = np.exp(logits[:, :10]) / np.exp(logits[:, :10]).sum(axis=1, keepdims=True)
    return classes, 1.0 / (1.0 + np.exp(-logits[:, 10]))


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
