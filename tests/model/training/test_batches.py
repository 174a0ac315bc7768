"""Batches and their targets."""

from pathlib import Path

import numpy as np
import pytest

from model.common.labels import NAMES
from model.common.settings import Settings
from model.datasets.distillation import Teacher
from model.datasets.pool import Pool
from model.datasets.sources import things
from model.training.batches import Mixture, photo_pools, teacher_batches, thing_pool
from model.training.config import TeacherConfig
from tests.helpers import drawn_fashion_mnist
from tests.helpers.models import tiny
from tests.helpers.photo_folders import SHARES, photo_rows, thing_folder


@pytest.fixture
def pools(tmp_path: Path) -> dict[str, Pool]:
    return photo_pools(SHARES, photo_rows(tmp_path, "train")) | {
        "things": Pool.of_none(np.zeros((2, 24, 24, 3), np.uint8)),
    }


@pytest.fixture
def mixture(pools: dict[str, Pool]) -> Mixture:
    return Mixture(SHARES, *drawn_fashion_mnist.arrays(20, 0), pools)


def test_a_batch_is_the_mixture_that_its_shares_say(mixture: Mixture) -> None:
    (photos, plain), targets, weights = mixture.batch()
    photos, plain, targets = photos.numpy(), plain.numpy(), targets.numpy()

    assert photos.shape == (14, 16, 16, 3) and plain.shape == (2, 8, 8, 3)
    assert targets.shape == (16, 12)
    assert min(photos.min(), plain.min()) >= 0.0 and max(photos.max(), plain.max()) <= 1.0
    # Garments' photos, others, things, pasted garments, empty places, plain ones.
    runs = [(True, 4), (False, 2), (False, 1), (True, 3), (False, 4), (True, 2)]
    shown = [value for value, count in runs for _ in range(count)]
    assert (targets[:, 10] == shown).all() and (targets[:, 11] == shown).all()
    assert targets[shown, :10].sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert not targets[np.logical_not(shown), :10].any()
    assert weights.numpy().tolist() == [SHARES.photo_weight] * 14 + [1.0] * 2


def test_without_photos_garments_are_pasted_onto_drawn_places_alone() -> None:
    mixture = Mixture(SHARES, *drawn_fashion_mnist.arrays(20, 0), {})

    (photos, plain), targets, _ = mixture.batch()

    assert (len(photos), len(plain), len(targets)) == (7, 2, 9)


def test_things_are_of_all_their_kinds_and_of_no_class(tmp_path: Path) -> None:
    thing_folder(tmp_path, of_a_kind=3)
    rows = things.rows("train", Settings(datasets_dir=tmp_path))

    pool = thing_pool(SHARES, rows, 2)

    assert pool.count == 2
    pictures, targets = (each.numpy() for each in pool.draw(50))
    assert not targets.any()
    assert {tuple(colour) for colour in pictures[:, 0, 0, :2] // 50 * 50} == {(0, 250), (50, 150)}
    assert thing_pool(SHARES, rows, 100).count == 6


def test_what_photos_show_seldom_is_pasted_more_often(mixture: Mixture) -> None:
    chances = np.exp(mixture.paste_logits.numpy()[0])

    assert chances[NAMES.index("Bag")] == pytest.approx(SHARES.seldom * chances[0])


def test_of_photos_a_teacher_says_what_they_are_and_of_the_rest_their_labels(
    pools: dict[str, Pool],
) -> None:
    knows = tiny()
    dense = knows.layers[-1]
    dense.kernel.assign(np.zeros(dense.kernel.shape))
    dense.bias.assign([0.0] * 9 + [5.0, 20.0])
    mixture = Mixture(SHARES, *drawn_fashion_mnist.arrays(20, 0), pools, Teacher((knows,), 24))

    (photos, _), targets, _ = mixture.batch()

    targets = targets.numpy()
    assert photos.shape == (14, 16, 16, 3)
    said = np.append(np.full(9, np.exp(-5.0)), 1.0) / (1.0 + 9 * np.exp(-5.0))
    assert targets[:6, :10] == pytest.approx(np.tile(said, (6, 1)), abs=1e-5)
    assert (targets[:6, 10] > 0.999).all()
    # Whether the ten classes count is known of a photo, not asked.
    assert targets[:6, 11].tolist() == [1.0] * 4 + [0.0] * 2
    assert not targets[6:7].any(), "nothing is taught as nothing"
    assert targets[9:12, :10].max() < 0.96, "a pasted garment keeps its own label"


def test_a_teachers_garments_are_mixed_with_garments_alone() -> None:
    pictures = np.random.default_rng(0).integers(0, 255, (4, 24, 24, 3), np.uint8)
    garments = np.eye(12, dtype=np.float32)[:4]
    garments[:, 10:] = 1.0
    pools = {"garment_photos": Pool(pictures, garments), "other_photos": Pool.of_none(pictures)}
    config = TeacherConfig(side=16, garment_photos=3, other_photos=2, mixed=1.0)

    images, targets = next(iter(teacher_batches(config, pools).take(1)))

    assert images.shape == (5, 16, 16, 3)
    targets = targets.numpy()
    assert targets[:3, :10].sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert targets[:3, 10:] == pytest.approx(1.0)
    assert not targets[3:].any()
