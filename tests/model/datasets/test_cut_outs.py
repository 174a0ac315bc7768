"""Cut-outs: the whole garment and none of its background."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from model.common import pictograms
from model.datasets import cut_outs
from model.datasets.sources.clothing_photos import Row

FLOOR, GARMENT = (200, 180, 150), (40, 60, 140)


def row(picture: Image.Image, garment: int = 8) -> Row:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return Row(Path("one.png"), "train", garment, None, file.getvalue())


def lying(floor: tuple[int, int, int] = FLOOR, noise: int = 0) -> Image.Image:
    """A rectangle of cloth, 80 x 120 px, in the middle of a floor."""
    pixels = np.full((240, 200, 3), floor, np.uint8)
    pixels[60:180, 60:140] = GARMENT
    grain = np.random.default_rng(0).integers(-noise, noise + 1, pixels.shape)
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("noise", [0, 12])
def test_a_garment_is_cut_from_its_floor(noise: int) -> None:
    (found,) = cut_outs.of_garments([row(lying(noise=noise), garment=3)])

    assert found.row.garment == 3
    width, height = found.picture.size
    assert abs(width - 80) <= 16 and abs(height - 120) <= 16
    pixels = np.asarray(found.picture).astype(int)
    solid = pixels[pixels[..., 3] > 200]
    assert np.abs(solid[:, :3].mean(axis=0) - GARMENT).max() < 10
    assert len(solid) > 0.9 * 80 * 120


def test_what_does_not_stand_out_from_its_floor_is_left_out() -> None:
    generator = np.random.default_rng(1)
    carpet = Image.fromarray(generator.integers(0, 256, (120, 100, 3), dtype=np.uint8))
    close_up = Image.new("RGB", (100, 120), GARMENT)

    assert cut_outs.of_garments([row(carpet), row(close_up)]) == []


def test_a_hole_in_the_print_stays_cloth() -> None:
    picture = lying()
    ImageDraw.Draw(picture).rectangle((85, 100, 115, 130), FLOOR)

    (found,) = cut_outs.of_garments([row(picture)])

    middle = found.picture.getpixel((found.picture.width // 2, found.picture.height // 2))
    assert isinstance(middle, tuple) and middle[3] > 200


def test_the_white_paper_around_a_bag_goes() -> None:
    style = pictograms.Style(colour=GARMENT, accent=(120, 40, 40))
    drawn = pictograms.draw(8, 200, style)
    paper = Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn).convert("RGB")

    (found,) = cut_outs.of_bags([row(paper)])

    cut, wanted = (np.asarray(each.getchannel("A")) > 128 for each in (found.picture, drawn))
    assert 0.85 < cut.sum() / wanted.sum() < 1.1
    pixels = np.asarray(found.picture)
    white = pixels[pixels[..., 3] > 200][:, :3].min(axis=1) >= cut_outs.WHITE
    assert white.mean() < 0.02


@given(st.integers(10, 90), st.integers(10, 90), st.integers(8, 40))
def test_stacked_is_whole_and_in_the_middle(width: int, height: int, side: int) -> None:
    picture = Image.new("RGBA", (width, height), (*GARMENT, 255))
    stacked = cut_outs.stacked([cut_outs.CutOut(picture, row(lying()))] * 2, side)

    assert stacked.shape == (2, side, side, 4) and stacked.dtype == np.uint8
    covered = np.argwhere(stacked[0, ..., 3] > 128)
    low, high = covered.min(axis=0), side - 1 - covered.max(axis=0)
    assert np.abs(low - high).max() <= 1
    if max(width, height) >= side:
        assert min(low.min(), high.min()) <= 1
