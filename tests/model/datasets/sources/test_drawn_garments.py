import numpy as np
import pytest

from model.datasets.sources import drawn_garments


def test_silhouettes_are_light_on_black_and_fill_their_square() -> None:
    images, labels = drawn_garments.fashion_mnist_like(40, seed=1)
    assert images.shape == (40, 28, 28)
    assert images.dtype == np.uint8
    assert labels.dtype == np.int64
    assert labels.tolist() == list(range(10)) * 4
    assert (images[:, [0, 0, -1, -1], [0, -1, 0, -1]] < 128).mean() > 0.9
    assert (np.median(images.max(axis=(1, 2))) > 128).all()
    filled = images > 20
    heights, widths = filled.any(axis=2).sum(axis=1), filled.any(axis=1).sum(axis=1)
    assert (np.maximum(heights, widths) >= 24).all()


@pytest.mark.parametrize("seed", [0, 7])
def test_the_same_seed_draws_the_same(seed: int) -> None:
    images, _ = drawn_garments.fashion_mnist_like(12, seed)
    again, _ = drawn_garments.fashion_mnist_like(12, seed)
    other, _ = drawn_garments.fashion_mnist_like(12, seed + 1)
    assert (images == again).all()
    assert (images != other).any(axis=(1, 2)).all()


def test_no_images_are_still_arrays() -> None:
    images, labels = drawn_garments.fashion_mnist_like(0, seed=0)
    assert images.shape == (0, 28, 28)
    assert labels.shape == (0,)


def test_photos_are_rgb_scenes_of_the_size_asked_for() -> None:
    photos, labels = drawn_garments.photos(11, seed=2, size=(40, 50))
    assert labels.tolist() == [*range(10), 0]
    assert {(photo.mode, photo.size) for photo in photos} == {("RGB", (40, 50))}
    again, _ = drawn_garments.photos(11, seed=2, size=(40, 50))
    assert [photo.tobytes() for photo in photos] == [photo.tobytes() for photo in again]
    assert photos[0].tobytes() != photos[10].tobytes()
