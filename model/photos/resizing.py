"""Resizing of pictures for networks and charts."""

from typing import Any, Final, Literal

from PIL import Image

try:
    import cykooz_resizer
except ImportError:  # it has no wheel for Linux on Arm
    cykooz_resizer = None

VECTORISED: Any = cykooz_resizer

Filter = Literal["box", "bilinear"]

# Each of the filters as Pillow knows it.
PILLOW: Final = {"box": Image.Resampling.BOX, "bilinear": Image.Resampling.BILINEAR}


def stretched(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture as networks see it: stretched to (width, height) px, so that nothing is cut."""
    return resized(image, size, "bilinear")


def middle(image: Image.Image, share: float) -> Image.Image:
    """The picture without its border: this share of each side, around the middle."""
    left, top = (round(side * (1.0 - share) / 2.0) for side in image.size)
    return image.crop((left, top, image.width - left, image.height - top))


def resized(image: Image.Image, size: tuple[int, int], filter_: Filter) -> Image.Image:
    """An RGB or grey picture, resized to (width, height) px.

    Pillow's filters, by a library that uses the processor's vector instructions if it can be
    had, in a third of the time. A value differs by 1 of 255 at most; where a box ends at the very
    middle of a pixel, that may count on its other side.
    """
    if VECTORISED is None:
        return image.resize(size, PILLOW[filter_])
    # By way of bytes: the library would read Pillow's own memory, too, but its layout is private.
    mode, pixel = ("L", "U8") if image.mode == "L" else ("RGBX", "U8x4")
    kind = VECTORISED.PixelType[pixel]
    given = VECTORISED.ImageData(*image.size, kind, image.tobytes("raw", mode))
    taken = VECTORISED.ImageData(*size, kind)
    # One for each picture: it is not safe to use from several threads at a time.
    VECTORISED.Resizer().resize(given, taken, _options(filter_))
    return Image.frombytes(image.mode, size, taken.get_buffer(), "raw", mode)


def _options(filter_: Filter) -> Any:
    algorithm = VECTORISED.ResizeAlg.convolution(VECTORISED.FilterType[filter_])
    return VECTORISED.ResizeOptions(algorithm, use_alpha=False)
