"""Whole files of every sort that the decoder takes, made by ourselves, to be damaged."""

import io
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image, ImageCms, PngImagePlugin

from tests.fuzz.files.structures import interlaced, runs, tiled
from tests.helpers.photos import encoded, exif, png, tiff

SIDES = ((64, 48), (200, 150))  # px; the second is more than one block of anything
TILE = 1500  # px: larger pictures are made of such tiles, which is quicker
XMP = b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'


def picture(width: int, height: int, noise: int = 40) -> Image.Image:
    """Soft colours with some noise on them, always the same: as a photo is, to an encoder."""
    if width > TILE or height > TILE:
        tile = np.asarray(picture(min(width, TILE), min(height, TILE), noise))
        times = -(-height // len(tile)), -(-width // len(tile[0])), 1
        return Image.fromarray(np.ascontiguousarray(np.tile(tile, times)[:height, :width]))
    numbers = np.random.default_rng(width * 31 + height)
    few = numbers.integers(0, 256, (max(2, height // 50), max(2, width // 50), 3), np.uint8)
    soft = Image.fromarray(few).resize((width, height), Image.Resampling.BICUBIC)
    grain = numbers.integers(-noise, noise + 1, (height, width, 1), np.int16)
    return Image.fromarray(np.clip(np.asarray(soft) + grain, 0, 255).astype(np.uint8))


def profile() -> bytes:
    """A true colour profile, without the moment at which it was made."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made[:24] + bytes(12) + made[36:]


@cache
def originals() -> tuple[tuple[str, bytes], ...]:
    """All of them: the format, and the file."""
    return tuple((kind, data) for size in SIDES for kind, data in _of(picture(*size)))


def _of(image: Image.Image) -> Iterator[tuple[str, bytes]]:
    for kind, makers in (
        ("JPEG", _jpegs),
        ("PNG", _pngs),
        ("WEBP", _webps),
        ("GIF", _gifs),
        ("BMP", _bmps),
        ("TIFF", _tiffs),
        ("AVIF", _avifs),
        ("HEIF", _heifs),
    ):
        for data in makers(image):
            yield kind, data


def _others(image: Image.Image, count: int = 3) -> list[Image.Image]:
    return [image.rotate(30 * number) for number in range(1, count + 1)]


def _jpegs(image: Image.Image) -> Iterator[bytes]:
    options: tuple[dict[str, Any], ...] = (
        *({}, {"progressive": True}, {"subsampling": 0}, {"subsampling": 1, "optimize": True}),
        {"progressive": True, "subsampling": 0, "quality": 95},
        {"restart_marker_blocks": 4},
        {"exif": exif(6), "icc_profile": profile(), "comment": b"a comment"},
        {"xmp": XMP},
    )
    for each in options:
        yield encoded(image, "JPEG", **each)
    yield encoded(image.convert("L"), "JPEG")
    yield encoded(image.convert("CMYK"), "JPEG")
    yield encoded(image.convert("CMYK"), "JPEG", progressive=True)
    yield encoded(image, "MPO", save_all=True, append_images=_others(image, 1))


def _pngs(image: Image.Image) -> Iterator[bytes]:
    for mode in ("1", "L", "P", "RGB", "RGBA", "LA", "I;16"):
        yield encoded(image.convert("L").convert(mode) if mode == "I;16" else image.convert(mode))
    yield encoded(image.convert("P"), transparency=3)
    yield encoded(image, transparency=(1, 2, 3))
    for colour, channels in ((0, 1), (2, 3), (4, 2), (6, 4)):
        row = np.random.default_rng(colour).bytes(image.width * channels * 2)
        yield png(image.width, image.height, depth=16, colour=colour, row=row)
    yield interlaced(np.asarray(image))
    yield encoded(image, save_all=True, append_images=_others(image))
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Title", "a title")
    texts.add_text("parameters", "a" * 500, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    yield encoded(image, pnginfo=texts, exif=exif(3), icc_profile=profile(), dpi=(72, 72))


def _webps(image: Image.Image) -> Iterator[bytes]:
    transparent = image.convert("RGBA")
    transparent.putalpha(image.convert("L"))
    for each in (image, transparent):
        yield encoded(each, "WEBP")
        yield encoded(each, "WEBP", lossless=True)
        yield encoded(each, "WEBP", save_all=True, append_images=_others(each))
    yield encoded(image, "WEBP", exif=exif(6), icc_profile=profile(), xmp=XMP)


def _gifs(image: Image.Image) -> Iterator[bytes]:
    few = image.quantize(16)
    for interlace in (0, 1):
        yield encoded(few, "GIF", interlace=interlace)
    yield encoded(image.convert("L"), "GIF", comment=b"a comment")
    yield encoded(few, "GIF", transparency=2)
    yield encoded(few, "GIF", save_all=True, append_images=_others(few), loop=0)


def _bmps(image: Image.Image) -> Iterator[bytes]:
    for mode in ("1", "L", "P", "RGB", "RGBA"):
        yield encoded(image.convert(mode), "BMP")
    yield encoded(image, "DIB")
    row = bytes((image.width // 2, 9, image.width - image.width // 2, 200)) + b"\0\0"
    yield runs(image.width, image.height, row * image.height + b"\0\1")


def _tiffs(image: Image.Image) -> Iterator[bytes]:
    for mode in ("1", "L", "P", "RGB", "RGBA", "CMYK", "LA", "YCbCr", "LAB"):
        yield encoded(_in_mode(image, mode), "TIFF")
    for kind in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "zstd", "lzma"):
        yield encoded(image, "TIFF", compression=kind)
    for kind in ("group3", "group4", "tiff_ccitt"):
        yield encoded(image.convert("1"), "TIFF", compression=kind)
    values = np.asarray(image.convert("L"), np.float32)
    yield encoded(Image.fromarray(values), "TIFF")
    yield encoded(Image.fromarray((values * 257).astype(np.uint16)), "TIFF")
    yield encoded(image, "TIFF", big_tiff=True, exif=exif(6))
    yield encoded(image, "TIFF", save_all=True, append_images=_others(image))
    yield encoded(image, "TIFF", icc_profile=profile(), tiffinfo={317: 2}, compression="tiff_lzw")
    yield tiff(np.asarray(image).astype(np.uint16) * 257)
    whole = image.crop((0, 0, image.width // 16 * 16, image.height // 16 * 16))
    yield tiled(np.asarray(whole))


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    if mode != "LAB":
        return image.convert(mode)
    profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    found = ImageCms.profileToProfile(image, *profiles, outputMode="LAB")
    assert found is not None
    found.info.clear()  # a profile, in which the moment stands at which it was made
    return found


def _avifs(image: Image.Image) -> Iterator[bytes]:
    for subsampling in ("4:2:0", "4:2:2", "4:4:4", "4:0:0"):
        yield encoded(image, "AVIF", speed=10, subsampling=subsampling)
    yield encoded(image.convert("RGBA"), "AVIF", speed=10)
    yield encoded(image, "AVIF", speed=10, exif=exif(6), icc_profile=profile(), xmp=XMP)
    film = encoded(image, "AVIF", speed=10, save_all=True, append_images=_others(image))
    # Without the moment at which it was made.
    yield re.sub(rb"(?s)((?:mvhd|tkhd|mdhd)\x01.{3}).{16}", rb"\g<1>" + bytes(16), film)


def _heifs(image: Image.Image) -> Iterator[bytes]:
    yield encoded(image, "HEIF")
    yield encoded(image.convert("RGBA"), "HEIF")
    yield encoded(image.convert("L"), "HEIF")
    yield encoded(image, "HEIF", exif=exif(6), icc_profile=profile(), xmp=XMP)
    yield encoded(image, "HEIF", save_all=True, append_images=_others(image))
    larger = image.resize((300, 200))
    yield encoded(larger, "HEIF", tile_size=128)
    yield encoded(larger, "HEIF", thumbnails=[64])
    deep, file = (np.asarray(image).astype("<u2") * 257), io.BytesIO()
    pillow_heif.from_bytes("RGB;16", image.size, deep.tobytes()).save(file)
    yield file.getvalue()
