import io
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageColor, ImageDraw

from model.common import chart_elements as elements
from model.common.labels import LABELS, NONE_OF_THESE
from model.common.languages import LANGUAGES, words
from model.common.prediction import Prediction, Verdict
from model.serving import chart as module
from model.serving.chart import Chart
from model.serving.chart_layout import ABOVE, LEFT, WHOLE, Layout
from tests.drawings import scene

PROBABILITIES = (0.40, 0.02, 0.05, 0.01, 0.10, 0.0, 0.30, 0.02, 0.06, 0.04)
PHOTO = scene(6, 1, (120, 160))
PAINT = (200, 10, 10)
TALL, WIDE = Image.new("RGB", (300, 400), PAINT), Image.new("RGB", (400, 300), PAINT)
VERDICTS: tuple[Verdict, ...] = ("sure", "unsure", "none")
LAYOUTS = (LEFT, ABOVE, WHOLE)
# On a phone 390 px wide, the web chat shows a picture this wide; so do Telegram's apps, or less.
SHOWN_WIDTH = 333


def predicted(
    verdict: Verdict = "sure",
    probabilities: tuple[float, ...] = PROBABILITIES,
    garment_score: float = 0.9,
) -> Prediction:
    return Prediction(
        probabilities=probabilities, garment_score=garment_score, verdict=verdict, model="test"
    )


def bars(picture: Image.Image, layout: Layout = LEFT) -> list[dict[str, int]]:
    """For each bar, from above: how many pixels of its middle line have which colour."""
    colours = [elements.BLUE, elements.RED, elements.MUTED]
    x = layout.width - layout.margin - layout.bar // 2
    on = {ImageColor.getrgb(each) for each in [elements.TRACK, *colours]}
    is_bar = [picture.getpixel((x, y)) in on for y in range(picture.height)]
    found, y = [], 0
    for inside, run in itertools.groupby(is_bar):
        height = len(list(run))
        if inside and height >= layout.bar - 3:
            line = picture.crop((layout.left, y + height // 2, x, y + height // 2 + 1))
            counts = {colour: count for count, colour in line.getcolors(1000) or []}
            found.append({each: counts.get(ImageColor.getrgb(each), 0) for each in colours})
        y += height
    return found


def coloured(picture: Image.Image, colour: str, layout: Layout = LEFT) -> list[int]:
    """The bars of this colour, counted from above."""
    return [place for place, bar in enumerate(bars(picture, layout)) if bar[colour]]


@pytest.fixture(scope="module")
def chart() -> Chart:
    return Chart()


@settings(max_examples=40, deadline=None)
@given(
    size=st.tuples(st.integers(1, 900), st.integers(1, 900)),
    mode=st.sampled_from(["RGB", "L", "RGBA", "P", "CMYK"]),
    verdict=st.sampled_from(VERDICTS),
    language=st.sampled_from(["en", "es", "de"]),
)
def test_any_photo_gets_a_jpeg(
    chart: Chart, size: tuple[int, int], mode: str, verdict: Verdict, language: str
) -> None:
    picture = Image.open(
        io.BytesIO(chart.draw(predicted(verdict), Image.new(mode, size), language))
    )
    picture.load()
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert max(picture.size) <= 1280, "Telegram would make it smaller"


@settings(max_examples=40, deadline=None)
@given(weights=st.lists(st.floats(0.001, 1), min_size=10, max_size=10))
def test_bars_are_as_long_as_their_probabilities(chart: Chart, weights: list[float]) -> None:
    probabilities = tuple(weight / sum(weights) for weight in weights)
    prediction = predicted(probabilities=probabilities)
    picture = chart.picture(prediction, PHOTO, "en", whole=True)
    measured = [sum(bar.values()) for bar in bars(picture, WHOLE)]
    ranked = sorted(probabilities, reverse=True)
    assert len(measured) == len(LABELS)
    for length, probability in zip(measured, ranked, strict=True):
        # A bar's ends are round.
        assert abs(length - WHOLE.column * probability) <= 8
    few = [sum(bar.values()) for bar in bars(chart.picture(prediction, PHOTO, "en"))]
    assert len(few) in (3, 4)
    for length, probability in zip(few, ranked, strict=False):
        assert abs(length - LEFT.column * probability) <= 8


@settings(max_examples=100, deadline=None)
@given(weights=st.lists(st.floats(0, 1), min_size=10, max_size=10).filter(lambda w: sum(w) > 0.1))
@pytest.mark.parametrize("truth", [None, 3, NONE_OF_THESE])
def test_what_is_said_adds_up_to_the_whole(weights: list[float], truth: int | None) -> None:
    probabilities = tuple(weight / sum(weights) for weight in weights)
    rows = module._rows(predicted(probabilities=probabilities), "en", truth)
    assert sum(row.value not in ("", "0%") for row in rows) == len(rows), "no row says nothing"
    assert sum(row.text == "Others" for row in rows) <= 1
    said = [int(row.value.rstrip("%")) for row in rows if row.value != "<1%"]
    assert abs(sum(said) - 100) <= 1


@pytest.mark.parametrize(("verdict", "places"), [("sure", [0]), ("unsure", [0, 1]), ("none", [])])
def test_blue_marks_what_the_verdict_names(
    chart: Chart, verdict: Verdict, places: list[int]
) -> None:
    picture = chart.picture(predicted(verdict), PHOTO, "en")
    assert coloured(picture, elements.BLUE) == places
    assert coloured(picture, elements.RED) == []


def test_none_says_how_much_it_looks_like_a_garment_and_what_is_closest(chart: Chart) -> None:
    prediction = predicted("none", garment_score=0.25)
    (bar,) = bars(chart.picture(prediction, PHOTO, "en"))
    assert abs(bar[elements.MUTED] - LEFT.column / 4) <= 3
    rows = module._rows(prediction, "en", None)
    assert [(row.text, row.value) for row in rows] == [
        ("Garment I know", "25%"),
        ("Closest: T-shirt or top", ""),
    ]


@pytest.mark.parametrize(
    ("language", "asked"), [("en", "Coat?"), ("es", "¿Abrigo?"), ("pt", "Casaco?")]
)
def test_a_tile_asks_with_the_marks_of_its_language(language: str, asked: str) -> None:
    coat = predicted("none", tuple(1.0 if label.name == "Coat" else 0.0 for label in LABELS))
    _, (doubt, _) = module._tile_words(coat, words(language, module.WORDS), language, None)
    assert doubt == asked


def test_with_the_truth_the_mistake_is_red_and_the_right_class_blue(chart: Chart) -> None:
    mistaken = chart.picture(predicted(), PHOTO, "en", truth=6)
    assert coloured(mistaken, elements.RED) == [0]
    assert coloured(mistaken, elements.BLUE) == [1]
    right = chart.picture(predicted(), PHOTO, "en", truth=0)
    assert coloured(right, elements.RED) == []
    assert coloured(right, elements.BLUE) == [0]


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("truth", list(range(NONE_OF_THESE)))
def test_the_truth_has_a_row_however_unlikely_it_was(
    chart: Chart, verdict: Verdict, truth: int
) -> None:
    rows = module._rows(predicted(verdict), "en", truth)
    (right,) = (row for row in rows if row.text.startswith("✓ "))
    assert (right.text, right.colour) == (f"✓ {LABELS[truth].in_language('en')}", elements.BLUE)
    wrong = [row for row in rows if row.text.startswith("✗ ")]
    assert [row.colour for row in wrong] == [elements.RED] * (verdict != "none" and truth != 0)
    assert len([row for row in rows if row.share is not None]) <= 4


def test_where_the_truth_is_none_of_the_ten_only_the_mistake_is_marked(chart: Chart) -> None:
    mistaken = chart.picture(predicted(), PHOTO, "en", truth=NONE_OF_THESE)
    assert coloured(mistaken, elements.RED) == [0]
    assert coloured(mistaken, elements.BLUE) == []
    right = chart.picture(predicted("none"), PHOTO, "en", truth=NONE_OF_THESE)
    assert coloured(right, elements.RED) == coloured(right, elements.BLUE) == []
    plain = chart.picture(predicted("none"), PHOTO, "en")
    assert ImageChops.difference(right, plain).getbbox(), "it says that this was right"


def brightness(colour: str) -> float:
    """The relative luminance of WCAG 2.2."""
    parts = [part / 255 for part in ImageColor.getrgb(colour)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrasts_are_those_that_wcag_asks_for() -> None:
    for ink in (elements.INK, elements.GREY, elements.BLUE, elements.RED):
        assert contrast(ink, elements.BACKGROUND) >= 4.5
    for bar in (elements.MUTED, elements.BLUE, elements.RED):
        assert contrast(bar, elements.TRACK) >= 3


@pytest.mark.parametrize("layout", [LEFT, ABOVE])
def test_letters_can_be_read_on_a_phone(layout: Layout) -> None:
    for size in (layout.kicker_size, layout.text_size):
        assert size * SHOWN_WIDTH / layout.width >= 12
    assert layout.text_size * SHOWN_WIDTH / layout.width >= 14


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_names_are_not_made_smaller_to_fit(layout: Layout, language: str) -> None:
    value = elements.typeface(layout.text_size, bold=True).getlength("100%") + layout.gap
    font = elements.typeface(layout.text_size, bold=True)
    for label in LABELS:
        name = f"{module.WRONG} {label.in_language(language)}"
        assert font.getlength(name) + value <= layout.column
        title = elements.typeface(layout.title_size, bold=True)
        assert title.getlength(label.in_language(language)) <= layout.column


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", [LEFT, ABOVE])
def test_longer_lines_can_be_read_on_a_phone_too(layout: Layout, language: str) -> None:
    said = dict(words(language, module.WORDS))
    closest = said.pop("closest")
    names = [label.in_language(language) for label in LABELS]
    for text in [*said.values(), *(closest.replace("{ $garment }", name) for name in names)]:
        length = elements.typeface(layout.text_size).getlength(text)
        size = int(layout.text_size * min(1, layout.column / length))
        assert size * SHOWN_WIDTH / layout.width >= 12


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("verdict", "truth"), list(itertools.product(VERDICTS, (None, 0, 2, 10))))
@pytest.mark.parametrize("photo", [TALL, WIDE], ids=["tall", "wide"])
def test_the_margins_stay_empty(
    chart: Chart, photo: Image.Image, verdict: Verdict, truth: int | None, language: str
) -> None:
    for first in range(10):
        probabilities = [0.0] * 10
        probabilities[first], probabilities[(first + 1) % 10] = 0.999, 0.001
        prediction = predicted(verdict, tuple(probabilities))
        picture = chart.picture(prediction, photo, language, truth=truth)
        layout = ABOVE if photo is WIDE else LEFT
        edge = layout.margin - elements.SIDE
        inside = Image.new("RGB", picture.size, elements.BACKGROUND)
        inner = (edge, edge // 2, picture.width - edge, picture.height - edge // 2)
        inside.paste(picture.crop(inner), inner)
        assert not ImageChops.difference(picture, inside).getbbox()


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


def test_letters_that_begin_before_their_place_are_whole() -> None:
    """As those of "Jersey" do, in bold."""
    kept = elements.text_line("Jersey", elements.INK, 34, 66, 400, bold=True)
    drawn = Image.new("RGB", (400, 66), elements.BACKGROUND)
    font = elements.typeface(34, bold=True)
    ImageDraw.Draw(drawn).text((100, 33), "Jersey", elements.INK, font, "lm")
    whole, found = (ImageChops.invert(each).getbbox() for each in (drawn, kept))
    assert whole
    assert found
    assert found[2] - found[0] == whole[2] - whole[0]


def test_a_text_that_has_no_room_gets_smaller_letters() -> None:
    kept = elements.text_line("None of my ten kinds", elements.INK, 34, 66, 150)
    assert 140 < kept.width <= 150 + 2 * elements.SIDE


def test_nothing_leaks_from_one_drawing_into_the_next(chart: Chart) -> None:
    white = Image.new("RGB", (30, 400), "white")
    first = chart.draw(predicted("unsure", PROBABILITIES[::-1]), white, "es", truth=2)
    second = chart.draw(predicted(), PHOTO, "en")
    assert second == Chart().draw(predicted(), PHOTO, "en")
    assert first != second


def test_the_photo_that_came_in_stays_as_it_was(chart: Chart) -> None:
    photo = Image.new("RGB", LEFT.photo, PAINT)
    chart.picture(predicted(), photo, "en")
    assert photo.getcolors() == [(photo.width * photo.height, PAINT)]


def test_names_are_in_the_language_asked_for(chart: Chart) -> None:
    drawn = {code: chart.picture(predicted(), PHOTO, code) for code in ("en", "es", "fi")}
    assert drawn["fi"] == drawn["en"]
    difference = ImageChops.difference(drawn["en"], drawn["es"]).getbbox()
    assert difference
    assert difference[0] >= LEFT.left - elements.SIDE


def test_all_languages_have_the_same_words() -> None:
    assert len({tuple(words(language, module.WORDS)) for language in LANGUAGES}) == 1


def test_the_words_are_plain_but_for_what_is_put_into_them() -> None:
    for language in LANGUAGES:
        for name, text in words(language, module.WORDS).items():
            inserted = {
                "closest": "{ $garment }",
                "perhaps": "{ $garment }",
                "percent": "{ $percent }",
            }.get(name, "")
            assert inserted in text and "{" not in text.replace(inserted, "")


def test_a_percent_is_written_as_the_language_does_and_as_the_caption_has_it() -> None:
    shares = (0.125, *(0.125,) * 7)
    for language, shown in (("en", "13%"), ("es", "13 %")):
        rows = module._rows(predicted(probabilities=(*shares, 0.0, 0.0)), language, None)
        assert rows[0].value == shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("truth", [None, 0, 8, NONE_OF_THESE])
def test_a_tile_of_an_album_says_the_same_as_the_chart_in_colours(
    verdict: Verdict, truth: int | None, language: str
) -> None:
    prediction = predicted(verdict)
    tile = Image.open(io.BytesIO(Chart().tile(prediction, TALL, language, truth=truth)))
    assert tile.size == elements.TILE
    lines = module._tile_words(prediction, words(language, module.WORDS), language, truth)
    wrong = truth is not None and truth != prediction.said
    assert [ink for _, ink in lines] == (
        [elements.INK, elements.GREY]
        if truth is None
        else [elements.BLUE, elements.RED if wrong else elements.GREY]
    )
    # On a phone three stand in 330 px.
    assert module.TILE_SIZE * 330 / (3 * elements.TILE[0]) >= 12
