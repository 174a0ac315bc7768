"""Words that mean nothing, in Pillow's built-in font."""

from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw, ImageFont

from model.common.pictograms.style import Colour

_STARTS = (
    "b",
    "br",
    "ch",
    "d",
    "f",
    "g",
    "gr",
    "h",
    "j",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "st",
    "t",
    "v",
)
_MIDDLES = ("a", "e", "i", "o", "u", "ai", "ea", "ou")
_ENDS = ("", "", "", "n", "r", "s", "l", "t", "nd", "st")

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@lru_cache(maxsize=64)
def font(size: int) -> Font:
    """The font at a size in pixels."""
    return ImageFont.load_default(max(4, size))


def word(random: Random) -> str:
    """A word of one to three syllables."""
    syllables = random.choices((1, 2, 3), (4, 5, 2))[0]
    return "".join(
        random.choice(_STARTS) + random.choice(_MIDDLES) + random.choice(_ENDS)
        for _ in range(syllables)
    )


def words(random: Random, count: int) -> str:
    """Some words, the first with a capital."""
    return " ".join(word(random) for _ in range(count)).capitalize()


def number(random: Random) -> str:
    """An amount, a date, a share, or a plain number."""
    return random.choice(
        (
            f"{random.uniform(0, 999):.2f}",
            str(random.randint(0, 9999)),
            f"{random.randint(0, 100)}%",
            f"{random.randint(1, 28):02}.{random.randint(1, 12):02}.{random.randint(1990, 2030)}",
        )
    )


def line(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: float, tone: Colour
) -> None:
    """One line of text, `at` its upper left corner."""
    draw.text(at, text, tone, font(round(size)))


def paragraph(
    random: Random,
    draw: ImageDraw.ImageDraw,
    box: tuple[float, float, float, float],
    size: float,
    tone: Colour,
) -> float:
    """Lines of text from the top of the box to its bottom, the last one short: where it ends."""
    left, top, right, bottom = box
    step = size * 1.45
    # The font's mean width is about half its height.
    letters = max(3, int((right - left) / (size * 0.53)))
    while top + step <= bottom:
        length = letters if top + 2 * step <= bottom else letters * random.uniform(0.3, 0.8)
        text = words(random, 1)
        while len(text) < length - 5:
            text += random.choice((" ", " ", " ", " ", ", ", ". ")) + word(random)
        line(draw, (left, top), text[:letters], size, tone)
        top += step
    return top


def page(size: tuple[int, int], tone: Colour) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """An empty page, and what draws on it."""
    image = Image.new("RGB", size, tone)
    return image, ImageDraw.Draw(image)
