"""What is retrained: the exercise's network, the recipe's from scratch, an ensemble's head."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras.models import clone_model

from model.common.registry.entry import ModelEntry
from model.common.registry.registry import Registry
from model.common.registry.serving_config import Precision, ServingConfig
from model.common.settings import Settings
from model.datasets.distillation import Teacher, lesson
from model.datasets.labelled_pictures import drawn
from model.datasets.sources import fashion_mnist
from model.networks.architectures import NETWORKS
from model.networks.ensemble import Weights, ensemble
from model.retraining import candidate
from model.serving.compiled_network import CompiledNetwork
from model.training import batches, compiler
from model.training.config import Recipe, Stage
from tests.helpers import drawn_fashion_mnist
from tests.helpers.models import tiny
from tests.helpers.redis import Client
from tests.model.retraining.small import JOB, SCHEDULE, SHARES, run

COMPILED = compiler.compiled


@pytest.mark.usefixtures("registry")
def test_an_unknown_network_is_said_so(settings: Settings, client: Client) -> None:
    outcome, _, _ = run(settings, client, replace(JOB, network="resnet"))

    assert (outcome.reason, outcome.detail) == ("unknown-network", "resnet")


@pytest.mark.usefixtures("corrected", "failing", "registry")
def test_from_scratch_the_model_that_serves_teaches_the_photos(
    settings: Settings, client: Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(schedule=SCHEDULE, shares=SHARES)
    small = Recipe(network="tiny", pretrained=False, things=2, from_labels=stage)
    monkeypatch.setattr(candidate, "Recipe", lambda: small)
    monkeypatch.setitem(NETWORKS, "tiny", tiny)
    teachers: list[Teacher] = []

    def noticed(teacher: Teacher, *arguments: Any) -> Any:
        teachers.append(teacher)
        return lesson(teacher, *arguments)

    monkeypatch.setattr(batches, "lesson", noticed)

    outcome, _, seen = run(settings, client, replace(JOB, network="litenet", epochs=1))

    assert outcome.trained_on["photos"] == 12 and outcome.trained_on["corrections"] == 4
    assert {each.epochs for each in seen if each.epochs} == {1}
    serves = keras.saving.load_model(folder / "tiny.keras").get_weights()
    assert {teacher.side for teacher in teachers} == {SHARES.side}
    for own, served in zip(teachers[0].networks[0].get_weights(), serves, strict=True):
        assert (own == served).all()


@pytest.mark.usefixtures("failing")
def test_the_exercises_network_is_trained_on_what_is_not_held_back(
    settings: Settings, client: Client, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tensorflow as tf  # noqa: PLC0415 - only this test needs it

    images, labels = drawn_fashion_mnist.arrays(80, 0)
    examples = tf.data.Dataset.from_tensor_slices((images[..., None], labels))
    monkeypatch.setattr(fashion_mnist, "load", lambda *_: ({"train": examples}, None))

    outcome, album, seen = run(settings, client, replace(JOB, network="ann", epochs=2))

    assert outcome.verdict == "kept" and outcome.trained_on["fashion_mnist"] == 50
    assert "corrections" not in outcome.trained_on
    assert len(album) == 4
    epochs = [(each.epoch, each.epochs) for each in seen if each.accuracy is not None]
    assert epochs == [(1, 2), (2, 2)]
    assert registry.current() == "tiny-1"


def ensemble_serves(registry: Registry, folder: Path, precision: Precision = "float32") -> Path:
    """An ensemble of three tiny networks serves; its Keras file."""
    keras.utils.set_random_seed(1)
    parts = [clone_model(tiny()) for _ in range(3)]
    small = keras.Input((28, 28, 3))
    model = ensemble(
        keras.Model(parts[0].input, parts[0].output, name="litenet"),
        keras.Model(parts[1].input, parts[1].output, name="photo_branch"),
        keras.Model(small, parts[2](small), name="smallnet"),
        Weights(
            litenet_classes=1.0,
            litenet_garment=0.5,
            photo_branch_classes=0.8,
            photo_branch_garment=1.0,
        ),
    )
    file = folder / "both.keras"
    model.save(file)
    config = ServingConfig(
        version="both-1",
        network="ensemble",
        photo_shapes=((16, 16), (24, 12)),
        small_shape=(28, 28),
    )
    pictures = [picture for picture, _ in drawn(range(0, 60, 5))]
    held_back = ((picture, frozenset[int]()) for picture in pictures)
    compiled = compiler.compiled(
        model, config, held_back, precision=precision, calibration=pictures
    )
    entry = ModelEntry(version="both-1", network="ensemble", config=compiled.config.as_json())
    registry.publish(entry, file.read_bytes(), compiled.content)
    registry.promote("both-1", by="test", anyway=True)
    return file


def changed(old: Path, new: bytes, folder: Path) -> set[str]:
    """The paths of the weights in which two files differ."""
    file = folder / "new.keras"
    file.write_bytes(new)
    before, after = (keras.saving.load_model(each, compile=False).weights for each in (old, file))
    return {
        one.path
        for one, other in zip(before, after, strict=True)
        # A published file keeps eleven binary digits.
        if not np.allclose(one, other, rtol=1e-3, atol=1e-6)
    }


@pytest.mark.usefixtures("corrected", "passing")
def test_from_scratch_litenet_learns_and_the_rest_of_an_ensemble_stays(
    settings: Settings,
    client: Client,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = ensemble_serves(registry, tmp_path)
    stage = Stage(schedule=SCHEDULE, shares=SHARES)
    recipe = Recipe(network="tiny", pretrained=False, things=2, from_labels=stage)
    monkeypatch.setattr(candidate, "Recipe", lambda: recipe)
    monkeypatch.setitem(NETWORKS, "tiny", tiny)

    outcome, _, _ = run(settings, client, replace(JOB, network="litenet", epochs=1))

    assert outcome.verdict == "promoted" and outcome.trained_on["base"] == "both-1"
    entry = registry.get(registry.current())
    assert (entry.network, entry.config["small_shape"]) == ("ensemble", [28, 28])
    assert entry.config["photo_shapes"] == [[16, 16], [24, 12]]
    network = keras.saving.load_model(old, compile=False)
    litenet = {weight.path for weight in network.get_layer("litenet").weights}
    found = changed(old, registry.read(entry.version), tmp_path)
    assert found and found <= litenet


@pytest.mark.usefixtures("corrected", "passing")
@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_fine_tuning_changes_the_photo_branchs_last_layer_alone(
    precision: Precision,
    settings: Settings,
    client: Client,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = ensemble_serves(registry, tmp_path, precision)
    compilations: list[str] = []

    def noted(*arguments: Any, **more: Any) -> compiler.Compiled:
        compilations.append(more["precision"])
        return COMPILED(*arguments, **more)

    monkeypatch.setattr(compiler, "compiled", noted)

    outcome, _, _ = run(settings, client)

    assert outcome.verdict == "promoted" and outcome.trained_on["base"] == "both-1"
    entry = registry.get(registry.current())
    network = keras.saving.load_model(old, compile=False)
    head = {weight.path for weight in network.get_layer("photo_branch").get_layer("logits").weights}
    found = changed(old, registry.read(entry.version), tmp_path)
    assert found and found <= head
    # In int8 the layer is exchanged; else the whole is compiled.
    assert compilations == ([] if precision == "int8" else ["float32"])
    assert entry.config["precision"] == precision
    compiled = registry.read_compiled(entry.version), registry.read_compiled("both-1")
    small = np.random.default_rng(0).random((3, 28, 28, 3), np.float32)
    new_said, old_said = (CompiledNetwork(each).outputs("small", small) for each in compiled)
    np.testing.assert_allclose(new_said, old_said, atol=1e-5)
    assert compiled[0] != compiled[1]


@pytest.mark.usefixtures("corrected", "passing")
def test_a_candidate_that_int8_would_spoil_is_served_in_float16(
    settings: Settings, client: Client, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    current = registry.get(registry.current())
    config = current.config | {"precision": "int8", "version": "tiny-2"}
    files = registry.read("tiny-1"), registry.read_compiled("tiny-1")
    registry.publish(replace(current, version="tiny-2", config=config), *files)
    registry.promote("tiny-2", by="test")
    tried: list[str] = []

    def refused(*arguments: Any, precision: Any, **more: Any) -> compiler.Compiled:
        tried.append(precision)
        if precision == "int8":
            raise compiler.UncompilableError("The compiled form is right less often.")
        return COMPILED(*arguments, precision=precision, **more)

    monkeypatch.setattr(compiler, "compiled", refused)

    outcome, _, _ = run(settings, client)

    assert outcome.verdict == "promoted" and tried == ["int8", "float16"]
    assert registry.get(registry.current()).config["precision"] == "float16"
