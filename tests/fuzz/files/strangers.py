"""Files that are no pictures of ours, whatever they are called, and pictures that hold nothing."""

import gzip
import io
import struct
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from tests.fuzz.files.structures import box, longs, riff_chunk, riff_of, segment, shorts, tiff_of
from tests.helpers.photos import encoded, halves, png

ELSEWHERE = (
    "PPM",
    "TGA",
    "ICO",
    "PCX",
    "EPS",
    "PDF",
    "JPEG2000",
    "SGI",
    "ICNS",
    "DDS",
    "SPIDER",
)


def strangers() -> Iterator[tuple[str, bytes]]:
    """What each is, and its bytes."""
    yield "no bytes", b""
    yield "one byte", b"\xff"
    yield "zeros", bytes(1_000_000)
    yield "a text", b"Dear bot, this is a letter. " * 100
    yield "HTML", b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
    yield "SVG", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
    yield "PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(ls) run\n"
    yield "PDF", b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    yield "a program", Path(sys.executable).read_bytes()[:1_000_000]
    yield (
        "a program for Windows",
        b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(200),
    )
    yield "gzip", gzip.compress(bytes(10_000_000))
    yield "ZIP", _zip()
    yield "a film", box(b"ftyp", b"isom\0\0\0\0isom") + box(b"moov", bytes(100))
    yield "a sound", b"RIFF\x24\0\0\0WAVEfmt " + bytes(28)
    for kind in ELSEWHERE:
        image = halves(32, 32).convert("F") if kind == "SPIDER" else halves(32, 32)
        yield kind, encoded(image, kind)
    for start in (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"II*\0", b"MM\0*"):
        yield f"a beginning of {start[:4]!r}, then zeros", start + bytes(1000)
        yield f"a beginning of {start[:4]!r}, then FF", start + b"\xff" * 1_000_000
        yield f"a beginning of {start[:4]!r}", start
    for brand in (b"heic", b"avif", b"avis", b"mif1", b"msf1"):
        yield f"only the brand {brand.decode()}", box(b"ftyp", brand + b"\0\0\0\0mif1")
    yield "JPEG and nothing but FF", b"\xff\xd8" + b"\xff" * 5_000_000
    yield "a picture inside a text", b"<html>" + encoded(halves(), "JPEG")


def empty() -> Iterator[tuple[str, bytes]]:
    """Pictures of 0 px, or of none in one direction."""
    for width, height in ((0, 0), (0, 9), (9, 0)):
        size = f"{width}×{height}"
        yield f"PNG of {size}", png(width, height, depth=8, colour=2, row=bytes(27))
        sides = struct.pack("<HH", width, height)
        yield f"GIF of {size}", b"GIF89a" + sides + b"\0\0\0,\0\0\0\0" + sides + b"\0\2\2D\1\0;"
        header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
        yield f"BMP of {size}", b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + header
        tags = [longs(256, width), longs(257, height), shorts(258, 8), shorts(259, 1)]
        tags += [shorts(262, 1), longs(273, 8), longs(279, 9)]
        yield f"TIFF of {size}", tiff_of(bytes(9), tags)
        frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
        yield (
            f"JPEG of {size}",
            b"\xff\xd8" + frame + segment(0xDA, b"\1\1\0\0\x3f\0") + b"\xff\xd9",
        )
        key = b"\x10\0\0\x9d\1\x2a" + sides + bytes(20)
        yield f"WebP of {size}", riff_of([riff_chunk(b"VP8 ", key)])


def extreme() -> Iterator[tuple[str, bytes]]:
    """Pictures that are a line."""
    for kind, longest in (
        *(("PNG", 60_000), ("JPEG", 60_000), ("GIF", 60_000), ("BMP", 60_000), ("TIFF", 60_000)),
        *(("WEBP", 16_383), ("AVIF", 16_383), ("HEIF", 2000)),
    ):
        options = {"speed": 10} if kind == "AVIF" else {}
        for size in ((1, longest), (longest, 1), (longest, 2)):
            data = encoded(Image.new("RGB", size, "red"), kind, **options)
            yield f"{kind} of {size[0]}×{size[1]}", data


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("photo.jpg", bytes(10_000_000))
    return file.getvalue()
