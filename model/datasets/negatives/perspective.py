"""A flat sheet or screen, photographed where it lies."""

from random import Random

import numpy as np
from PIL import Image, ImageFilter

from model.common.pictograms.backgrounds import modulate, noise
from model.common.pictograms.paths import Point
from model.common.pictograms.style import INK
from model.datasets.negatives.grounds import lying
from model.datasets.negatives.sketch import Size


def photographed(
    random: Random, sheet: Image.Image, size: Size, ground: Image.Image | None = None
) -> Image.Image:
    """The sheet on a ground of `size`, turned, and seen from a little aside."""
    picture = lying(random, size) if ground is None else ground
    alpha = Image.new("L", sheet.size, 255)
    corners = _corners(random, sheet.size, size)
    coefficients = _coefficients(corners, sheet.size)
    form, sampling = Image.Transform.PERSPECTIVE, Image.Resampling.BILINEAR
    mask = alpha.transform(size, form, coefficients, sampling)
    seen = sheet.transform(size, form, coefficients, sampling)
    small = max(4, size[0] // 4), max(4, size[1] // 4)
    shadow = mask.resize(small, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(2))
    shadow = shadow.point(lambda value: value // 2).resize(size, Image.Resampling.BILINEAR)
    reach = max(1, min(size) // 60)
    picture.paste(INK, (random.randint(-reach, reach), reach), shadow)
    picture.paste(seen, (0, 0), mask)
    return picture


def creased(random: Random, sheet: Image.Image) -> Image.Image:
    """The sheet with light and shade where it was folded or does not lie flat."""
    cells = random.randint(1, 3), random.randint(2, 6)
    return modulate(sheet, noise(random, sheet.size, cells), random.uniform(0.1, 0.6))


def seen(random: Random, sheet: Image.Image, size: Size) -> Image.Image:
    """Photographed, or scanned so that the paper fills the picture."""
    if random.random() < 0.65:
        return photographed(random, creased(random, sheet), size)
    return sheet.resize(size, Image.Resampling.BILINEAR)


def _corners(random: Random, sheet: Size, size: Size) -> list[Point]:
    """Where the sheet's corners are seen: from the upper left, clockwise."""
    fit = min(size[0] / sheet[0], size[1] / sheet[1]) * random.uniform(0.65, 1.15)
    across, down = sheet[0] * fit / 2, sheet[1] * fit / 2
    angle = np.radians(random.gauss(0, 12) + (90 if random.random() < 0.1 else 0))
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    middle = size[0] * random.uniform(0.42, 0.58), size[1] * random.uniform(0.42, 0.58)
    tilt, lean = random.uniform(-0.22, 0.22), random.uniform(-0.15, 0.15)
    corners = []
    for x, y in ((-across, -down), (across, -down), (across, down), (-across, down)):
        depth = 1 + tilt * y / down + lean * x / across
        right, low = x / depth, y / depth
        corners.append((middle[0] + right * cos - low * sin, middle[1] + right * sin + low * cos))
    return corners


def _coefficients(corners: list[Point], sheet: Size) -> list[float]:
    """What Pillow's perspective wants: from a pixel of the picture to one of the sheet."""
    targets = ((0, 0), (sheet[0], 0), sheet, (0, sheet[1]))
    rows, values = [], []
    for (x, y), (u, v) in zip(corners, targets, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
        values += [u, v]
    return [float(value) for value in np.linalg.solve(np.array(rows), np.array(values, float))]
