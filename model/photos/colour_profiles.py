"""Conversion of other colour spaces (Display P3, ProPhoto, CMYK, grey profiles) to sRGB."""

import io
from functools import lru_cache
from itertools import product, repeat

from PIL import Image, ImageCms

# Scanners and printers embed a few megabytes at most; more is not looked at.
MOST_BYTES = 4_000_000
MODES = {"RGB": "RGB", "CMYK": "CMYK", "GRAY": "L"}  # Pillow's, by the profile's colour space
SRGB = ImageCms.createProfile("sRGB")
# A profile that moves no colour of this ladder by more is sRGB: many are, by other names.
STEPS = range(0, 256, 51)
LEAST_SHIFT = 2  # of 255


def to_srgb(image: Image.Image, profile: object) -> Image.Image:
    """The image in mode RGB and sRGB by its ICC `profile`.

    It is returned as it is if the profile is sRGB already, damaged, or for another mode than
    "RGB", "L" or "CMYK".
    """
    if not isinstance(profile, bytes) or not 128 <= len(profile) <= MOST_BYTES:
        return image
    transform = _transform(profile, image.mode)
    return image if transform is None else _applied(image, transform)


def _applied(image: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    # None is what it returns if it changes the image in place.
    return ImageCms.applyTransform(image, transform) or image


@lru_cache(maxsize=8)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The transform to sRGB; None if none is needed. It takes some milliseconds to make."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if MODES.get(source.profile.xcolor_space.strip()) != mode:
            return None
        transform = ImageCms.buildTransform(source, SRGB, mode, "RGB")
    # A damaged profile raises almost anything; the picture itself is whole.
    except Exception:
        return None
    return transform if _shifts(transform, mode) else None


def _shifts(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether the profile changes any colour visibly."""
    if mode == "CMYK":
        return True
    steps = range(256) if mode == "L" else STEPS
    channels = repeat(steps, len(mode))
    ladder = bytes(value for colour in product(*channels) for value in colour)
    colours = Image.frombytes(mode, (len(ladder) // len(mode), 1), ladder)
    pairs = zip(
        colours.convert("RGB").tobytes(), _applied(colours, transform).tobytes(), strict=True
    )
    return max(abs(before - after) for before, after in pairs) > LEAST_SHIFT
