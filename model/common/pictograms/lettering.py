"""Text in Pillow's built-in font, which lacks accented letters: their accents are drawn here.

No font of the system's is needed, so that a picture looks the same on every machine.
"""

import unicodedata

from PIL import Image, ImageDraw, ImageFont

from model.common.pictograms.style import Colour

ACUTE, TILDE, DIAERESIS = "\u0301", "\u0303", "\u0308"


def write(
    image: Image.Image, at: tuple[float, float], text: str, *, size: float, colour: Colour
) -> None:
    """Write one line of Spanish or English text.

    `at` is the middle of its base line; `size` the font's, both in pixels. Raises ValueError for a
    letter whose accent neither language has.
    """
    pen = ImageDraw.Draw(image)
    font = _font(size)
    x, baseline = at[0] - font.getlength(_plain(text)) / 2, at[1]
    plain = ""
    for letter in unicodedata.normalize("NFC", text):
        decomposed = unicodedata.normalize("NFD", letter)
        base, accents = decomposed[0], decomposed[1:]
        left = x + font.getlength(plain)
        if accents and base == "i":
            _dotless(image, (left, baseline), size, colour)
        else:
            pen.text((left, baseline), base, fill=colour, font=font, anchor="ls")
        middle = left + font.getlength(base) / 2
        top = baseline - size * (0.74 if base.isupper() else 0.56)
        for accent in accents:
            _accent(pen, accent, (middle, top), size, colour)
        plain += base


def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("This Pillow was built without FreeType: install its official wheel.")
    return font


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _dotless(image: Image.Image, at: tuple[float, float], size: float, colour: Colour) -> None:
    """An i without its dot: written aside, and only what lies below the dot taken over."""
    letter = Image.new("L", (round(size), round(size)))
    pen = ImageDraw.Draw(letter)
    pen.text((at[0] % 1, size * 0.8), "i", fill=255, font=_font(size), anchor="ls")
    letter.paste(0, (0, 0, letter.width, round(size * 0.24)))
    image.paste(colour, (int(at[0]), round(at[1] - size * 0.8)), letter)


def _accent(
    pen: ImageDraw.ImageDraw, accent: str, at: tuple[float, float], size: float, colour: Colour
) -> None:
    """One accent; `at` is the middle of its lower end."""
    x, y = at
    width = max(1, round(size * 0.075))
    if accent == ACUTE:
        pen.line([(x - size * 0.04, y), (x + size * 0.09, y - size * 0.14)], colour, width)
    elif accent == TILDE:
        step = size * 0.07
        wave = [(x - 2 * step, y), (x - step, y - step), (x + step, y), (x + 2 * step, y - step)]
        pen.line(wave, colour, width, joint="curve")
    elif accent == DIAERESIS:
        radius = size * 0.05
        for middle in (x - size * 0.11, x + size * 0.11):
            pen.ellipse((middle - radius, y - 2 * radius, middle + radius, y), colour)
    else:
        raise ValueError(f"The lettering has no accent U+{ord(accent):04X}: draw it there first.")
