"""The photo on its chart: whole, in its shape, sharp."""

import pytest
from PIL import Image, ImageChops, ImageColor

from model.common import chart_elements as elements
from model.serving.chart import Chart
from model.serving.chart_layout import ABOVE, LEFT
from tests.model.serving.chart.drawn import PAINT, TALL, WIDE, coloured, predicted


def painted(picture: Image.Image) -> tuple[int, int, int, int]:
    """Where the photo is: the box of PAINT."""
    mask = ImageChops.difference(picture, Image.new("RGB", picture.size, PAINT)).convert("L")
    box = mask.point(lambda value: 255 * (value < 4)).getbbox()
    assert box
    return box


@pytest.mark.parametrize(
    "size", [(300, 400), (400, 400), (90, 160), (100, 700), (400, 300), (1600, 900), (900, 100)]
)
def test_a_photo_is_shown_whole_in_its_own_shape(chart: Chart, size: tuple[int, int]) -> None:
    picture = chart.picture(predicted(), Image.new("RGB", size, PAINT), "en")
    left, upper, right, lower = painted(picture)
    # Its edge, one pixel on each side, is not counted.
    width, height = right - left + 2, lower - upper + 2
    assert width / height == pytest.approx(size[0] / size[1], rel=0.03)
    if size[0] > size[1]:
        assert picture.width == ABOVE.width
        assert width == ABOVE.photo[0]
    else:
        assert picture.width == LEFT.width
        assert width == LEFT.photo[0] or height == LEFT.photo[1]
        assert abs(left + right - 2 * LEFT.margin - LEFT.photo[0]) <= 2, "in the middle"


def test_a_wide_photo_stands_above_the_bars_and_any_other_to_their_left(chart: Chart) -> None:
    left = chart.picture(predicted(), TALL, "en")
    assert painted(left)[2] < LEFT.left
    above = chart.picture(predicted(), WIDE, "en")
    lower = painted(above)[3]
    assert not coloured(above.crop((0, 0, above.width, lower)), elements.BLUE, ABOVE)
    assert coloured(above, elements.BLUE, ABOVE) == [0]


def test_a_photo_has_round_corners(chart: Chart) -> None:
    picture = chart.picture(predicted(), TALL, "en")
    left, upper, right, lower = painted(picture)
    for x, inwards in ((left, 16), (right - 1, -16)):
        for y, down in ((upper, 16), (lower - 1, -16)):
            assert picture.getpixel((x, y)) != PAINT
            assert picture.getpixel((x + inwards, y)) == PAINT
            assert picture.getpixel((x, y + down)) == PAINT


def test_a_white_photo_has_an_edge(chart: Chart) -> None:
    picture = chart.picture(predicted(), Image.new("RGB", (300, 400), "white"), "en")
    place = picture.crop((0, 0, LEFT.left - LEFT.margin, picture.height))
    assert ImageColor.getrgb(elements.EDGE) in {
        colour for _, colour in place.getcolors(place.width * place.height) or []
    }


def test_a_tiny_picture_shows_its_pixels_instead_of_a_blur(chart: Chart) -> None:
    tiny = Image.new("RGB", (28, 28), "black")
    tiny.paste("white", (14, 0, 28, 28))
    picture = chart.picture(predicted(), tiny, "en")
    row = picture.crop((40, 232, 320, 233))
    assert {colour for _, colour in row.getcolors() or []} == {(0, 0, 0), (255, 255, 255)}


def test_the_photo_that_came_in_stays_as_it_was(chart: Chart) -> None:
    photo = Image.new("RGB", LEFT.photo, PAINT)
    chart.picture(predicted(), photo, "en")
    assert photo.getcolors() == [(photo.width * photo.height, PAINT)]
