"""A photo's bytes → one decoded, upright, bounded RGB image, or a refusal."""

import io
import math
import warnings
from functools import cache

from PIL import AvifImagePlugin, ExifTags, Image, ImageFile
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.Image import Transpose
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from model.photos.colour_profiles import to_srgb
from model.photos.formats import FORMATS, MOST_PIXELS, format_of
from model.photos.heif_stills import as_still
from model.photos.jpeg_scan import ends_early
from model.photos.malloc import give_back
from model.photos.pillow_readers import BoundedGif, FrugalWebPFile, forgive_png_notes
from model.photos.refusals import Refused, damaged, too_large, too_much

__all__ = ["FORMATS", "LONGEST_SIDE", "Refused", "decode"]

# Nothing after this needs more: the networks see less, and so does the chart. Most photos come from
# Telegram in this size and are passed on as they are: shrinking one costs more than unpacking it.
LONGEST_SIDE = 800
# Rows of a large picture's reduced copy that are made at a time.
STRIP = 16
# A picture of more pixels that cannot be decoded ran out of memory, more likely than being damaged.
MANY_PIXELS = 16_000_000

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

# No decoder is asked but that of the file's format, and of an MPO only the JPEG that comes first.
OPENERS: dict[str, type[ImageFile.ImageFile]] = {
    **{"JPEG": JpegImageFile, "PNG": PngImageFile, "GIF": BoundedGif, "BMP": BmpImageFile},
    **{"TIFF": TiffImageFile, "WEBP": FrugalWebPFile, "AVIF": AvifImageFile},
}

# One thread: what a picture costs is bounded by its size, not by how many cores there are.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
forgive_png_notes()


def decode(data: bytes) -> Image.Image:
    """The picture in `data`: its first frame, mode RGB, sRGB, upright, no side over 800 px.

    It is decoded in this process, for as long as it takes: files that anybody may send go through
    `model.photos.decoder.Decoder`. Raises Refused with reason "unreadable" for anything that is not
    a whole picture in one of FORMATS, and "too_large" for one of too many pixels.
    """
    bounded = decode_in_place(data).copy()
    bounded.info = {}
    return bounded


def decode_in_place(data: bytes) -> Image.Image:
    """The same, but for what the file says of itself, which may still be there: it saves a copy."""
    kind = format_of(data)
    pixels = 0
    try:
        with warnings.catch_warnings():
            # Pillow warns of large pictures, and of much else; we have bounds of our own.
            warnings.simplefilter("ignore")
            with _opened(kind, data) as image:
                pixels = image.width * image.height
                if pixels > MOST_PIXELS[kind]:
                    raise too_large(MOST_PIXELS[kind])
                return _bounded(image, data)
    except Refused:
        raise
    except MemoryError as error:
        raise too_much() from error
    # Pillow's decoders raise almost anything on damaged data.
    except Exception as error:
        raise (too_much() if pixels > MANY_PIXELS else damaged()) from error
    finally:
        give_back(pixels)


def _opened(kind: str, data: bytes) -> ImageFile.ImageFile:
    opener = register_heif() if kind == "HEIF" else OPENERS[kind]
    try:
        return opener(io.BytesIO(data))
    except Exception:
        if kind not in ("HEIF", "AVIF"):
            raise
        return opener(io.BytesIO(as_still(data)))


@cache
def register_heif() -> type[ImageFile.ImageFile]:
    """Let Pillow open HEIC; its class for it. Few workers are asked, and the decoder takes 5 MB."""
    from pillow_heif import HeifImageFile, register_heif_opener  # noqa: PLC0415 - as said

    # On one thread, as above.
    register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
    return HeifImageFile


def _bounded(image: ImageFile.ImageFile, data: bytes) -> Image.Image:
    # A JPEG can be unpacked at a fraction of its size, which costs a fraction of the time.
    image.draft("RGB", _bounded_size(image))
    image.load()
    if image.format == "JPEG" and ends_early(data, image):
        raise damaged()
    bounded = _to_rgb(_shrunk(image), image.info.get("icc_profile"))
    turn = _turn(image)
    return bounded if turn is None else bounded.transpose(turn)


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


def _to_rgb(image: Image.Image, profile: object) -> Image.Image:
    image = _averageable(image)
    if image.mode in ("I", "F"):
        # Pillow's convert would cut all values off at 255.
        image = _to_eight_bits(image)
    if image.has_transparency_data:
        transparent = image.convert("RGBA")
        white = Image.new("RGBA", transparent.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, transparent).convert("RGB")
    image = to_srgb(image, profile)
    return image if image.mode == "RGB" else image.convert("RGB")


def _to_eight_bits(image: Image.Image) -> Image.Image:
    values = memoryview(image.tobytes()).cast("f" if image.mode == "F" else "i")
    highest = max(filter(math.isfinite, values), default=0)
    # What white is, is not written down. Rounding may have left it a little above its own value.
    spans = (span for span in (1.0, 255.0, 4095.0, 65535.0) if highest <= 1.0001 * span)
    scale = 255.0 / next(spans, highest)
    return image.point(lambda value: value * scale).convert("L")


def _turn(image: Image.Image) -> Transpose | None:
    """The turn that sets the loaded picture upright; none if its decoder has done so."""
    if image.format == "HEIF":
        # Its orientation is a property of its own, which was heeded; EXIF only repeats it.
        return None
    try:
        return TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    # The picture itself is whole: damaged EXIF is no reason to refuse it.
    except Exception:
        return None
