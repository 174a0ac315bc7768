"""The recipe, in small: drawn data, a tiny network, a few steps."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

from model.common.registry import serving_config
from model.common.registry.serving_config import ServingConfig
from model.common.settings import Settings
from model.datasets.distillation import Teacher
from model.datasets.sources import fashion_mnist
from model.datasets.sources.clothing_photos import Row
from model.networks import architectures
from model.serving.classifier import Classifier
from model.training import compiler, loop, photo_branch, quantization, recipe, small_branch
from model.training.batches import Mixture
from model.training.config import PhotoBranchConfig, Recipe, Stage, TeacherConfig
from model.training.photo_features import Examples
from tests.helpers import drawn_fashion_mnist
from tests.helpers.models import tiny
from tests.helpers.photo_folders import SHARES, clothing_folder, thing_folder

SCHEDULE = loop.Schedule(epochs=2, steps=2, learning_rate=1e-3, warm_up=1, ema_momentum=0.9)
STAGE = Stage(schedule=SCHEDULE, shares=SHARES)
SMALL = Recipe(
    network="tiny",
    pretrained=False,
    things=3,
    from_labels=STAGE,
    from_teacher=STAGE,
    teacher_config=TeacherConfig(
        pretrained=False, side=24, garment_photos=3, other_photos=2, schedule=SCHEDULE
    ),
    photo_branch=None,
)
# The files of all trainings, in their order.
TRAINED = ("out.from-labels", "out.teacher-1", "out.teacher-2", "out.litenet")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Recipe:
    monkeypatch.setitem(architectures.NETWORKS, "tiny", tiny)
    monkeypatch.setattr(recipe, "lite2", tiny)
    monkeypatch.setattr(serving_config, "SMALL", 30)  # the photos here are small ones
    monkeypatch.setattr(fashion_mnist, "arrays", lambda *_: drawn_fashion_mnist.arrays(40, 0))
    monkeypatch.setattr(fashion_mnist, "HELD_BACK", 10)
    return SMALL


@pytest.fixture
def datasets_dir(tmp_path: Path) -> Path:
    thing_folder(tmp_path / "datasets")
    return clothing_folder(tmp_path / "datasets").parent


def settings(datasets_dir: Path) -> Settings:
    return Settings(datasets_dir=datasets_dir, data_dir=datasets_dir.parent / "data")


def test_the_recipe_ends_in_a_calibrated_model_that_serves(
    small: Recipe, datasets_dir: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.keras"

    recipe.run(settings(datasets_dir), out, version="small-1", recipe=small)

    config = ServingConfig.next_to(out)
    assert (config.version, config.network) == ("small-1", "tiny")
    assert 0.0 < config.garment < 1.0
    assert 1.0 not in (config.small_temperature, config.photo_temperature)
    compiler.of_file(out, settings(datasets_dir)).write_next_to(out)
    classifier = Classifier.load(out.with_suffix(".tflite"))
    [prediction] = classifier.classify([Image.new("RGB", (40, 40), "red")])
    assert prediction.model == "small-1"
    assert keras.mixed_precision.global_policy().name == "float32"
    assert {file.stem for file in tmp_path.glob("*.csv")} == set(TRAINED)
    for name in TRAINED:
        kept = keras.saving.load_model(tmp_path / f"{name}.keras")
        assert kept.output_shape == (None, 11) and not kept.compiled


@pytest.mark.usefixtures("eager")
def test_three_networks_become_one_that_serves(
    small: Recipe, datasets_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, Any]] = []

    def learned(network: keras.Model, batches: Any, *_: object, **__: object) -> None:
        seen.append({network.name: [tuple(part.shape) for part in next(iter(batches))]})

    monkeypatch.setattr(photo_branch, "fit", learned)
    monkeypatch.setattr(Examples, "load", lambda _: bag_examples(datasets_dir))
    grey = keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(11)]
    )
    monkeypatch.setattr(small_branch, "run", lambda _, out, **__: grey.save(out))
    made_ready: list[tuple[str, set[str]]] = []
    monkeypatch.setattr(
        quantization,
        "make_ready",
        lambda one, shown: made_ready.append((one.name, {each.kind for each in shown})),
    )
    taught = tiny()
    keras.Model(taught.input, taught.output, name="litenet").save(tmp_path / "out.litenet.keras")
    photo = PhotoBranchConfig(
        pretrained=False,
        source_side=32,
        views=(1, 1, 1, 1),
        batch=3,
        schedule=SCHEDULE,
        distillation=(),
    )
    out = tmp_path / "out.keras"

    recipe.run(
        settings(datasets_dir), out, version="three", recipe=replace(small, photo_branch=photo)
    )

    assert seen == [{"lite2": [(3, 10, 10, 120), (3, 12)]}]
    assert made_ready == [("ensemble", {"photo", "small"})]
    config = ServingConfig.next_to(out)
    assert (config.network, config.small_shape, config.precision) == ("ensemble", (28, 28), "int8")
    model = keras.saving.load_model(out, compile=False)
    assert {"litenet", "photo_branch"} <= {layer.name for layer in model.layers}
    [prediction] = Classifier(compiler.KerasNetwork(model), config).classify(
        [Image.new("RGB", (400, 300), "red")]
    )
    assert prediction.model == "three"


def bag_examples(folder: Path) -> Examples:
    """A photo of each kind, all of them square."""
    file = folder / "square.png"
    Image.new("RGB", (40, 40), "red").save(file)
    shown = [Row(file, "train", garment, None) for garment in (3, None, 8, 8)]
    return Examples(*([row] for row in shown))


@pytest.mark.usefixtures("eager")
def test_without_a_teacher_the_labels_alone_teach(
    small: Recipe, datasets_dir: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.keras"

    recipe.run(
        settings(datasets_dir), out, version="small-1", recipe=replace(small, from_teacher=None)
    )

    assert out.exists() and not list(tmp_path.glob("*teacher*"))


@pytest.mark.usefixtures("eager")
def test_photos_of_the_ten_classes_alone_will_do(small: Recipe, tmp_path: Path) -> None:
    datasets = clothing_folder(tmp_path / "datasets", others=0).parent
    thing_folder(datasets)

    recipe.run(settings(datasets), tmp_path / "out.keras", version="small-1", recipe=small)

    assert (tmp_path / "out.keras").exists()


def made_before(folder: Path, *names: str) -> None:
    """Files of trainings that are done: they are not trained again."""
    for name in names:
        tiny().save(folder / f"{name}.keras")


@pytest.mark.usefixtures("eager")
def test_what_is_there_is_not_trained_again(
    small: Recipe, datasets_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made_before(tmp_path, *TRAINED[:-1])

    recipe.run(settings(datasets_dir), tmp_path / "out.keras", version="small-1", recipe=small)

    assert capsys.readouterr().out.count("epoch") == SCHEDULE.epochs
    assert [file.name for file in tmp_path.glob("*.csv")] == ["out.litenet.csv"]


@pytest.mark.usefixtures("eager")
def test_a_teacher_goes_on_where_the_labels_ended(
    small: Recipe, datasets_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_before(tmp_path, *TRAINED[1:3])
    taught = tiny()
    taught.save(tmp_path / "out.from-labels.keras")
    begun_with: list[np.ndarray] = []
    teachers: list[Teacher | None] = []

    def noticed(network: keras.Model, *_: object, **__: object) -> None:
        begun_with.append(network.get_weights()[0])

    def mixed(*arguments: Any) -> Mixture:
        teachers.append(arguments[-1])
        return Mixture(*arguments)

    monkeypatch.setattr(recipe, "fit", noticed)
    monkeypatch.setattr(recipe, "Mixture", mixed)
    recipe.run(settings(datasets_dir), tmp_path / "out.keras", version="small-1", recipe=small)

    assert len(begun_with) == 1 and (begun_with[0] == taught.get_weights()[0]).all()
    (teacher_asked,) = teachers
    assert teacher_asked is not None and len(teacher_asked.networks) == 2


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("name", TRAINED)
def test_an_interrupted_training_goes_on_after_the_last_whole_epoch(
    name: str,
    small: Recipe,
    datasets_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out, interrupted_at = tmp_path / "out.keras", tmp_path / f"{name}.keras"
    # With `litenet` done, no teacher is needed.
    unneeded = {name, "out.litenet"} if "teacher" in name else {name}
    made_before(tmp_path, *(other for other in TRAINED if other not in unneeded))

    def interrupted(self: loop.Progress, epoch: int, logs: object = None) -> None:
        if epoch == 1 and self.out == interrupted_at:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(loop.Progress, "on_epoch_begin", interrupted)
        with pytest.raises(KeyboardInterrupt):
            recipe.run(settings(datasets_dir), out, version="small-1", recipe=small)
    assert not out.exists()

    recipe.run(settings(datasets_dir), out, version="small-1", recipe=small)

    with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        assert [line["epoch"] for line in csv.DictReader(file)] == ["0", "1"]
    assert out.exists()
