"""The sizes in which Telegram keeps a photo."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageOps

LONGEST_SIDES = (90, 320, 800, 1280)  # pixels
THUMBNAIL_SIDE = 320
QUALITY = 87
MAX_PIXELS = 100_000_000  # beyond, an image is taken for a decompression bomb
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


class UnreadableImageError(ValueError):
    """These bytes are no image that can be read."""


@dataclass(frozen=True, slots=True)
class Size:
    """One JPEG. `width` and `height` in pixels."""

    data: bytes
    width: int
    height: int


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            yield image
    except Exception as error:  # Pillow's decoders raise nearly anything on broken bytes
        raise UnreadableImageError("The file is not an image that can be read.") from error


def dimensions(data: bytes) -> tuple[int, int]:
    """Width and height in pixels as stored. Raises UnreadableImageError."""
    with _opened(data) as image:
        return image.size


def open_image(data: bytes) -> Image.Image:
    """Decode to an upright RGB image, transparency on white. Raises UnreadableImageError."""
    with _opened(data) as image:
        if image.width * image.height > MAX_PIXELS:
            raise UnreadableImageError("The image has too many pixels.")
        # A JPEG may be decoded at a fraction of its size, which is far quicker.
        image.draft("RGB", (2 * LONGEST_SIDES[-1], 2 * LONGEST_SIDES[-1]))
        upright = ImageOps.exif_transpose(image)
        if not upright.has_transparency_data:
            return upright.convert("RGB")
        rgba = upright.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(white, rgba).convert("RGB")


@lru_cache(maxsize=32)  # a load test sends the same photos again and again
def sizes(data: bytes) -> tuple[Size, ...]:
    """The JPEGs of a photo, smallest first, never upscaled. Raises UnreadableImageError."""
    image = open_image(data)
    longest = max(image.size)
    bounds = sorted({min(side, longest) for side in LONGEST_SIDES}, reverse=True)
    return tuple(_fitted(image, bound) for bound in bounds)[::-1]


def thumbnail(data: bytes) -> Size | None:
    """A small JPEG of an image file; None for a file that is no image."""
    try:
        return _fitted(open_image(data), THUMBNAIL_SIDE)
    except UnreadableImageError:
        return None


def _fitted(image: Image.Image, side: int) -> Size:
    """Shrink `image` itself, for the next smaller size to be made of it."""
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY)
    return Size(buffer.getvalue(), *image.size)
