"""Views of a photo for training: turned, cropped, tinted, in the shapes that serving uses.

A photo may be any way up, and keeps its aspect ratio: each view takes the shape whose ratio is
nearest to its own. Pictures are uint8 [height, width, 3].
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.photos.resizing import stretched

Pixels = NDArray[np.uint8]
Shape = tuple[int, int]  # height, width


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewConfig:
    """The range of changes between a photo and its views.

    `quarters`: the shares of views that are turned by 0, 90, 180 and 270°. `degrees` turn a view
    further, either way. `zoom` is the share of each side that is seen; above 1 the border is
    mirrored. `shift` moves the middle, `stretch` changes the aspect ratio, as shares of a side.
    `grey`: the share of views without colour.
    """

    quarters: tuple[float, float, float, float] = (0.4, 0.2, 0.2, 0.2)
    degrees: float = 15.0
    zoom: tuple[float, float] = (0.6, 1.1)
    shift: float = 0.08
    stretch: float = 0.15
    aspect_noise: float = 0.12
    grey: float = 0.07


def nearest(shapes: Sequence[Shape], ratio: float) -> int:
    """The place of the shape whose height / width is nearest to `ratio`, on a logarithmic scale."""
    return int(np.argmin([abs(np.log(height / width) - np.log(ratio)) for height, width in shapes]))


def sized(picture: Image.Image, side: int) -> Pixels:
    """The picture in its own aspect ratio, with the area of a square of `side` px."""
    scale = side / np.sqrt(picture.width * picture.height)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return np.asarray(
        picture.convert("RGB").resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    )


def upright(pixels: Pixels, shapes: Sequence[Shape], quarter: int = 0) -> tuple[int, Pixels]:
    """The whole picture as serving shows it, turned by `quarter` × 90°: (place of shape, view)."""
    turned = np.rot90(pixels, quarter)
    place = nearest(shapes, turned.shape[0] / turned.shape[1])
    height, width = shapes[place]
    image = Image.fromarray(np.ascontiguousarray(turned))
    return place, np.asarray(stretched(image, (width, height)))


def varied(
    pixels: Pixels,
    shapes: Sequence[Shape],
    rng: np.random.Generator,
    config: ViewConfig | None = None,
) -> tuple[int, Pixels]:
    """A view at random: (place of its shape, view of that shape)."""
    config = config or ViewConfig()
    turned = np.rot90(pixels, rng.choice(4, p=config.quarters))
    height, width = turned.shape[:2]
    place = nearest(shapes, height / width * np.exp(rng.normal(0.0, config.aspect_noise)))
    rows, columns = shapes[place]
    zoom = np.exp(rng.uniform(*np.log(config.zoom)))
    stretch = np.exp(rng.uniform(-config.stretch, config.stretch) / 2.0)
    angle = np.deg2rad(rng.uniform(-config.degrees, config.degrees))
    mirror = rng.choice((-1.0, 1.0))
    # Pillow wants the way back, from a pixel of the view to one of the photo: x' = a x + b y + c.
    across, down = width / columns * zoom * stretch, height / rows * zoom / stretch
    a, b = np.cos(angle) * across * mirror, -np.sin(angle) * down
    d, e = np.sin(angle) * across * mirror, np.cos(angle) * down
    border = min(60, height - 1, width - 1)
    x = width * (0.5 + rng.uniform(-config.shift, config.shift)) + border
    y = height * (0.5 + rng.uniform(-config.shift, config.shift)) + border
    padded = np.pad(turned, ((border, border), (border, border), (0, 0)), "symmetric")
    matrix = (a, b, x - (a * columns + b * rows) / 2, d, e, y - (d * columns + e * rows) / 2)
    view = Image.fromarray(padded).transform(
        (columns, rows), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR
    )
    return place, tinted(np.asarray(view), rng, grey=config.grey)


def tinted(pixels: Pixels, rng: np.random.Generator, *, grey: float = 0.0) -> Pixels:
    """The picture in another light: white balance, contrast, saturation, brightness, noise."""
    values = pixels.astype(np.float32) / 255.0
    values *= rng.uniform(0.8, 1.2, 3).astype(np.float32)
    mean = values.mean((0, 1), keepdims=True)
    values = mean + (values - mean) * np.float32(rng.uniform(0.6, 1.4))
    luminance = values.mean(2, keepdims=True)
    saturation = 0.0 if rng.random() < grey else rng.uniform(0.5, 1.5)
    values = luminance + (values - luminance) * np.float32(saturation)
    values += np.float32(rng.uniform(-0.15, 0.15))
    noise = rng.standard_normal((*pixels.shape[:2], 1), dtype=np.float32)
    values += noise * np.float32(rng.uniform(0.0, 0.04))
    return np.asarray(np.clip(values, 0.0, 1.0) * 255.0 + 0.5, np.uint8)
