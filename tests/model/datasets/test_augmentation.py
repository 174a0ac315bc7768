"""Pasting: the garment is where the mask says, the background everywhere else."""

import numpy as np

from model.datasets import augmentation


def squares(count: int) -> np.ndarray:
    garments = np.zeros((count, 28, 28), np.uint8)
    garments[:, 8:20, 8:20] = 200
    garments[:, 14, 8:20] = 0  # a dark seam
    return garments


def test_masks_close_a_seam_and_leave_the_outside_out() -> None:
    mask = augmentation.masks(squares(1))[0]

    assert mask[14, 14] > 200 and mask[3, 3] == 0


def test_a_view_without_change_is_the_picture_or_its_mirror() -> None:
    picture = np.random.default_rng(0).random((6, 16, 16, 3)).astype(np.float32)

    views = augmentation.warp(
        picture, 16, zoom=(1.0, 1.0 + 1e-6), turn=0.0, shift=0.0, stretch=0.0
    ).numpy()

    for view, original in zip(views, picture, strict=True):
        same = np.abs(view - original).max() < 1e-3
        mirrored = np.abs(view - original[:, ::-1]).max() < 1e-3
        assert same or mirrored


def test_pasting_changes_the_picture_only_near_the_garment() -> None:
    garments = squares(16)
    backgrounds = np.full((16, 64, 64, 3), 0.5, np.float32)

    pasted = augmentation.paste(garments, augmentation.masks(garments), backgrounds).numpy()

    changed = np.abs(pasted - 0.5).max(axis=-1) > 0.02
    assert (changed.mean(axis=(1, 2)) > 0.03).all()
    assert (changed.mean(axis=(1, 2)) < 0.7).all()
    assert pasted.min() >= 0.0 and pasted.max() <= 1.0


def test_every_step_stays_within_zero_and_one() -> None:
    photos = np.random.default_rng(0).integers(0, 255, (5, 48, 48, 3), np.uint8)

    for images in (
        augmentation.colour_jitter(photos.astype(np.float32) / 255.0),
        augmentation.cut_backgrounds(photos, 32),
        augmentation.flat_backgrounds(5, 32),
    ):
        values = images.numpy()
        assert len(values) == 5
        assert values.min() >= -1e-5 and values.max() <= 1.0 + 1e-5


def test_erasing_blackens_one_rectangle_of_an_image_and_only_by_chance() -> None:
    white = np.ones((40, 20, 20, 1), np.float32)

    kept = augmentation.erase(white, chance=0.0).numpy()
    erased = augmentation.erase(white, chance=1.0).numpy()

    assert (kept == 1.0).all()
    for image in erased[..., 0]:
        rows, columns = np.nonzero(image == 0.0)
        height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
        assert len(rows) == height * width  # whole: a rectangle
        assert max(height, width) <= 11  # half a side, and a pixel of rounding


def test_mixing_lets_a_neighbour_shine_through_and_its_target_alike() -> None:
    images = np.zeros((40, 4, 4, 1), np.float32)
    images[::2] = 1.0
    targets = np.repeat(images[:, 0, 0], 3, axis=1)

    mixed, shares = (each.numpy() for each in augmentation.mixup(images, targets, chance=0.5))

    other = np.abs(mixed - images)[:, 0, 0, 0]
    assert (other <= 0.4).all()
    assert 5 < (other > 0).sum() < 35
    assert np.allclose(np.abs(shares - targets), other[:, None], atol=1e-6)
    same, _ = augmentation.mixup(images, targets, chance=0.0)
    assert (same.numpy() == images).all()
