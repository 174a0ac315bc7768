"""The pictograms of the ten garments, on cards in one picture: `tests/drawings` draws it."""

import io
from functools import cache
from pathlib import Path

from fontpkg.pil import truetype
from PIL import Image, ImageDraw

from model.common.labels import LABELS
from model.common.languages import LANGUAGES

CARDS = Path(__file__).with_name("cards.png")
COLUMNS = 5
CARD = (232, 292)  # px
GAP = 20  # px around each card
NAME_ABOVE = 24  # px from a card's lower edge to its name
LETTERS = 25  # px
INK = (24, 28, 46)


def classes_picture(language: str) -> bytes:
    """A PNG of 1280 px width: the ten pictograms, each with its name in the language.

    English for a language that we do not speak. Made once, then kept.
    """
    return _classes_picture(language if language in LANGUAGES else "en")


@cache
def _classes_picture(language: str) -> bytes:
    with Image.open(CARDS) as cards:
        picture = cards.convert("RGB")
    pen, font = ImageDraw.Draw(picture), truetype("Inter", LETTERS, weight=500)
    for label in LABELS:
        left, top = corner(label.index)
        place = left + CARD[0] / 2, top + CARD[1] - NAME_ABOVE
        pen.text(place, label.in_language(language), INK, font, anchor="ms")
    file = io.BytesIO()
    # 256 colours are enough for flat drawings, and a third of the bytes.
    picture.quantize(256, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def corner(index: int) -> tuple[int, int]:
    """The upper left corner of the card of LABELS[index], in pixels."""
    row, column = divmod(index, COLUMNS)
    return GAP + column * (CARD[0] + GAP), GAP + row * (CARD[1] + GAP)


@cache
def pictogram(index: int) -> Image.Image:
    """The card of LABELS[index], RGB, without a name: the garment on a plain ground."""
    left, top = corner(index)
    with Image.open(CARDS) as cards:
        return cards.convert("RGB").crop((left, top, left + CARD[0], top + CARD[1]))
