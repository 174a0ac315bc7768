"""Photos that carry a number which can still be read in the picture of their answer.

The number is a grid of black and white cells that fills the photo, and with it the photo's place in
the chart. It survives Telegram's JPEGs and the chart's scaling; a check sum tells a number from
anything else.
"""

import io
from functools import lru_cache
from typing import Any

from PIL import Image

from model.serving.chart_layout import LEFT

COLUMNS, ROWS = 5, 6
BITS = COLUMNS * ROWS
CHECK = 10  # bits of the check sum
CELL = 64  # px
MOST = 1 << (BITS - CHECK)  # numbers below it


@lru_cache(maxsize=64)  # an overload sends the same few again and again
def photo(number: int) -> bytes:
    """A JPEG of 320 × 384 px that shows `number`, 0 to MOST - 1."""
    coded = number << CHECK | _check_sum(number)
    cells = bytes(230 if coded >> place & 1 else 25 for place in range(BITS))
    image = Image.frombytes("L", (COLUMNS, ROWS), cells)
    grown = image.resize((COLUMNS * CELL, ROWS * CELL), Image.Resampling.NEAREST)
    file = io.BytesIO()
    grown.convert("RGB").save(file, "JPEG", quality=85)
    return file.getvalue()


def read(answer: bytes) -> int | None:
    """The number of the photo that an answer's picture shows; None if there is none."""
    with Image.open(io.BytesIO(answer)) as picture:
        place = picture.convert("L").crop(_inside(picture.size))
    width, height = place.size
    pixels: Any = place.load()
    coded = 0
    for bit in range(BITS):
        column, row = bit % COLUMNS, bit // COLUMNS
        middle = (
            int((column + 0.5) * width / COLUMNS),
            int((row + 0.5) * height / ROWS),
        )
        coded |= (pixels[middle] > 128) << bit
    number, check_sum = coded >> CHECK, coded & ((1 << CHECK) - 1)
    return number if check_sum == _check_sum(number) else None


def _inside(size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Where the photo stands in a chart, which Telegram may have shrunk to `size`."""
    scale = size[0] / LEFT.width
    left, width = LEFT.margin, LEFT.photo[0]
    height = width * ROWS // COLUMNS
    upper = (LEFT.height - height) // 2
    right, lower = left + width, upper + height
    return round(left * scale), round(upper * scale), round(right * scale), round(lower * scale)


def _check_sum(number: int) -> int:
    return (number * 40503 + 12345) % 65521 % (1 << CHECK)
