"""Views of photos: shapes, turns, and determinism."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from model.datasets import views

SHAPES = ((160, 160), (184, 136), (208, 120), (136, 184), (120, 208))


def corners(height: int, width: int) -> np.ndarray:
    """A picture whose left upper quarter is white."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = 255
    return pixels


@pytest.mark.parametrize(
    ("height", "width", "shape"),
    [(400, 400, (160, 160)), (400, 300, (184, 136)), (1600, 900, (208, 120)),
     (300, 400, (136, 184)), (900, 1600, (120, 208)), (4000, 100, (208, 120))],
)  # fmt: skip
def test_a_picture_takes_the_shape_of_the_nearest_ratio(
    height: int, width: int, shape: tuple[int, int]
) -> None:
    place, view = views.upright(corners(height, width), SHAPES)
    assert SHAPES[place] == shape == view.shape[:2]


@pytest.mark.parametrize("quarter", range(4))
def test_a_quarter_turn_turns_shape_and_content(quarter: int) -> None:
    place, view = views.upright(corners(400, 300), SHAPES, quarter)
    height, width = SHAPES[place]
    assert (height > width) == (quarter % 2 == 0)
    # numpy turns anticlockwise: the white quarter goes left, then down, then right.
    rows, columns = ((0, 0), (1, 0), (1, 1), (0, 1))[quarter]
    quarters = view[:, :, 0].reshape(2, height // 2, 2, width // 2).mean((1, 3))
    assert quarters[rows, columns] > 200
    assert quarters.sum() < 300


def test_area_is_kept() -> None:
    pixels = views.sized(Image.new("RGB", (900, 1600)), 240)
    assert abs(pixels.shape[0] * pixels.shape[1] / 240**2 - 1) < 0.01
    assert pixels.shape[0] > pixels.shape[1]


@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_any_picture_has_views(height: int, width: int, seed: int) -> None:
    pixels = np.full((height, width, 3), 90, np.uint8)
    place, view = views.varied(pixels, SHAPES, np.random.default_rng(seed))
    assert view.shape == (*SHAPES[place], 3)
    assert view.dtype == np.uint8


def test_views_follow_from_the_seed() -> None:
    pixels = corners(200, 150)
    one, same, other = (
        views.varied(pixels, SHAPES, np.random.default_rng(seed))[1] for seed in (1, 1, 2)
    )
    assert np.array_equal(one, same)
    assert one.shape != other.shape or not np.array_equal(one, other)


def test_views_lie_all_ways() -> None:
    rng = np.random.default_rng(0)
    tall = np.zeros((240, 160, 3), np.uint8)
    found = [SHAPES[views.varied(tall, SHAPES, rng)[0]] for _ in range(200)]
    lying = sum(height < width for height, width in found)
    assert 40 < lying < 120  # two of five are turned on their side
