"""The recipe, in small: drawn data, a tiny network, a few steps."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

from model import fitting, networks, recipe, teacher
from model.card import ModelCard
from model.classifier import Classifier
from model.datasets import clothing_photos, fashion_mnist
from model.datasets.clothing_photos import Row
from model.datasets.lessons import Teacher
from model.datasets.mixture import Mixture, Shares, drawn_pool, photo_pools
from model.datasets.pool import Pool, balanced, classes_of
from model.datasets.validation import Validation
from model.labels import LABELS, NAMES
from model.settings import Settings
from tests.model.network_parts import tiny

SHARES = Shares(
    garment_photos=4,
    other_photos=2,
    pasted=3,
    drawn=2,
    nothing=1,
    empty=4,
    plain=2,
    side=16,
    plain_side=8,
    source_side=24,
)
SCHEDULE = fitting.Schedule(epochs=2, steps=2, learning_rate=1e-3, warm_up=1, average=0.9)
STAGE = recipe.Stage(schedule=SCHEDULE, shares=SHARES)
SMALL = recipe.Recipe(
    network="tiny",
    pretrained=False,
    nothing=3,
    from_labels=STAGE,
    from_teacher=STAGE,
    schooling=teacher.Schooling(
        pretrained=False, side=24, garment_photos=3, other_photos=2, schedule=SCHEDULE
    ),
)
# The files of all trainings, in their order.
TRAINED = ("out.from-labels", "out.teacher-1", "out.teacher-2", "out")


def garments(count: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 6:22, 6:22] = random.integers(60, 255, (count, 16, 16))
    return images, np.arange(count) % len(LABELS)


@pytest.fixture
def datasets_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "datasets" / "clothing-photos"
    (folder / "images").mkdir(parents=True)
    lines = ["image,split,garment,also_accepted"]
    for split in ("train", "validation"):
        for number, name in enumerate([*NAMES, "none", "none"]):
            stem = f"{split}-{number}"
            Image.new("RGB", (30, 40), (20 * number, 90, 200)).save(
                folder / "images" / f"{stem}.jpg"
            )
            also = "Shirt" if name == "Coat" else ""
            lines.append(f"{stem},{split},{name},{also}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder.parent


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> recipe.Recipe:
    monkeypatch.setitem(networks.NETWORKS, "tiny", tiny)
    monkeypatch.setattr(teacher, "lite2", tiny)
    monkeypatch.setattr(fashion_mnist, "arrays", lambda *_: garments(40))
    monkeypatch.setattr(fashion_mnist, "HELD_BACK", 10)
    return SMALL


def settings(datasets_dir: Path) -> Settings:
    return Settings(datasets_dir=datasets_dir, data_dir=datasets_dir.parent / "data")


def rows(datasets_dir: Path, split: str) -> list[Row]:
    return clothing_photos.rows(datasets_dir / "clothing-photos", split=split)


@pytest.fixture
def mixture(datasets_dir: Path) -> Mixture:
    return Mixture(SHARES, *garments(20), pools(datasets_dir))


def pools(datasets_dir: Path) -> dict[str, Pool]:
    return photo_pools(SHARES, rows(datasets_dir, "train")) | {
        "drawn": drawn_pool(SHARES, 10, seed=1),
        "nothing": Pool.of_none(np.zeros((2, 24, 24, 3), np.uint8)),
    }


def test_a_batch_is_the_mixture_that_its_shares_say(mixture: Mixture) -> None:
    (photos, plain), targets, weights = mixture.batch()
    photos, plain, targets = photos.numpy(), plain.numpy(), targets.numpy()

    assert photos.shape == (16, 16, 16, 3) and plain.shape == (2, 8, 8, 3)
    assert targets.shape == (18, 12)
    assert min(photos.min(), plain.min()) >= 0.0 and max(photos.max(), plain.max()) <= 1.0
    # Garments' photos, others, drawn garments, nothing, pasted garments, empty places, plain ones.
    runs = [(True, 4), (False, 2), (True, 2), (False, 1), (True, 3), (False, 4), (True, 2)]
    shown = [value for value, count in runs for _ in range(count)]
    assert (targets[:, 10] == shown).all() and (targets[:, 11] == shown).all()
    assert targets[shown, :10].sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert not targets[np.logical_not(shown), :10].any()
    assert weights.numpy().tolist() == [SHARES.photo_weight] * 16 + [1.0] * 2


def test_without_photos_garments_are_pasted_onto_drawn_places_alone() -> None:
    further = {"drawn": drawn_pool(SHARES, 10, seed=1)}

    (photos, plain), targets, _ = Mixture(SHARES, *garments(20), further).batch()

    assert (len(photos), len(plain), len(targets)) == (9, 2, 11)


def test_drawn_garments_are_of_all_ten_classes() -> None:
    _, targets = drawn_pool(SHARES, 20, seed=1).draw(200)

    assert set(targets.numpy()[:, :10].argmax(axis=1)) == set(range(10))


def test_a_second_right_class_shares_the_target(datasets_dir: Path) -> None:
    found = classes_of(rows(datasets_dir, "train"), smoothing=0.05, also_accepted=0.3)
    coat = found[NAMES.index("Coat")]

    assert coat.argmax() == NAMES.index("Coat")
    assert coat[NAMES.index("Shirt")] > 0.2
    assert coat.sum() == pytest.approx(1.0, abs=1e-5)


def test_what_photos_show_seldom_is_pasted_more_often(mixture: Mixture) -> None:
    chances = np.exp(mixture.paste_logits.numpy()[0])

    assert chances[NAMES.index("Bag")] == pytest.approx(SHARES.seldom * chances[0])


def test_a_class_that_is_seldom_is_drawn_more_often_than_it_comes() -> None:
    labels = np.array([0] * 16 + [1] * 4)

    assert balanced(labels, 1.0).tolist() == [1.0] * 20
    for power, share in ((0.5, 2.0), (0.0, 1.0)):
        odds = balanced(labels, power)
        assert odds[labels == 0].sum() / odds[labels == 1].sum() == pytest.approx(share)


def test_of_photos_a_teacher_says_what_they_are_and_of_the_rest_their_labels(
    datasets_dir: Path,
) -> None:
    knows = tiny()
    dense = knows.layers[-1]
    dense.kernel.assign(np.zeros(dense.kernel.shape))
    dense.bias.assign([0.0] * 9 + [5.0, 20.0])
    mixture = Mixture(SHARES, *garments(20), pools(datasets_dir), Teacher((knows,), 24))

    (photos, _), targets, _ = mixture.batch()

    targets = targets.numpy()
    assert photos.shape == (16, 16, 16, 3)
    said = np.append(np.full(9, np.exp(-5.0)), 1.0) / (1.0 + 9 * np.exp(-5.0))
    assert targets[:6, :10] == pytest.approx(np.tile(said, (6, 1)), abs=1e-5)
    assert (targets[:6, 10] > 0.999).all()
    # Whether the ten classes count is known of a photo, not asked.
    assert targets[:6, 11].tolist() == [1.0] * 4 + [0.0] * 2
    assert not targets[8:9].any(), "nothing is taught as nothing"
    assert targets[9:12, :10].max() < 0.96, "a pasted garment keeps its own label"


def test_validation_counts_a_second_right_class_and_leaves_none_out(datasets_dir: Path) -> None:
    validation = Validation.load(
        rows(datasets_dir, "validation"), *garments(10), side=16, plain_side=8
    )
    logits = np.zeros((22, 11), np.float32)
    logits[:, NAMES.index("Shirt")] = 1.0

    on_photos, on_fashion_mnist = validation.accuracies(logits)

    # The shirt and the coat that may be called a shirt, of ten garments.
    assert on_photos == pytest.approx(0.2)
    assert on_fashion_mnist == pytest.approx(0.1)
    assert validation.shown.sum() == 20


def test_the_recipe_ends_in_a_calibrated_model_that_serves(
    small: recipe.Recipe, datasets_dir: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.keras"

    recipe.run(settings(datasets_dir), out, version="small-1", recipe=small)

    card = ModelCard.beside(out)
    assert (card.version, card.network) == ("small-1", "tiny")
    assert (
        0.0 < card.garment < 1.0 and card.temperatures != (1.0, 1.0) and len(card.temperatures) == 2
    )
    prediction = Classifier.load(out).classify([Image.new("RGB", (40, 40), "red")])[0]
    assert prediction.model == "small-1"
    assert keras.mixed_precision.global_policy().name == "float32"
    for name in TRAINED:
        kept = keras.saving.load_model(tmp_path / f"{name}.keras")
        assert kept.output_shape == (None, 11) and not kept.compiled


def test_without_a_teacher_the_labels_alone_teach(
    small: recipe.Recipe, datasets_dir: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.keras"

    recipe.run(
        settings(datasets_dir), out, version="small-1", recipe=replace(small, from_teacher=None)
    )

    assert out.exists() and not list(tmp_path.glob("*teacher*"))


@pytest.mark.parametrize("name", ["out.from-labels", "out.teacher-1"])
def test_what_is_there_is_not_trained_again(
    name: str,
    small: recipe.Recipe,
    datasets_dir: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tiny().save(tmp_path / f"{name}.keras")

    recipe.run(settings(datasets_dir), tmp_path / "out.keras", version="small-1", recipe=small)

    assert capsys.readouterr().out.count("epoch") == (len(TRAINED) - 1) * SCHEDULE.epochs
    assert not (tmp_path / f"{name}.csv").exists()


def test_a_teacher_goes_on_where_the_labels_ended(
    small: recipe.Recipe, datasets_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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


@pytest.mark.parametrize("name", TRAINED)
def test_an_interrupted_training_goes_on_after_the_last_whole_epoch(
    name: str,
    small: recipe.Recipe,
    datasets_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out, interrupted_at = tmp_path / "out.keras", tmp_path / f"{name}.keras"

    def interrupted(self: fitting.Progress, epoch: int, logs: object = None) -> None:
        if epoch == 1 and self.out == interrupted_at:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(fitting.Progress, "on_epoch_begin", interrupted)
        with pytest.raises(KeyboardInterrupt):
            recipe.run(settings(datasets_dir), out, version="small-1", recipe=small)
    assert not out.exists()

    recipe.run(settings(datasets_dir), out, version="small-1", recipe=small)

    for trained in TRAINED:
        with (tmp_path / f"{trained}.csv").open(encoding="utf-8", newline="") as file:
            assert [line["epoch"] for line in csv.DictReader(file)] == ["0", "1"]
    assert out.exists()
