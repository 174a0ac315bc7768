"""Bags cut out of their photos, to be pasted onto others."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter

from model.datasets.sources.clothing_photos import Row
from model.photos import decode

LONGEST_SIDE = 320  # px of what is cut out: no network sees more of it
# White paper, the shadow on it included, is at least this light in its darkest channel.
WHITE = 238


@dataclass(frozen=True, slots=True)
class CutOut:
    """A bag without its background: RGBA, tightly framed; `row` is its photo's."""

    picture: Image.Image
    row: Row


def of_bags(rows: Sequence[Row]) -> list[CutOut]:
    """The objects on white paper, one for each row."""
    found = []
    for row in rows:
        picture = _read(row)
        darkest = ImageChops.darker(ImageChops.darker(*picture.split()[:2]), picture.split()[2])
        solid = darkest.point(lambda value: 255 if value < WHITE else 0)
        # Highlights and seams are white, too: gaps of a few pixels are closed.
        closed = solid.filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.MinFilter(5))
        found.append(_framed(picture, closed, row))
    return found


def _read(row: Row) -> Image.Image:
    picture = decode.decode(row.read())
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return picture


def _framed(picture: Image.Image, mask: Image.Image, row: Row) -> CutOut:
    mask = mask.resize(picture.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(1.2))
    picture = picture.copy()
    picture.putalpha(mask)
    return CutOut(picture.crop(mask.getbbox()), row)
