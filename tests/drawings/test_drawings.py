from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from model.common.labels import LABELS
from tests.drawings import PATTERNS, Style, draw, garments, scene
from tests.drawings.backgrounds import LYING
from tests.drawings.drawing import SHADES, tones

INDICES = range(len(LABELS))

channels = st.integers(0, 255)
colours = st.tuples(channels, channels, channels)
styles = st.builds(
    Style,
    colour=colours,
    accent=colours,
    pattern=st.sampled_from(PATTERNS),
    rotation=st.floats(-360, 360),
    scale=st.floats(0.05, 1),
    stretch=st.floats(0.6, 1.6),
    flare=st.floats(-0.3, 0.3),
    mirrored=st.booleans(),
)


def alpha_box(image: Image.Image) -> tuple[int, int, int, int]:
    box = image.getchannel("A").getbbox()
    assert box is not None
    return box


def differ(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one.convert("RGB"), other.convert("RGB")).getbbox() is not None


@pytest.mark.parametrize("index", INDICES)
def test_a_pictogram_fills_its_square_but_not_the_corners(index: int) -> None:
    picture = draw(index, 96)
    assert picture.mode == "RGBA"
    assert picture.size == (96, 96)
    left, top, right, bottom = alpha_box(picture)
    assert max(right - left, bottom - top) > 0.8 * 96
    for corner in ((0, 0), (95, 0), (0, 95), (95, 95)):
        assert picture.getpixel(corner) == (0, 0, 0, 0)


def test_every_garment_differs_from_the_others_by_more_than_its_colours() -> None:
    drawn = [draw(index, 64, Style()).convert("RGBa").convert("L") for index in INDICES]
    for index in INDICES:
        for other in range(index):
            differing = sum(ImageChops.difference(drawn[index], drawn[other]).histogram()[40:])
            assert differing > 150, (LABELS[index].name, LABELS[other].name)


@settings(max_examples=60, deadline=None)
@given(index=st.sampled_from(INDICES), size=st.integers(1, 72), style=styles)
def test_any_style_stays_inside_its_part_of_the_square(index: int, size: int, style: Style) -> None:
    picture = draw(index, size, style)
    assert picture.size == (size, size)
    if size * style.scale < 8:
        return
    left, top, right, bottom = alpha_box(picture)
    reach = size * style.scale / 2 + 1.5
    assert left >= size / 2 - reach
    assert top >= size / 2 - reach
    assert right <= size / 2 + reach
    assert bottom <= size / 2 + reach


@pytest.mark.parametrize("index", INDICES)
def test_no_outline_is_cut_off_at_full_scale(index: int) -> None:
    left, top, right, bottom = alpha_box(draw(index, 200, Style(scale=1.0)))
    assert min(left, top) >= 1
    assert max(right, bottom) <= 199


@pytest.mark.parametrize("pattern", [pattern for pattern in PATTERNS if pattern != "plain"])
def test_a_pattern_shows_on_the_cloth_and_nowhere_else(pattern: str) -> None:
    plain = draw(0, 128, Style(accent=(255, 0, 0)))
    patterned = draw(0, 128, Style(accent=(255, 0, 0), pattern=pattern))  # type: ignore[arg-type]
    assert differ(plain, patterned)
    assert plain.getchannel("A").tobytes() == patterned.getchannel("A").tobytes()


def test_a_mirrored_garment_is_the_mirror_image() -> None:
    boot = draw(9, 64, Style(mirrored=True)).getchannel("A")
    mirrored = draw(9, 64, Style()).getchannel("A").transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    # Polygons may end half a supersampled pixel apart.
    assert sum(ImageChops.difference(boot, mirrored).histogram()[140:]) < 20


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": (0, 0, 256)},
        {"scale": 0},
        {"scale": 1.1},
        {"stretch": 2.0},
        {"flare": 0.5},
        {"pattern": "tartan"},
    ],
)
def test_an_impossible_style_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="style"):
        Style(**wrong)  # type: ignore[arg-type]


def test_there_is_no_eleventh_class_and_no_empty_picture() -> None:
    for index in (-1, len(LABELS)):
        with pytest.raises(IndexError, match="no class"):
            draw(index, 32)
    with pytest.raises(ValueError, match="one pixel"):
        draw(0, 0)


@pytest.mark.parametrize("index", INDICES)
def test_every_shape_of_a_drawing_has_a_tone_that_there_is(index: int) -> None:
    areas = [shape for shape in garments.shapes(index) if shape.width is None]
    lines = [shape for shape in garments.shapes(index) if shape.width is not None]
    assert {shape.tone for shape in areas} <= {*tones(Style()), *SHADES}
    assert {shape.tone for shape in lines} <= set(tones(Style()))
    assert areas[0].tone not in SHADES, "nothing lies under it"


def test_there_is_a_drawing_for_each_class_and_no_other() -> None:
    assert sorted(garments.FILES) == sorted(file.stem for file in garments.FOLDER.glob("*.svg"))
    assert len(garments.FILES) == len(LABELS)


def test_a_path_is_refused_where_it_is_not_understood() -> None:
    assert garments.path("M 1 2 L 3 4.5 Z") == ((1, 2), (3, 4.5))
    for wrong in ("M 1 2 A 3 4", "M 1 2 3 4"):
        with pytest.raises(ValueError, match="path"):
            garments.path(wrong)


@pytest.mark.parametrize("index", INDICES)
def test_a_scene_comes_again_by_its_seed_alone(index: int) -> None:
    size = (48, 60)
    scenes = [scene(index, seed, size) for seed in range(6)]
    assert all(picture.mode == "RGB" and picture.size == size for picture in scenes)
    assert scene(index, 3, size).tobytes() == scenes[3].tobytes()
    assert len({picture.tobytes() for picture in scenes}) == len(scenes)


@settings(max_examples=30, deadline=None)
@given(
    index=st.sampled_from(INDICES),
    seed=st.integers(0, 10**9),
    size=st.tuples(st.integers(16, 120), st.integers(16, 120)),
)
def test_a_scene_has_any_size(index: int, seed: int, size: tuple[int, int]) -> None:
    assert scene(index, seed, size).size == size


@pytest.mark.parametrize("background", LYING)
def test_a_turned_floor_covers_the_whole_picture(background: object) -> None:
    picture = background(Random(5), (60, 90))  # type: ignore[operator]
    corners = [picture.getpixel((x, y)) for x in (0, 59) for y in (0, 89)]
    assert all(corner != (0, 0, 0) for corner in corners)
