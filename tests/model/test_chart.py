import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageColor, ImageDraw

from model import chart as module
from model.chart import Chart
from model.labels import LABELS, NONE_OF_THESE
from model.pictograms import scene
from model.prediction import Prediction, Verdict

PROBABILITIES = (0.40, 0.02, 0.05, 0.01, 0.10, 0.0, 0.30, 0.02, 0.06, 0.04)
PHOTO = scene(6, 1, (120, 160))
CHART_AREA = (module.LEFT, 0, *module.SIZE)
PHOTO_AREA = module.PHOTO


def predicted(
    verdict: Verdict = "sure", probabilities: tuple[float, ...] = PROBABILITIES
) -> Prediction:
    return Prediction(probabilities=probabilities, garment_score=0.9, verdict=verdict, model="test")


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert image.format == "PNG"
    return image.convert("RGB")


def bar_pixels(image: Image.Image, row: int, colour: str) -> int:
    """How many pixels of this colour stand on the middle line of a bar."""
    y = round(module.FIRST_Y + row * module.PITCH)
    line = [image.getpixel((x, y)) for x in range(module.BARS_LEFT, module.BARS_RIGHT)]
    return line.count(ImageColor.getrgb(colour))


def lengths(image: Image.Image, *colours: str) -> list[int]:
    rows = range(len(LABELS))
    return [sum(bar_pixels(image, row, colour) for colour in colours) for row in rows]


def coloured(image: Image.Image, colour: str) -> list[int]:
    """The rows whose bars have this colour."""
    return [row for row, length in enumerate(lengths(image, colour)) if length]


@pytest.fixture(scope="module")
def chart() -> Chart:
    return Chart()


@settings(max_examples=40, deadline=None)
@given(
    size=st.tuples(st.integers(1, 900), st.integers(1, 900)),
    mode=st.sampled_from(["RGB", "L", "RGBA", "P", "CMYK"]),
    verdict=st.sampled_from(["sure", "unsure", "none"]),
    language=st.sampled_from(["en", "es", "de"]),
)
def test_any_photo_gets_a_png_of_the_same_size(
    chart: Chart, size: tuple[int, int], mode: str, verdict: Verdict, language: str
) -> None:
    image = opened(chart.draw(predicted(verdict), Image.new(mode, size), language))
    assert image.size == module.SIZE


@settings(max_examples=40, deadline=None)
@given(weights=st.lists(st.floats(0.001, 1), min_size=10, max_size=10))
def test_bars_are_as_long_as_their_probabilities(chart: Chart, weights: list[float]) -> None:
    probabilities = tuple(weight / sum(weights) for weight in weights)
    image = opened(chart.draw(predicted(probabilities=probabilities), PHOTO, "en"))
    measured = lengths(image, module.BLUE, module.MUTED)
    width = module.BARS_RIGHT - module.BARS_LEFT
    assert measured == sorted(measured, reverse=True)
    for length, probability in zip(measured, sorted(probabilities, reverse=True), strict=True):
        assert abs(length - width * probability) <= 1


@pytest.mark.parametrize(("verdict", "rows"), [("sure", [0]), ("unsure", [0, 1]), ("none", [])])
def test_blue_marks_what_the_verdict_names(chart: Chart, verdict: Verdict, rows: list[int]) -> None:
    image = opened(chart.draw(predicted(verdict), PHOTO, "en"))
    assert coloured(image, module.BLUE) == rows
    assert coloured(image, module.RED) == []


def test_with_the_truth_the_mistake_is_red_and_the_right_class_blue(chart: Chart) -> None:
    mistaken = opened(chart.draw(predicted(), PHOTO, "en", truth=6))
    assert coloured(mistaken, module.RED) == [0]
    assert coloured(mistaken, module.BLUE) == [1]
    right = opened(chart.draw(predicted(), PHOTO, "en", truth=0))
    assert coloured(right, module.RED) == []
    assert coloured(right, module.BLUE) == [0]


def test_where_the_truth_is_none_of_the_ten_only_the_mistake_is_marked(chart: Chart) -> None:
    mistaken = opened(chart.draw(predicted(), PHOTO, "en", truth=NONE_OF_THESE))
    assert coloured(mistaken, module.RED) == [0]
    assert coloured(mistaken, module.BLUE) == []
    right = chart.draw(predicted("none"), PHOTO, "en", truth=NONE_OF_THESE)
    assert coloured(opened(right), module.RED) == coloured(opened(right), module.BLUE) == []
    assert right != chart.draw(predicted("none"), PHOTO, "en"), "it says that this was right"


@pytest.mark.parametrize("truth", [0, 6])
def test_who_named_no_class_mistook_none_for_another(chart: Chart, truth: int) -> None:
    image = opened(chart.draw(predicted("none"), PHOTO, "en", truth=truth))
    assert coloured(image, module.RED) == []
    assert coloured(image, module.BLUE) == [[0, 6].index(truth)]


@pytest.mark.parametrize("verdict", ["sure", "unsure", "none"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_truth_can_be_drawn_clear_of_the_edge(
    chart: Chart, verdict: Verdict, language: str
) -> None:
    for truth in range(NONE_OF_THESE + 1):
        image = opened(chart.draw(predicted(verdict), PHOTO, language, truth=truth))
        margin = image.crop((module.RIGHT + 1, 0, *module.SIZE))
        assert margin.getextrema() == ((255, 255),) * 3


def test_a_photo_has_round_corners(chart: Chart) -> None:
    image = opened(chart.draw(predicted(), Image.new("RGB", (600, 800), (200, 10, 10)), "en"))
    left, upper, right, lower = PHOTO_AREA
    edge = module.PHOTO_CORNER
    for x, inwards in ((left, edge), (right - 1, -edge)):
        for y, down in ((upper, edge), (lower - 1, -edge)):
            assert image.getpixel((x, y)) == (255, 255, 255)
            assert image.getpixel((x + inwards, y)) == (200, 10, 10)
            assert image.getpixel((x, y + down)) == (200, 10, 10)


def test_letters_that_begin_before_their_place_are_whole() -> None:
    """As those of "Jersey" do, in bold."""
    kept = Image.fromarray(module._heading("Not sure", "Jersey"))
    drawn = Image.new("RGB", kept.size, module.BACKGROUND)
    pen, font = ImageDraw.Draw(drawn), module.typeface(module.TITLE_SIZE, bold=True)
    pen.text((100, module.TITLE_Y - module.HEADING_Y), "Jersey", module.INK, font, "lm")
    whole = ImageChops.invert(drawn).getbbox()
    title = ImageChops.invert(kept.crop((0, module.TITLE_Y - module.HEADING_Y - 20, *kept.size)))
    found = title.getbbox()
    assert whole and found
    assert found[2] - found[0] == whole[2] - whole[0]


def test_nothing_leaks_from_one_drawing_into_the_next(chart: Chart) -> None:
    white = Image.new("RGB", (30, 400), "white")
    first = chart.draw(predicted("unsure", PROBABILITIES[::-1]), white, "es", truth=2)
    second = chart.draw(predicted(), PHOTO, "en")
    assert second == Chart().draw(predicted(), PHOTO, "en")
    assert first != second


def test_names_are_in_the_language_asked_for(chart: Chart) -> None:
    drawn = {code: chart.draw(predicted(), PHOTO, code) for code in ("en", "es", "fi")}
    assert drawn["fi"] == drawn["en"]
    english, spanish = opened(drawn["en"]), opened(drawn["es"])
    names = (module.LEFT, 130, module.BARS_LEFT, 560)
    assert ImageChops.difference(english.crop(names), spanish.crop(names)).getbbox()
    assert not ImageChops.difference(english.crop(PHOTO_AREA), spanish.crop(PHOTO_AREA)).getbbox()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("verdict", ["sure", "unsure", "none"])
def test_every_text_stays_clear_of_the_edge_and_the_bars(
    chart: Chart, verdict: Verdict, language: str
) -> None:
    upper, lower = round(module.FIRST_Y - module.PITCH / 2), module.SIZE[1]
    for first in range(10):
        for second in {(first + 1) % 10, 0} - {first}:
            probabilities = [0.0] * 10
            probabilities[first], probabilities[second] = 0.999, 0.001
            image = opened(chart.draw(predicted(verdict, tuple(probabilities)), PHOTO, language))
            margin = image.crop((module.RIGHT + 1, 0, *module.SIZE))
            before = image.crop((module.BARS_LEFT - 8, upper, module.BARS_LEFT, lower))
            after = image.crop((module.BARS_RIGHT, upper, module.BARS_RIGHT + 4, lower))
            for part in (margin, before, after):
                assert part.getextrema() == ((255, 255),) * 3


def test_the_two_languages_have_the_same_words() -> None:
    assert module.WORDS["en"].keys() == module.WORDS["es"].keys()


@pytest.mark.parametrize("size", [(600, 800), (640, 800), (400, 600)])
def test_a_photo_of_a_usual_upright_shape_fills_its_place(
    chart: Chart, size: tuple[int, int]
) -> None:
    image = opened(chart.draw(predicted(), Image.new("RGB", size, (200, 10, 10)), "en"))
    left, top, right, bottom = PHOTO_AREA
    inside = image.crop((left + 30, top, right - 30, bottom))
    assert inside.getextrema() == ((200, 200), (10, 10), (10, 10))


@pytest.mark.parametrize("height", [100, 300, 400])
def test_a_wide_photo_is_shown_whole_before_a_darker_ground(chart: Chart, height: int) -> None:
    photo = Image.new("RGB", (400, height), (200, 10, 10))
    photo.paste((10, 200, 10), (0, 0, 8, height))
    photo.paste((10, 10, 200), (392, 0, 400, height))
    image = opened(chart.draw(predicted(), photo, "en"))
    left, top, right, bottom = PHOTO_AREA
    middle = (top + bottom) // 2
    assert image.getpixel((left + 2, middle)) == (10, 200, 10)
    assert image.getpixel((right - 3, middle)) == (10, 10, 200)
    ground = image.getpixel(((left + right) // 2, top + 20))
    assert isinstance(ground, tuple)
    assert 100 < ground[0] < 200
