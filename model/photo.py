"""Any bytes that a person may send → one decoded, upright, bounded RGB image, or a refusal."""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from model.queue.messages import Refusal

# Only these decoders are tried, whatever the bytes claim to be.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")

# 12,000 × 12,000 pixels. A larger picture is refused from its header, before it is unpacked.
MOST_PIXELS = 144_000_000

# Nothing after this needs more: the networks see less, and the chart's thumbnail fits in it.
LONGEST_SIDE = 640


class Refused(Exception):
    """The bytes are no picture for us. `reason` is for programs, str() a sentence for people."""

    def __init__(self, reason: Refusal, sentence: str) -> None:
        super().__init__(sentence)
        self.reason: Refusal = reason


def decode(data: bytes) -> Image.Image:
    """The picture in `data`: its first frame, mode RGB, upright by EXIF, no side over 640 px.

    Raises Refused with reason "unreadable" for anything that is not a whole picture in one of
    FORMATS, and "too_large" for one of more than MOST_PIXELS.
    """
    try:
        with warnings.catch_warnings():
            # Pillow warns of large pictures; we have a bound of our own.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                return _bounded(image)
    except Refused:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except UnidentifiedImageError as error:
        raise Refused(
            "unreadable", "This is not a picture that can be read: send a JPEG, PNG or WebP."
        ) from error
    # Pillow's decoders raise almost anything on damaged data.
    except Exception as error:
        raise Refused(
            "unreadable", "The picture is damaged or incomplete: send it once more."
        ) from error


def _bounded(image: Image.Image) -> Image.Image:
    if image.width * image.height > MOST_PIXELS:
        raise _too_large()
    # A JPEG can be unpacked at a fraction of its size, which costs a fraction of the time.
    image.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
    image.load()
    bounded = _to_rgb(_shrunk(image))
    # The orientation is read from the file's own EXIF, which shrinking does not carry along.
    return ImageOps.exif_transpose(_with_exif_of(image, bounded))


def _shrunk(image: Image.Image) -> Image.Image:
    longest = max(image.size)
    if longest <= LONGEST_SIDE:
        return image
    # At least 1 px: an extreme strip must not vanish.
    size = (
        max(1, round(image.width * LONGEST_SIDE / longest)),
        max(1, round(image.height * LONGEST_SIDE / longest)),
    )
    if image.mode in ("P", "1"):
        # Colours out of a palette cannot be averaged.
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        # 16 bits and more a channel: Pillow's convert would cut them off at 255.
        image = _to_eight_bits(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        transparent = image.convert("RGBA")
        white = Image.new("RGBA", transparent.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, transparent).convert("RGB")
    return image.convert("RGB")


def _to_eight_bits(image: Image.Image) -> Image.Image:
    values = np.asarray(image, np.float32)
    highest = float(values.max(initial=0.0))
    span = 1.0 if highest <= 1.0 else 255.0 if highest <= 255.0 else 65535.0
    return Image.fromarray(np.clip(values * (255.0 / span), 0.0, 255.0).astype(np.uint8))


def _with_exif_of(source: Image.Image, target: Image.Image) -> Image.Image:
    orientation = source.getexif().get(0x0112)
    if orientation is not None:
        target.getexif()[0x0112] = orientation
    return target


def _too_large() -> Refused:
    return Refused("too_large", "The picture is too large: send one below 12,000 pixels a side.")
