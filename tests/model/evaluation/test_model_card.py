"""The card for people: whole, and with every figure from the report."""

import re
from dataclasses import replace

import pytest

from model.evaluation import model_card
from tests.helpers.reports import CARD, report

REPORT = report()
TEXT = model_card.build(REPORT, CARD, milliseconds=3.25, training_time="3 hours on two cores")


@pytest.mark.parametrize(
    "part",
    [
        "# Model card: `made-up-1`",
        "in `made-up.keras`",
        "654,321 parameters, 3.14 MB",
        "`litenet`",
        "train --recipe default --version made-up-1 --out",
        "it took 3 hours on two cores.",
        "| one photo on the CPU, in ms | ≤ 6 | 3.25 | met |",
        "is below 0.300",
        "at least 0.600",
        "© 2017 Zalando SE",
        "CC0",
        "Apache 2.0",
        "must not be used to judge",
        "these: Bag (12) and Ankle boot (10).",
    ],
)
def test_the_card_says(part: str) -> None:
    assert part in re.sub(r"\s+", " ", TEXT)


def test_no_place_is_left_empty() -> None:
    assert "{" not in TEXT
    assert "None" not in TEXT
    assert "nan" not in TEXT
    assert "\n\n\n" not in TEXT
    assert "\n\n " not in TEXT
    assert TEXT.endswith(".\n")


def test_its_pictures_stand_in_it() -> None:
    assert re.findall(r"\]\((\S+\.png)\)", TEXT) == [
        "confusion-photos.png",
        "confusion-fashion-mnist.png",
        "calibration.png",
        "thresholds.png",
    ]


def test_prose_is_broken_into_lines_of_a_hundred() -> None:
    prose = [line for line in TEXT.splitlines() if line and line[0] not in "#-|!"]
    assert max(map(len, prose)) <= 100


def test_what_is_not_known_is_left_out() -> None:
    text = model_card.build(REPORT, replace(CARD, photo_shapes=()))
    assert "it took" not in text
    assert "pixels" not in text.split("##")[1]


def test_a_report_that_is_not_on_everything_is_refused() -> None:
    with pytest.raises(ValueError, match="incomplete"):
        model_card.build(replace(REPORT, photos=None), CARD)


def test_mirror_images_are_named_where_they_count() -> None:
    assert "mirror" not in TEXT
    text = model_card.build(REPORT, replace(CARD, mirrored=("small",)))
    assert "Of small pictures it is shown the mirror image" in re.sub(r"\s+", " ", text)


def test_the_sizes_at_which_pictures_are_shown_are_named() -> None:
    text = re.sub(r"\s+", " ", TEXT)
    assert "96 × 96 or 112 × 84 pixels; one of up to 64 pixels a side" in text
    assert "around its middle" not in text
    closer = model_card.build(REPORT, replace(CARD, photo_crop=0.85))
    assert "of a photo, 85% of each side, around its middle." in re.sub(r"\s+", " ", closer)
