"""Files written byte by byte: what Pillow reads but does not write, and what no program should."""

import io
import struct
import zlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from tests.helpers.photos import chunk

PNG_START = b"\x89PNG\r\n\x1a\n"
# Adam7: the first column and row of each pass, and the steps from one to the next.
PASSES = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2)),
    (0, 1, 1, 2),
)

# Deflate's order of the lengths of code lengths, without the last.
CODE_LENGTHS = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1)

Tag = tuple[int, int, int, bytes]  # its number, type, how many values, and the values


def interlaced(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG in seven passes of [height, width, 3]."""
    height, width, _ = pixels.shape
    rows = (
        b"\0" + row.tobytes()
        for left, top, right, down in PASSES
        for row in pixels[top::down, left::right]
        if len(row)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1)
    packed = zlib.compress(b"".join(rows), 1)
    return PNG_START + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def png_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks of a PNG, without their checksums."""
    found, place = [], len(PNG_START)
    while place + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        found.append((kind, data[place + 8 : place + 8 + length]))
        place += 12 + length
    return found


def png_of(chunks: Iterable[tuple[bytes, bytes]]) -> bytes:
    """A PNG of these chunks, with checksums that are right."""
    return PNG_START + b"".join(chunk(*each) for each in chunks)


def riff_chunks(data: bytes) -> list[bytes]:
    """The chunks of a WebP, whole."""
    found, place = [], 12
    while place + 8 <= len(data):
        (length,) = struct.unpack_from("<I", data, place + 4)
        end = place + 8 + length + length % 2
        found.append(data[place:end])
        place = end
    return found


def riff_of(chunks: Iterable[bytes]) -> bytes:
    """A WebP of these chunks."""
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def riff_chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a WebP."""
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def jpeg_segments(data: bytes) -> tuple[list[bytes], bytes]:
    """The segments of a JPEG up to its first scan, and all that follows."""
    found, place = [], 2
    while place + 4 <= len(data) and data[place + 1] != 0xDA:
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4])
        found.append(data[place:end])
        place = end
    return found, data[place:]


def jpeg_of(segments: Iterable[bytes], rest: bytes) -> bytes:
    """A JPEG of these segments."""
    return b"\xff\xd8" + b"".join(segments) + rest


def segment(marker: int, body: bytes) -> bytes:
    """One segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def shorts(tag: int, *values: int) -> Tag:
    """A tag of 16-bit numbers."""
    return tag, 3, len(values), struct.pack(f"<{len(values)}H", *values)


def longs(tag: int, *values: int) -> Tag:
    """A tag of 32-bit numbers."""
    return tag, 4, len(values), struct.pack(f"<{len(values)}I", *values)


def tiff_of(body: bytes, tags: Sequence[Tag], *, following: int = 0) -> bytes:
    """A TIFF: `body` from byte 8 on, and a directory that names `following` as the next."""
    values, entries = io.BytesIO(), []
    start = 8 + len(body) + len(body) % 2
    for tag, kind, count, value in sorted(tags, key=lambda each: each[0]):
        if len(value) <= 4:
            place = value.ljust(4, b"\0")
        else:
            place = struct.pack("<I", start + values.tell())
            values.write(value + bytes(len(value) % 2))
        entries.append(struct.pack("<HHI", tag, kind, count) + place)
    directory = struct.pack("<H", len(entries)) + b"".join(entries) + struct.pack("<I", following)
    head = b"II*\0" + struct.pack("<I", start + values.tell())
    return head + body + bytes(len(body) % 2) + values.getvalue() + directory


def tiled(pixels: NDArray[np.uint8], side: int = 16) -> bytes:
    """A TIFF in tiles, uncompressed, of [height, width, 3]; its sides are multiples of `side`."""
    height, width, _ = pixels.shape
    parts = [
        pixels[top : top + side, left : left + side].tobytes()
        for top in range(0, height, side)
        for left in range(0, width, side)
    ]
    offsets = [8 + number * len(parts[0]) for number in range(len(parts))]
    tags = [longs(256, width), longs(257, height), shorts(258, 8, 8, 8), shorts(259, 1)]
    tags += [shorts(262, 2), shorts(277, 3), longs(322, side), longs(323, side)]
    tags += [longs(324, *offsets), longs(325, *[len(part) for part in parts])]
    return tiff_of(b"".join(parts), tags)


def runs(width: int, height: int, body: bytes) -> bytes:
    """A BMP of eight bits, run-length encoded: `body` is the runs."""
    start = 14 + 40 + 1024
    palette = b"".join(bytes((n, n, n, 0)) for n in range(256))
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(body), 2835, 2835, 256, 0)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + head + palette + body


def box(kind: bytes, body: bytes) -> bytes:
    """One box of a HEIC or AVIF."""
    return struct.pack(">I", len(body) + 8) + kind + body


def sized(data: bytes, width: int, height: int) -> bytes:
    """The same HEIC or AVIF, that says of itself, wherever it does, to be of this size."""
    place = data.find(b"ispe")
    while place >= 0:
        data = data[: place + 8] + struct.pack(">II", width, height) + data[place + 16 :]
        place = data.find(b"ispe", place + 4)
    return data


def empty_blocks(size: int) -> bytes:
    """A Deflate stream of about `size` bytes, all of it tables of codes that no pixel uses."""
    # The code lengths' own lengths, in the order in which they are written: for "once" and "zeros".
    lengths = [1 if symbol in (18, 1) else 0 for symbol in CODE_LENGTHS]
    bits = "001" + _bits(0, 5) + _bits(0, 5) + _bits(len(lengths) - 4, 4)
    bits += "".join(_bits(length, 3) for length in lengths)
    # 256 zeros in two steps, the end of block, one distance; then nothing but the end of block.
    bits += "1" + _bits(127, 7) + "1" + _bits(107, 7) + "0" + "0" + "0"
    bits *= 8
    block = bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))
    return b"\x78\x01" + block * (size // len(block))


def cleared(size: int) -> bytes:
    """An LZW stream as TIFF has it, of about `size` bytes: its table cleared for every pixel."""
    block = int(f"{256:09b}{7:09b}" * 4, 2).to_bytes(9)
    return block * (size // len(block))


def cleared_gif(width: int, height: int) -> bytes:
    """A GIF of 16 colours whose table is cleared for every pixel."""
    codes = sum((16 if number % 2 else 7) << 5 * number for number in range(8)).to_bytes(
        5, "little"
    )
    sides = struct.pack("<HH", width, height)
    blocks = (b"\xff" + codes * 51) * (width * height // 204 + 1)
    head = b"GIF89a" + sides + b"\xa3\0\0" + bytes(range(48))
    return head + b",\0\0\0\0" + sides + b"\0\4" + blocks + b"\0;"


def _bits(number: int, count: int) -> str:
    """The lowest bit first."""
    return "".join(str(number >> place & 1) for place in range(count))
