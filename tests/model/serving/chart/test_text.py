"""The chart's text can be read on a phone, in every language."""

import itertools

import pytest
from PIL import Image, ImageChops, ImageColor, ImageDraw

from model.common import chart_elements as elements
from model.common.labels import LABELS
from model.common.languages import LANGUAGES, words
from model.common.prediction import Verdict
from model.serving import chart as module
from model.serving.chart import Chart
from model.serving.chart_layout import ABOVE, LEFT, WHOLE, Layout
from tests.model.serving.chart.drawn import PHOTO, TALL, VERDICTS, WIDE, predicted

LAYOUTS = (LEFT, ABOVE, WHOLE)
# On a phone 390 px wide, the web chat shows a picture this wide; so do Telegram's apps, or less.
SHOWN_WIDTH = 333
# What is put into a word, by the word's name.
INSERTED = {
    "closest": "{ $garment }",
    "perhaps": "{ $garment }",
    "percent": "{ $percent }",
}


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
    said = words(language, module.WORDS)
    names = [label.in_language(language) for label in LABELS]
    for text in {text.replace("{ $garment }", name) for text in said.values() for name in names}:
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
            inserted = INSERTED.get(name, "")
            assert inserted in text and "{" not in text.replace(inserted, "")


def test_a_percent_is_written_as_the_language_does_and_as_the_caption_has_it() -> None:
    shares = (0.125, *(0.125,) * 7)
    for language, shown in (("en", "13%"), ("es", "13 %")):
        rows = module._rows(predicted(probabilities=(*shares, 0.0, 0.0)), language, None)
        assert rows[0].value == shown
