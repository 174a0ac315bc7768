"""Any bytes that a person may send → one decoded, upright, bounded RGB image, or a refusal."""

import math
import warnings
from functools import cache

import numpy as np
from PIL import AvifImagePlugin, ExifTags, Image
from PIL.Image import Transpose

from model.photos.malloc import give_back
from model.photos.screening import screened
from model.photos.screening.limits import MOST_PIXELS
from model.photos.screening.refusals import Refused, damaged, too_large
from model.photos.screening.time_limited_file import PatientFile
from model.photos.webp_decoder import FrugalWebPFile

__all__ = ["FORMATS", "LONGEST_SIDE", "Refused", "decode", "stretched"]

# The only formats that are opened: by the decoder of one of them alone, and after a look at the
# file's structure.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")

# Nothing after this needs more: the networks see less, and so does the chart. Most photos come from
# Telegram in this size and are passed on as they are: shrinking one costs more than unpacking it.
LONGEST_SIDE = 800
# Rows of a large picture's reduced copy that are made at a time.
STRIP = 16

# What EXIF's orientations ask for. The first asks for nothing.
TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}

# One thread: what a picture costs is bounded by its size, not by how many cores there are.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def decode(data: bytes) -> Image.Image:
    """The picture in `data`: its first frame, mode RGB, upright, no side over 800 px, no metadata.

    Takes 1 s of a core and 512 MB at most: see `model.photos.screening.limits`. Raises Refused
    with reason "unreadable" for anything that is not a whole picture in one of FORMATS, and
    "too_large" for one that would take more.
    """
    try:
        with warnings.catch_warnings():
            # Pillow warns of large pictures, and of much else; we have bounds of our own.
            warnings.simplefilter("ignore")
            bounded, pixels = _decoded(data)
    except Refused:
        raise
    # Pillow's decoders raise almost anything on damaged data.
    except Exception as error:
        raise damaged() from error
    give_back(pixels)
    return bounded


def _decoded(data: bytes) -> tuple[Image.Image, int]:
    """The picture, and how many pixels were unpacked for it."""
    # What was screened is held by nothing else: a decoder with a copy may let it go.
    with _opened(*screened(data)) as image:
        # The structure said so, too, in other words than the decoder may have read.
        most = MOST_PIXELS[image.format or ""]
        if image.width * image.height > most:
            raise too_large(most)
        return _bounded(image), image.width * image.height


def _opened(kind: str, data: bytes) -> Image.Image:
    file = PatientFile(data)
    if kind == "HEIF":
        register_heif()
    return FrugalWebPFile(file) if kind == "WEBP" else Image.open(file, formats=(kind,))


@cache
def register_heif() -> None:
    """Let Pillow open HEIC. Few workers are asked to, and its decoder takes 5 MB."""
    from pillow_heif import register_heif_opener  # noqa: PLC0415 - as said

    # On one thread, as above.
    register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)


def stretched(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture as networks see it: stretched to (width, height) px, so that nothing is cut."""
    # Averaged to nearly the size first: a third off the time, and no accuracy lost by it.
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=1.5)


def _bounded(image: Image.Image) -> Image.Image:
    # A JPEG can be unpacked at a fraction of its size, which costs a fraction of the time.
    image.draft("RGB", _bounded_size(image))
    image.load()
    bounded = _to_rgb(_shrunk(image))
    turn = _turn(image)
    if turn is not None:
        bounded = bounded.transpose(turn)
    bounded.info = {}
    return bounded


def _bounded_size(image: Image.Image) -> tuple[int, int]:
    longest = max(image.size)
    if longest <= LONGEST_SIDE:
        return image.size
    # At least 1 px: an extreme strip must not vanish.
    return (
        max(1, round(image.width * LONGEST_SIDE / longest)),
        max(1, round(image.height * LONGEST_SIDE / longest)),
    )


def _shrunk(image: Image.Image) -> Image.Image:
    size = _bounded_size(image)
    if size == image.size:
        return image
    # Plain averages first, which are quick, then the finer filter from twice the size.
    factor = max(image.size) // (2 * LONGEST_SIDE)
    reduced = _averageable(image) if factor < 2 else _reduced(image, factor)
    return reduced.resize(size, Image.Resampling.BILINEAR)


def _reduced(image: Image.Image, factor: int) -> Image.Image:
    """The picture at 1/factor of its size, each side rounded up.

    It is made strip by strip: most modes have to be converted first, and a large picture should not
    lie in memory twice.
    """
    width, height, rows = image.width, image.height, STRIP * factor
    strips = [
        _averageable(image.crop((0, top, width, min(top + rows, height)))).reduce(factor)
        for top in range(0, height, rows)
    ]
    whole = Image.new(strips[0].mode, (strips[0].width, math.ceil(height / factor)))
    for number, strip in enumerate(strips):
        whole.paste(strip, (0, number * STRIP))
    return whole


def _averageable(image: Image.Image) -> Image.Image:
    """The same picture in a mode in which pixels may be added: no palette, no 1 or 16 bits."""
    if image.mode.startswith("I;"):
        return image.convert("I")
    if image.mode in ("P", "PA") or "transparency" in image.info:
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("L") if image.mode == "1" else image


def _to_rgb(image: Image.Image) -> Image.Image:
    image = _averageable(image)
    if image.mode in ("I", "F"):
        # Pillow's convert would cut all values off at 255.
        image = _to_eight_bits(image)
    if image.has_transparency_data:
        transparent = image.convert("RGBA")
        white = Image.new("RGBA", transparent.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, transparent)
    return image.convert("RGB")


def _to_eight_bits(image: Image.Image) -> Image.Image:
    values = np.asarray(image, np.float32)
    highest = float(values.max(initial=0.0, where=np.isfinite(values)))
    # What white is, is not written down. Rounding may have left it a little above its own value.
    spans = (span for span in (1.0, 255.0, 4095.0, 65535.0) if highest <= 1.0001 * span)
    scaled = np.clip(values * (255.0 / next(spans, highest)), 0.0, 255.0)
    return Image.fromarray(np.nan_to_num(scaled).astype(np.uint8))


def _turn(image: Image.Image) -> Transpose | None:
    """What brings the loaded picture upright. What its decoder has turned is not turned again."""
    if image.format == "HEIF":
        # Its orientation is a property of its own, which was heeded; EXIF only repeats it.
        return None
    try:
        return TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    # The picture itself is whole: damaged EXIF is no reason to refuse it.
    except Exception:
        return None
