"""The chart's bars and rows: how long, which colour, what they say."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from model.common import chart_elements as elements
from model.common.labels import LABELS, NONE_OF_THESE
from model.common.languages import LANGUAGES, words
from model.common.prediction import Verdict
from model.serving import chart as module
from model.serving.chart import Chart
from model.serving.chart_layout import LEFT, WHOLE
from tests.model.serving.chart.drawn import (
    PHOTO,
    PROBABILITIES,
    TALL,
    VERDICTS,
    bars,
    coloured,
    predicted,
)


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


def test_nothing_leaks_from_one_drawing_into_the_next(chart: Chart) -> None:
    white = Image.new("RGB", (30, 400), "white")
    first = chart.draw(predicted("unsure", PROBABILITIES[::-1]), white, "es", truth=2)
    second = chart.draw(predicted(), PHOTO, "en")
    assert second == Chart().draw(predicted(), PHOTO, "en")
    assert first != second


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
