"""The picture of /classes: the ten garments with their names."""

import io
from functools import cache

from fontpkg.pil import truetype
from PIL import Image, ImageDraw, ImageFilter

from model.common.labels import LABELS, Label
from model.common.languages import LANGUAGES
from model.common.pictograms.drawing import draw
from model.common.pictograms.style import INK, OWN_STYLES, WHITE, Colour, mix

COLUMNS, ROWS = 5, 2
CARD = (232, 292)  # px
GAP = 20
PICTOGRAM = 190
LETTERS = 25
GROUND: Colour = (238, 242, 248)
# Twice the size, then halved: smooth letters and corners.
ZOOM = 2


def classes_picture(language: str) -> bytes:
    """A PNG of 1280 px width: the ten pictograms, each with its name in the language.

    English for a language that we do not speak. Drawn once, then kept.
    """
    return _classes_picture(language if language in LANGUAGES else "en")


@cache
def _classes_picture(language: str) -> bytes:
    width = COLUMNS * CARD[0] + (COLUMNS + 1) * GAP
    height = ROWS * CARD[1] + (ROWS + 1) * GAP
    picture = Image.new("RGB", (width, height), GROUND)
    for label in LABELS:
        row, column = divmod(label.index, COLUMNS)
        corner = GAP + column * (CARD[0] + GAP), GAP + row * (CARD[1] + GAP)
        _shadow(picture, corner)
        card = _card(label, language)
        picture.paste(card, corner, card)
    file = io.BytesIO()
    # 256 colours are enough for flat drawings, and a third of the bytes.
    picture.quantize(256, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _card(label: Label, language: str) -> Image.Image:
    width, height = CARD[0] * ZOOM, CARD[1] * ZOOM
    card = Image.new("RGBA", (width, height))
    pen = ImageDraw.Draw(card)
    style = OWN_STYLES[label.index]
    # A nearly white garment would be lost on a tint of its own.
    tint = mix(style.accent if min(style.colour) > 200 else style.colour, WHITE, 0.86)
    pen.rounded_rectangle((0, 0, width - 1, height - 1), 24 * ZOOM, WHITE)
    inset = 10 * ZOOM
    floor = height - 62 * ZOOM
    pen.rounded_rectangle((inset, inset, width - 1 - inset, floor), 17 * ZOOM, tint)
    pictogram = draw(label.index, PICTOGRAM * ZOOM)
    card.alpha_composite(
        pictogram, ((width - pictogram.width) // 2, (inset + floor - pictogram.height) // 2)
    )
    name = label.in_language(language)
    font = truetype("Inter", LETTERS * ZOOM, weight=500)
    pen.text((width / 2, height - 24 * ZOOM), name, INK, font, anchor="ms")
    return card.resize(CARD, Image.Resampling.BOX)


def _shadow(picture: Image.Image, corner: tuple[int, int]) -> None:
    width, height = CARD
    blur = GAP // 2
    mask = Image.new("L", (width + 2 * GAP, height + 2 * GAP))
    box = (GAP, GAP + 4, GAP + width - 1, GAP + height + 3)
    ImageDraw.Draw(mask).rounded_rectangle(box, 24, 40)
    mask = mask.filter(ImageFilter.GaussianBlur(blur / 2))
    picture.paste(mix(INK, GROUND, 0.2), (corner[0] - GAP, corner[1] - GAP), mask)
