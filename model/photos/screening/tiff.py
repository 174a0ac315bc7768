"""TIFF: the directory of the first page is written anew, with the tags that a picture needs.

A directory names the places of its values. Whoever made the file is free to let a tag have millions
of them, to let all strips be the same one, to give a pixel a tile of a gigabyte, or to let the
pages go round in a circle.
"""

import re
import struct
from dataclasses import dataclass
from typing import Self

from model.photos.screening.limits import (
    MOST_NOTE_BYTES,
    MOST_UNPACKED_BYTES,
    TIFF,
    TIFF_DEFLATE,
    TIFF_LZW,
)
from model.photos.screening.refusals import damaged, too_much, unusual

WIDTH, HEIGHT, BITS, COMPRESSION, ORIENTATION, SAMPLES, ROWS_PER_STRIP = (
    *(256, 257, 258, 259, 274, 277, 278),
)
STRIPS, STRIP_BYTES, TILE_WIDTH, TILE_HEIGHT, TILES, TILE_BYTES = 273, 279, 322, 323, 324, 325
XMP = 700
NEEDED = frozenset(
    {WIDTH, HEIGHT, BITS, COMPRESSION, ORIENTATION, SAMPLES, ROWS_PER_STRIP}
    | {STRIPS, STRIP_BYTES, TILE_WIDTH, TILE_HEIGHT, TILES, TILE_BYTES, XMP}
    # Photometric interpretation, fill order, planar configuration, predictor, palette, inks, extra
    # samples, their format; of fax and JPEG what they need; how Y, Cb and Cr are meant.
    | {262, 266, 284, 317, 320, 332, 338, 339, 292, 293, 347, 529, 530, 531, 532}
)
# As cameras, scanners and programs write them: none, fax (three sorts), LZW, JPEG, Deflate (two
# numbers), PackBits. Others are too slow to have a bound, and the JPEG of old has no clear rules.
LIMITS = dict.fromkeys((1, 2, 3, 4, 7, 32773), TIFF)
LIMITS |= {5: TIFF_LZW, 8: TIFF_DEFLATE, 32946: TIFF_DEFLATE}
JPEG_INSIDE = 7
# Whatever begins a frame that is not baseline. It cannot be among the data of a scan.
RARE_JPEG = re.compile(rb"\xff[\xc2\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]")

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
SIZES |= {16: 8, 17: 8, 18: 8}
WHOLE_NUMBERS = {1: "B", 3: "H", 4: "I", 16: "Q"}
MOST_VALUES = 65_536  # of a tag: a strip for each row of the tallest picture
MOST_TILE_BYTES = 64_000_000  # unpacked


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a directory has its numbers, by the byte order (< or >) and whether it is a BigTIFF."""

    order: str
    big: bool

    @classmethod
    def of(cls, data: bytes) -> Self:
        """By the first bytes of the file."""
        return cls("<" if data[:2] == b"II" else ">", b"+" in data[2:4])

    @property
    def offset(self) -> str:
        """The struct format of an offset, and of a number of values."""
        return "Q" if self.big else "I"

    @property
    def count(self) -> str:
        """The struct format of the number of entries."""
        return "Q" if self.big else "H"

    @property
    def entry(self) -> str:
        """The struct format of an entry: tag, type, number of values, the values or their place."""
        return f"{self.order}HH{self.offset}{8 if self.big else 4}s"


@dataclass(frozen=True, slots=True)
class Entry:
    """A tag: its entry as it stands in the file, and its values as bytes."""

    raw: bytes
    type: int
    values: bytes


def screened(data: bytes) -> bytes:
    """The first page; Refused where it is beyond the limits, or has no sense."""
    layout = Layout.of(data)
    try:
        entries = _directory(data, layout)
    except struct.error as error:
        raise damaged() from error
    _check(data, layout, entries)
    return _with_directory(data, layout, [entries[tag].raw for tag in sorted(entries)])


def _directory(data: bytes, layout: Layout) -> dict[int, Entry]:
    """The first directory's entries that a picture needs, by their tags."""
    order, offset, size = layout.order, layout.offset, struct.calcsize(layout.offset)
    (place,) = struct.unpack_from(order + offset, data, 8 if layout.big else 4)
    (count,) = struct.unpack_from(order + layout.count, data, place)
    place += struct.calcsize(layout.count)
    length = struct.calcsize(layout.entry)
    entries: dict[int, Entry] = {}
    for number in range(min(count, MOST_VALUES)):
        raw = data[place + number * length : place + (number + 1) * length]
        tag, kind, values, inline = struct.unpack(layout.entry, raw)
        # Decoders do not agree on which of two counts.
        if tag not in NEEDED or tag in entries or kind not in SIZES:
            continue
        if values > MOST_VALUES or (tag == XMP and values > MOST_NOTE_BYTES):
            if tag == XMP:
                continue
            raise too_much()
        total = values * SIZES[kind]
        if total > size:
            (at,) = struct.unpack(order + offset, inline)
            inline = data[at : at + total]
        entries[tag] = Entry(raw, kind, inline[:total])
    return entries


def _check(data: bytes, layout: Layout, entries: dict[int, Entry]) -> None:
    def numbers(tag: int, default: tuple[int, ...] = ()) -> tuple[int, ...]:
        entry = entries.get(tag)
        if entry is None:
            return default
        if entry.type not in WHOLE_NUMBERS:
            raise damaged()
        code = WHOLE_NUMBERS[entry.type]
        count = len(entry.values) // struct.calcsize(code)
        found = struct.unpack_from(f"{layout.order}{count}{code}", entry.values)
        return found or default

    (width, *_), (height, *_) = numbers(WIDTH, (0,)), numbers(HEIGHT, (0,))
    compression = numbers(COMPRESSION, (1,))[0]
    if compression not in LIMITS:
        raise unusual("a TIFF of a rare kind")
    LIMITS[compression].check(width, height, len(data))
    bits, samples = numbers(BITS, (1,)), numbers(SAMPLES, (1,))[0]
    pixel = sum(bits) if len(bits) == samples else bits[0] * samples
    if width * height * pixel > 8 * MOST_UNPACKED_BYTES:
        raise too_much()
    across, down = numbers(TILE_WIDTH, (0,))[0], numbers(TILE_HEIGHT, (0,))[0]
    if across * down * pixel > 8 * MOST_TILE_BYTES:
        raise too_much()
    # The same bytes for many strips: a small file that has a lot unpacked.
    lengths = numbers(STRIP_BYTES) + numbers(TILE_BYTES)
    if sum(lengths) > 2 * len(data):
        raise damaged()
    if compression == JPEG_INSIDE:
        for at, length in zip(numbers(STRIPS) + numbers(TILES), lengths, strict=False):
            if RARE_JPEG.search(data, at, at + length):
                raise unusual("a TIFF of a rare kind")


def _with_directory(data: bytes, layout: Layout, entries: list[bytes]) -> bytes:
    """The file with this for its only directory."""
    order, offset = layout.order, layout.offset
    padding = bytes(-len(data) % 8)
    place = struct.pack(order + offset, len(data) + len(padding))
    start = 8 if layout.big else 4
    count = struct.pack(order + layout.count, len(entries))
    none = bytes(struct.calcsize(offset))
    return b"".join(
        [data[:start], place, data[start + len(place) :], padding, count, *entries, none]
    )
