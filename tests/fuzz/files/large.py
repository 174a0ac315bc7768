"""Pictures as large as they may be, in every sort: what costs most of all that is answered."""

import io
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image

from tests.fuzz.files.originals import picture
from tests.fuzz.files.structures import interlaced
from tests.helpers.photos import chunk, encoded, png, tiff

WIDE = (12_000, 3000)  # px: 36 megapixels
PHONE = (4032, 3024)
CURRENT_PHONE = (5712, 4284)
MOST_BYTES = 20_000_000  # what Telegram gives a bot
# What takes a minute otherwise.
QUICK: dict[str, dict[str, Any]] = {
    "AVIF": {"speed": 10},
    "HEIF": {"enc_params": {"preset": "ultrafast"}},
    "WEBP": {"method": 0},
    "PNG": {"compress_level": 1},
}


def large() -> Iterator[tuple[str, bytes]]:
    """What each is, and its bytes: as long as a bot may get one, or longer if it is not packed."""
    for makers in (_jpegs, _wide, _deep, _phones):
        for name, data in makers():
            if len(data) <= MOST_BYTES or name.startswith(("BMP", "TIFF")):
                yield name, data


def _quick(image: Image.Image, kind: str, **options: object) -> bytes:
    # A copy: the encoder writes into what it is given.
    return encoded(image, kind, **deepcopy(QUICK.get(kind, {})), **options)


def _clear(image: Image.Image) -> Image.Image:
    clear = image.convert("RGBA")
    clear.putalpha(image.convert("L"))
    return clear


def _jpegs() -> Iterator[tuple[str, bytes]]:
    for size, noise in (((12_000, 9000), 8), ((12_000, 12_000), 2)):
        image = picture(*size, noise)
        name = f"JPEG of {size[0]:,}×{size[1]:,}"
        yield name, encoded(image, "JPEG")
        yield f"{name}, grey", encoded(image.convert("L"), "JPEG")
        yield f"{name}, inks", encoded(image.convert("CMYK"), "JPEG", quality=50)
    for size, subsampling in (((8000, 6000), 0), ((10_000, 8000), 2), ((11_000, 8700), 2)):
        for quality in (20, 70):
            data = encoded(
                picture(*size, 3),
                "JPEG",
                progressive=True,
                subsampling=subsampling,
                quality=quality,
            )
            yield f"JPEG in scans of {size[0]:,}×{size[1]:,}, quality {quality}", data


def _wide() -> Iterator[tuple[str, bytes]]:
    for what, image in (
        ("flat", Image.new("RGB", WIDE, (90, 120, 30))),
        ("soft", picture(*WIDE, 2)),
        ("grainy", picture(*WIDE, 12)),
    ):
        for kind, each, options in _sorts(image):
            told = "".join(f", {name} {value}" for name, value in options.items())
            yield f"{kind} {each.mode}, {what}{told}", _quick(each, kind, **options)
    width, height = WIDE
    for depth, colour, channels in ((16, 0, 1), (8, 4, 2), (8, 3, 1), (1, 0, 1)):
        row = np.random.default_rng(colour).bytes(width * channels * depth // 8)
        more = chunk(b"PLTE", bytes(768)) if colour == 3 else b""
        data = png(width, height, depth=depth, colour=colour, row=row, more=more)
        yield f"PNG of {depth} bits, colour {colour}", data
    for colour, channels in ((2, 3), (6, 4)):
        row = bytes(range(250)) * (6000 * channels * 2 // 250)
        data = png(6000, 3000, depth=16, colour=colour, row=row)
        yield f"PNG of 16 bits, colour {colour}", data
    yield "PNG in passes", interlaced(np.asarray(Image.new("RGB", WIDE, (90, 120, 30))))
    yield "GIF of 8,000×8,000", encoded(picture(8000, 8000, 2).quantize(32), "GIF")
    yield "TIFF of 16 bits", tiff(np.asarray(picture(6000, 3000)).astype(np.uint16) * 257)
    floats = np.asarray(picture(9000, 3000, 2).convert("L"), np.float32)
    for each in (picture(11_300, 3000, 2), _clear(picture(11_300, 3000, 2))):
        yield f"WebP without loss, {each.mode}", _quick(each, "WEBP", lossless=True, quality=0)
    yield "TIFF of floats", encoded(Image.fromarray(floats), "TIFF")


def _sorts(image: Image.Image) -> Iterator[tuple[str, Image.Image, dict[str, Any]]]:
    clear = _clear(image)
    yield "PNG", image, {}
    yield "PNG", clear, {}
    yield "GIF", image.quantize(64), {}
    yield "BMP", image, {}
    yield "TIFF", image, {}
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"):
        yield "TIFF", image, {"compression": compression}
    yield "TIFF", clear, {"compression": "tiff_adobe_deflate", "tiffinfo": {278: 3000}}
    yield "TIFF", image.convert("1"), {"compression": "group4"}
    for each in (image, clear):
        yield "WEBP", each, {}
        yield "WEBP", each, {"lossless": True, "quality": 0}
    yield "AVIF", image, {}
    yield "HEIF", image, {"quality": 30}


def _deep() -> Iterator[tuple[str, bytes]]:
    for size in ((4000, 3000), (6000, 4000)):
        for what, image in (
            ("flat", Image.new("RGB", size, (90, 120, 30))),
            ("soft", picture(*size, 4)),
        ):
            name = f"{what}, {size[0]:,}×{size[1]:,}"
            yield f"AVIF of full colour, {name}", _quick(image, "AVIF", subsampling="4:4:4")
            yield f"AVIF, transparent, {name}", _quick(_clear(image), "AVIF")
            yield (
                f"AVIF of full colour, transparent, {name}",
                _quick(_clear(image), "AVIF", subsampling="4:4:4"),
            )
            yield f"HEIC, transparent, {name}", _quick(_clear(image), "HEIF", quality=30)
            values, file = np.asarray(image).astype("<u2") * 257, io.BytesIO()
            pillow_heif.from_bytes("RGB;16", size, values.tobytes()).save(
                file, quality=30, chroma=444, **deepcopy(QUICK["HEIF"])
            )
            yield f"HEIC of ten bits and full colour, {name}", file.getvalue()
    flat = Image.new("RGB", WIDE, (90, 120, 30))
    yield "HEIC in tiles", _quick(flat, "HEIF", quality=20, tile_size=512)


def _phones() -> Iterator[tuple[str, bytes]]:
    """Of the size of phones' photos, with as much in them as there can be."""
    current = picture(*CURRENT_PHONE, 6)
    yield "HEIC of a current phone", _quick(current, "HEIF", quality=50, tile_size=512)
    for noise in (12, 40):
        image = picture(*PHONE, noise)
        for kind, options in (
            *(("HEIF", {"quality": 50}), ("AVIF", {"quality": 90}), ("WEBP", {"quality": 95})),
            ("WEBP", {"lossless": True, "quality": 0}),
            ("JPEG", {"quality": 98, "subsampling": 0}),
            ("JPEG", {"quality": 98, "subsampling": 0, "progressive": True}),
            ("PNG", {}),
        ):
            told = "".join(f", {name} {value}" for name, value in options.items())
            yield f"{kind} of a phone, noise {noise}{told}", _quick(image, kind, **options)
