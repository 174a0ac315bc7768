"""A quick PNG encoder for pictures that are sent once and thrown away.

Pillow tries five filters on every row, which takes as long as its compression; one filter for all
rows gives files of the same size. ISA-L's Deflate, written for throughput, takes a fifth of zlib's
time at its quickest, for as many bytes (tests/bench/bench_chart.py measures both).
The format: W3C, Portable Network Graphics (PNG) Specification, third edition.
"""

import struct

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
EIGHT_BITS, TRUE_COLOUR = 8, 2
FILTER_UP = 2  # each byte as the difference from the one above it
LEVEL = 1  # of ISA-L: 0 is no quicker for a fifth more bytes, 3 takes twice the time for no fewer


def encode(pixels: Pixels) -> bytes:
    """The PNG of an RGB picture, uint8 [height, width, 3]."""
    height, width, _ = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, EIGHT_BITS, TRUE_COLOUR, 0, 0, 0)
    data = isal_zlib.compress(filtered(pixels).data, LEVEL)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks)


def filtered(pixels: Pixels) -> Pixels:
    """What is compressed of it: [height, 1 + 3 * width], the filter first in each row."""
    bytes_ = pixels.reshape(len(pixels), -1)
    rows = np.empty((len(bytes_), 1 + bytes_.shape[1]), np.uint8)
    rows[:, 0] = FILTER_UP
    rows[0, 1:] = bytes_[0]
    # uint8 wraps around, which is what the filter asks for.
    np.subtract(bytes_[1:], bytes_[:-1], out=rows[1:, 1:])
    return rows


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = isal_zlib.crc32(content, isal_zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
