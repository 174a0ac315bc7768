"""Elements of the bot's pictures: colours, texts and bars.

Texts cost most of a picture's time, so each is drawn once and cached: there are few.
"""

import io
import math
from functools import cache, lru_cache

from fontpkg.pil import truetype
from PIL import Image, ImageDraw, ImageFont

BACKGROUND, TRACK, EDGE = "#ffffff", "#eef1f6", "#dde2ea"
# A muted bar stands out from its track by 3:1, letters from the background by 4.5:1 (WCAG 2.2,
# 1.4.3 and 1.4.11); a test computes it.
MUTED, BLUE, RED, INK, GREY = "#7b889f", "#1f66c9", "#c62f3d", "#1a2233", "#5d6880"

QUALITY = 90  # of the JPEG
# The size of one photo in the picture that answers an album, in pixels. Three by four of them fit
# into the 1280 px to which Telegram limits a picture.
TILE = (320, 316)
# How many texts are kept as they were drawn: some 50 kB each at most, 25 kB as a rule.
TEXTS_KEPT = 400
SIDE = 4  # px at both ends of a text: some letters begin a little before their place


def encoded(picture: Image.Image) -> bytes:
    """The picture as a JPEG."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


@lru_cache(TEXTS_KEPT)
def text_line(
    text: str, ink: str, size: int, height: int, room: int, *, bold: bool = False
) -> Image.Image:
    """A text in the middle of a line of this height; smaller letters if there is no room."""
    font = typeface(size, bold=bold)
    if (length := font.getlength(text)) > room:
        font = typeface(int(size * room / length), bold=bold)
    part = Image.new("RGB", (math.ceil(font.getlength(text)) + 2 * SIDE, height), BACKGROUND)
    ImageDraw.Draw(part).text((SIDE, height // 2), text, ink, font, "lm")
    return part


@cache
def bar_of(colour: str, width: int, height: int) -> Image.Image:
    """A whole bar; a shorter one is the left part of it."""
    mask = rounded(width, height, height // 2)
    bar = Image.new("RGB", mask.size, BACKGROUND)
    for each in dict.fromkeys((TRACK, colour)):
        bar.paste(each, (0, 0), mask)
    return bar


@cache
def typeface(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Inter, of a size in pixels."""
    font: ImageFont.FreeTypeFont = truetype("Inter", size, weight=650 if bold else 400)
    return font


def rounded(width: int, height: int, radius: int) -> Image.Image:
    """A mask with round corners, drawn four times larger for smooth edges."""
    mask = Image.new("L", (width * 4, height * 4))
    box = (0, 0, width * 4 - 1, height * 4 - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius * 4, 255)
    return mask.resize((width, height), Image.Resampling.BOX)
