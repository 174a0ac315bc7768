"""Bags and garments cut out of their photos, to be pasted onto others."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from model.datasets.sources.clothing_photos import Row
from model.photos import decode

Floats = NDArray[np.float32]

LONGEST_SIDE = 320  # px of what is cut out: no network sees more of it
# White paper, the shadow on it included, is at least this light in its darkest channel.
WHITE = 238
# A garment is cut out at this size: finer edges would be of the floor's pattern.
FINDING_SIDE = 96
# Shares of the picture that a whole garment covers.
LEAST, MOST = 0.10, 0.62
# At most this share of the picture's edge may look unlike the floor.
EDGE = 0.06
# Of the garment, at least this much is no frayed edge and no thread.
SOLID = 0.92
FLOORS = 3  # colours that a floor may have


@dataclass(frozen=True, slots=True)
class CutOut:
    """A garment without its background: RGBA, tightly framed; `row` says which garment it is."""

    picture: Image.Image
    row: Row


def of_bags(rows: Sequence[Row]) -> list[CutOut]:
    """Whatever lies on white paper, one for each row."""
    found = []
    for row in rows:
        picture = _read(row)
        darkest = ImageChops.darker(ImageChops.darker(*picture.split()[:2]), picture.split()[2])
        solid = darkest.point(lambda value: 255 if value < WHITE else 0)
        # Highlights and seams are white, too: gaps of a few pixels are closed.
        closed = solid.filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.MinFilter(5))
        found.append(_framed(picture, closed, row))
    return found


def of_garments(rows: Sequence[Row]) -> list[CutOut]:
    """The garments on floors plain enough to be told from them; other rows are left out.

    The floor's colours are those along the picture's edge; what is unlike them and connected with
    the middle is the garment.
    """
    found = []
    for row in rows:
        picture = _read(row)
        mask = _garment(picture)
        if mask is not None:
            found.append(_framed(picture, mask, row))
    return found


def stacked(cut_outs: Sequence[CutOut], side: int) -> NDArray[np.uint8]:
    """The pictures in the middle of transparent squares: uint8 [n, side, side, 4]."""
    squares = np.zeros((len(cut_outs), side, side, 4), np.uint8)
    for square, cut_out in zip(squares, cut_outs, strict=True):
        picture = cut_out.picture.copy()
        picture.thumbnail((side, side), Image.Resampling.BILINEAR)
        canvas = Image.new("RGBA", (side, side))
        canvas.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
        square[:] = np.asarray(canvas)
    return squares


def _read(row: Row) -> Image.Image:
    picture = decode.decode(row.read())
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return picture


def _framed(picture: Image.Image, mask: Image.Image, row: Row) -> CutOut:
    mask = mask.resize(picture.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(1.2))
    picture = picture.copy()
    picture.putalpha(mask)
    return CutOut(picture.crop(mask.getbbox()), row)


def _garment(picture: Image.Image) -> Image.Image | None:
    """Where the garment is, mode L, or None where it cannot be told from the floor."""
    small = picture.copy()
    small.thumbnail((FINDING_SIDE, FINDING_SIDE), Image.Resampling.BOX)
    unlike = _unlike_floor(np.asarray(small, np.float32))
    mask = Image.fromarray((unlike * 255).astype(np.uint8)).filter(ImageFilter.MedianFilter(5))
    mask = _connected_with_middle(mask)
    inside = np.asarray(mask) > 0
    frame = np.concatenate([inside[0], inside[-1], inside[:, 0], inside[:, -1]])
    opened = mask.filter(ImageFilter.MinFilter(5)).filter(ImageFilter.MaxFilter(5))
    whole = LEAST < inside.mean() < MOST and frame.mean() < EDGE
    return mask if whole and (np.asarray(opened) > 0).mean() > SOLID * inside.mean() else None


def _unlike_floor(pixels: Floats) -> NDArray[np.bool_]:
    """Which pixels [h, w, 3] look unlike those of the edge: [h, w]."""
    # Brightness counts little: shadows change it, colours stay.
    light = pixels.mean(axis=2, keepdims=True)
    features = np.concatenate([light * 0.6, (pixels - light) * 2.0], axis=2)
    wide = max(2, min(pixels.shape[:2]) // 16)
    edge = np.ones(pixels.shape[:2], bool)
    edge[wide:-wide, wide:-wide] = False
    floor = features[edge]
    # Lloyd's k-means, begun along the range of brightness.
    order = np.argsort(floor[:, 0])
    centres = floor[order[np.linspace(0, len(floor) - 1, FLOORS + 2).astype(int)[1:-1]]]
    for _ in range(8):
        nearest = np.linalg.norm(floor[:, None] - centres, axis=2).argmin(axis=1)
        centres = np.stack(
            [
                floor[nearest == number].mean(axis=0) if (nearest == number).any() else centre
                for number, centre in enumerate(centres)
            ]
        )
    own = np.linalg.norm(floor[:, None] - centres, axis=2).min(axis=1)
    distances = np.linalg.norm(features[:, :, None] - centres, axis=3).min(axis=2)
    return np.asarray(distances > max(14.0, 1.15 * float(np.quantile(own, 0.96))))


def _connected_with_middle(mask: Image.Image) -> Image.Image:
    """The part of the mask that is connected with the middle of the picture, its holes closed."""
    width, height = mask.size
    seeds = Image.new("L", mask.size)
    box = (width // 3, height // 3, width - width // 3, height - height // 3)
    seeds.paste(mask.crop(box), box[:2])
    found = _spread(seeds, mask)
    # What the rest of the edge does not reach is a hole.
    outside = ImageChops.invert(found)
    frame = Image.new("L", mask.size, 255)
    frame.paste(0, (1, 1, width - 1, height - 1))
    return ImageChops.invert(_spread(ImageChops.darker(frame, outside), outside))


def _spread(seeds: Image.Image, within: Image.Image) -> Image.Image:
    """Reconstruction by dilation: what of `within` the seeds are connected with."""
    while True:
        grown = ImageChops.darker(seeds.filter(ImageFilter.MaxFilter(3)), within)
        if not ImageChops.difference(grown, seeds).getbbox():
            return grown
        seeds = grown
