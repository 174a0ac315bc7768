"""The picture of /classes: small, in every language, and as `tests/drawings` draws it."""

import io
import subprocess
import sys

import numpy as np
import pytest
from fontpkg.pil import truetype
from PIL import Image

from bot.handlers.photos import SAMPLES
from model.common.labels import LABELS
from model.common.languages import LANGUAGES
from model.common.pictograms import CARDS, classes_picture, pictogram
from tests.drawings import scene
from tests.drawings.assets import SAMPLED, cards


def test_the_classes_picture_is_a_small_png_in_each_language() -> None:
    pictures = {language: classes_picture(language) for language in LANGUAGES}
    for data in pictures.values():
        image = Image.open(io.BytesIO(data))
        assert image.format == "PNG"
        assert image.width == 1280
        assert len(data) < 200_000
    assert pictures["en"] != pictures["es"]
    assert classes_picture("tlh") is pictures["en"]


def test_every_letter_of_every_language_can_be_written() -> None:
    font = truetype("Inter", 40)
    missing = font.getmask("\uffff").getbbox(), bytes(font.getmask("\uffff"))
    for language in LANGUAGES:
        for letter in set("".join(label.in_language(language) for label in LABELS)) - {" "}:
            mask = font.getmask(letter)
            assert (mask.getbbox(), bytes(mask)) != missing, letter


def test_every_pictogram_is_of_its_class() -> None:
    drawn = [np.asarray(pictogram(label.index), np.int16) for label in LABELS]
    assert {picture.shape for picture in drawn} == {(292, 232, 3)}
    for index, one in enumerate(drawn):
        for other in drawn[:index]:
            assert (np.abs(one - other).max(axis=2) > 40).mean() > 0.05


def test_the_cards_are_as_they_are_drawn() -> None:
    with Image.open(CARDS) as shipped:
        drawn = np.asarray(cards(), np.int16)
        assert np.abs(np.asarray(shipped.convert("RGB"), np.int16) - drawn).mean() < 1.0


@pytest.mark.parametrize("number", range(len(SAMPLES)))
def test_the_samples_are_as_they_are_drawn(number: int) -> None:
    with Image.open(SAMPLES[number]) as shipped:
        drawn = np.asarray(scene(*SAMPLED[number]), np.int16)
        assert np.abs(np.asarray(shipped, np.int16) - drawn).mean() < 5.0


def test_pictograms_load_neither_numpy_nor_matplotlib() -> None:
    code = (
        "import sys, model.common.pictograms as p; p.classes_picture('es');"
        "sys.exit(any(name in sys.modules for name in ('numpy', 'matplotlib')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
