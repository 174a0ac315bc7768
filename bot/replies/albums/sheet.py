"""The picture that answers an album: a tile for each photo, numbered, two or three in a row.

A worker draws the tiles (`model.serving.chart`). A corrected photo's new tile is pasted into the
picture in its message, so nothing has to be stored.
"""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from model.common.chart_elements import BACKGROUND, EDGE, GREY, INK, TILE, encoded, typeface

# From here on there are three in a row. Telegram shows no picture that is higher than 1280 px.
MANY = 7
BADGE = 22  # px, the radius of a number's disc
NUMBER_SIZE = 30  # px


def sheet(tiles: Sequence[bytes]) -> bytes:
    """All tiles as one JPEG; a photo that could not be read gets an empty tile."""
    picture = Image.new("RGB", _size(len(tiles)), BACKGROUND)
    for index, tile in enumerate(tiles):
        _paste(picture, index, len(tiles), tile)
    return encoded(picture)


def replaced(picture: bytes, index: int, count: int, tile: bytes) -> bytes:
    """The same sheet of `count` tiles with another one at `index`.

    Raises OSError if the picture is not one.
    """
    with Image.open(io.BytesIO(picture), formats=["JPEG"]) as opened:
        # Telegram may have made it smaller.
        whole = opened.convert("RGB").resize(_size(count), Image.Resampling.BICUBIC)
    _paste(whole, index, count, tile)
    return encoded(whole)


def columns(count: int) -> int:
    """The number of tiles in a row."""
    return min(count, 3 if count >= MANY else 2)


def _size(count: int) -> tuple[int, int]:
    width, height = TILE
    return columns(count) * width, -(-count // columns(count)) * height


def _paste(picture: Image.Image, index: int, count: int, tile: bytes) -> None:
    width, height = TILE
    row, column = divmod(index, columns(count))
    left, top = column * width, row * height
    picture.paste(_opened(tile), (left, top))
    pen = ImageDraw.Draw(picture)
    middle = left + BADGE + 10, top + BADGE + 10
    pen.circle(middle, BADGE, INK)
    pen.text(middle, str(index + 1), BACKGROUND, typeface(NUMBER_SIZE, bold=True), "mm")


def _opened(tile: bytes) -> Image.Image:
    """The tile, or an empty one with a question mark if there is none."""
    if tile:
        with Image.open(io.BytesIO(tile)) as opened:
            return opened.convert("RGB").resize(TILE)
    empty = Image.new("RGB", TILE, EDGE)
    width, height = TILE
    pen = ImageDraw.Draw(empty)
    pen.text((width / 2, height / 2), "?", GREY, typeface(height // 3, bold=True), "mm")
    return empty
