"""A quick PNG encoder for pictures that are sent once and thrown away.

Pillow tries five filters on every row, which takes as long as the compression itself. One filter
for all rows gives files of the same size in half the time (tests/bench/bench_chart.py measures it).
The format: W3C, Portable Network Graphics (PNG) Specification, third edition.
"""

import struct
import zlib

import numpy as np
from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"
EIGHT_BITS, TRUE_COLOUR = 8, 2
FILTER_UP = 2  # each byte as the difference from the one above it
LEVEL = 1  # of zlib: 6 takes more than twice the time for a tenth fewer bytes


def encode(image: Image.Image) -> bytes:
    """The PNG of an RGB image. Raises ValueError for another mode."""
    if image.mode != "RGB":
        raise ValueError(f"This encoder takes RGB images, not {image.mode}: convert it first.")
    pixels = np.asarray(image).reshape(image.height, -1)
    rows = np.empty((image.height, 1 + 3 * image.width), np.uint8)
    rows[:, 0] = FILTER_UP
    rows[:, 1:] = pixels
    # uint8 wraps around, which is what the filter asks for.
    rows[1:, 1:] -= pixels[:-1]
    header = struct.pack(">IIBBBBB", *image.size, EIGHT_BITS, TRUE_COLOUR, 0, 0, 0)
    data = zlib.compress(rows.data, LEVEL)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
