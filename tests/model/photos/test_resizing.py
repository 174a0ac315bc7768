"""Resizing gives Pillow's pixels, with its library and without."""

import platform
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from model.photos import resizing
from model.photos.resizing import PILLOW, Filter, resized

SIDES = st.integers(1, 90)
SIZES = st.tuples(SIDES, SIDES)
MODES = st.sampled_from(["RGB", "L"])


@given(SIZES, SIZES, MODES)
def test_networks_see_what_pillow_would_show_them(
    before: tuple[int, int], after: tuple[int, int], mode: str
) -> None:
    assert _differs_by(_noise(before, mode), after, "bilinear") <= 1


@given(SIZES, st.integers(1, 5), MODES)
def test_charts_show_what_pillow_would(after: tuple[int, int], times: int, mode: str) -> None:
    picture = _noise((after[0] * times, after[1] * times), mode)
    assert _differs_by(picture, after, "box") <= 1


def _noise(size: tuple[int, int], mode: str) -> Image.Image:
    width, height = size
    noise = np.random.default_rng(size).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(noise).convert(mode)


def _differs_by(picture: Image.Image, size: tuple[int, int], filter_: Filter) -> int:
    """How far at most a pixel is from Pillow's."""
    found, expected = resized(picture, size, filter_), picture.resize(size, PILLOW[filter_])
    assert (found.mode, found.size) == (picture.mode, size)
    return int(np.abs(np.asarray(found, np.int16) - np.asarray(expected, np.int16)).max())


def test_the_library_is_there_wherever_it_has_a_wheel() -> None:
    has_a_wheel = sys.platform != "linux" or platform.machine() == "x86_64"
    assert (resizing.VECTORISED is not None) == has_a_wheel


def test_pillow_takes_its_place_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resizing, "VECTORISED", None)
    picture = Image.effect_noise((90, 60), 80).convert("RGB")
    expected = picture.resize((30, 20), Image.Resampling.BOX)
    assert resized(picture, (30, 20), "box").tobytes() == expected.tobytes()
