"""HEIC and AVIF: which of the two a file is, and all that its decoder would have to unpack.

One picture may be put together of many, may have another for its transparency, and the stream in
it may be of another size than the file around it says.
"""

import struct
from collections import Counter
from collections.abc import Iterator, Sequence

from model.photos.screening.av1 import stream
from model.photos.screening.isobmff import Items, Size, boxes, items
from model.photos.screening.limits import AVIF, AVIF_DEEP, HEIF, HEIF_DEEP, MOST_PARTS
from model.photos.screening.refusals import damaged, no_picture, too_much, unusual

GRID, HEVC, AV1 = b"grid", b"hvc1", b"av01"
PICTURES = 32  # units of HEVC with a lower number hold pixels
FIRST_OF_PICTURE = 0x80


def family_screened(data: bytes) -> tuple[str, bytes]:
    """Its format by Pillow's name, and the file without a film; Refused where it is beyond."""
    tops = list(boxes(data, 0, len(data)))
    metas = [(start, end) for kind, start, end in tops if kind == b"meta"]
    if not metas:
        raise no_picture()
    if len(metas) > 1:
        raise damaged()
    found = items(data, *metas[0])
    largest, parts, besides = _unpacked(data, found)
    sorts = {found.types.get(part, b"") for part in parts + besides}
    if sorts == {HEVC}:
        _check_hevc(data, found, largest, parts + besides)
        kind = "HEIF"
    elif sorts == {AV1}:
        _check_av1(data, found, largest, parts + besides, transparent=bool(besides))
        kind = "AVIF"
    else:
        raise unusual("a HEIF of a rare kind")
    return kind, _without_film(data, [(name, start) for name, start, _ in tops])


def _unpacked(data: bytes, found: Items) -> tuple[list[Size], list[int], list[int]]:
    """The sizes that are written, the primary's parts, and what belongs to them."""
    # What is shown may be a small part of what is stored, which has its size among them, too.
    sizes = list(found.all_sizes)
    primary = found.primary
    parts = [primary]
    if found.types.get(primary) == GRID:
        parts = found.made_of.get(primary, [])
        grid = found.content(data, primary)
        wide = 8 if len(grid) > 1 and grid[1] & 1 else 4
        if len(grid) < 4 + wide:
            raise damaged()
        width, height = struct.unpack_from(">II" if wide == 8 else ">HH", grid, 4)
        sizes.append((width, height))
    besides = [item for part in {primary, *parts} for item in found.besides.get(part, ())]
    # The transparency of a grid is a grid, too.
    flat = [part for item in besides for part in found.made_of.get(item, [item])]
    if not parts or not sizes or len(parts) + len(flat) > MOST_PARTS:
        raise damaged()
    return sizes, parts, flat


def _contents(data: bytes, found: Items, parts: Sequence[int]) -> Iterator[tuple[int, bytes, int]]:
    """Each item once, with its bytes, and how often it is to be unpacked."""
    left = len(data)
    for part, times in Counter(parts).items():
        content = found.content(data, part)
        left -= len(content)
        if left < 0:
            raise damaged()
        yield part, content, times


def _check_hevc(data: bytes, found: Items, sizes: Sequence[Size], parts: Sequence[int]) -> None:
    width, height = max(sizes, key=_area)
    pixels = size = 0
    for part, content, times in _contents(data, found, parts):
        # The decoder takes no stream of more pixels than these.
        pixels += times * _area(found.sizes.get(part, (width, height))) * _pictures(content)
        size += times * len(content)
    limit = HEIF_DEEP if any(map(_is_deep, found.settings)) else HEIF
    limit.check(width, height, size, times=pixels / max(1, width * height))


def _area(size: Size) -> int:
    return size[0] * size[1]


def _is_deep(settings: bytes) -> bool:
    """Whether a stream has what phones do not make: full colours, or more than eight bits."""
    if len(settings) < 19:
        raise damaged()
    colours, luma, chroma = settings[16:19]
    return colours & 3 > 1 or bool((luma | chroma) & 7)


def _pictures(content: bytes) -> int:
    """How many there are in the stream: one, where nobody means harm."""
    place = count = 0
    for _ in range(MOST_PARTS):
        if place + 7 > len(content):
            return max(1, count)
        (length,) = struct.unpack_from(">I", content, place)
        kind = content[place + 4] >> 1 & 0x3F
        count += kind < PICTURES and bool(content[place + 6] & FIRST_OF_PICTURE)
        place += 4 + length
    raise too_much()


def _check_av1(
    data: bytes, found: Items, sizes: Sequence[Size], parts: Sequence[int], *, transparent: bool
) -> None:
    largest = max(sizes, key=_area)
    pixels = size = 0
    deep = transparent
    for _, content, times in _contents(data, found, parts):
        read = stream(content)
        pixels += times * read.width * read.height * max(1, read.frames)
        size += times * len(content)
        deep = deep or read.profile > 0
        largest = max(largest, (read.width, read.height), key=_area)
    width, height = largest
    limit = AVIF_DEEP if deep else AVIF
    limit.check(width, height, size, times=pixels / max(1, width * height))


def _without_film(data: bytes, tops: Sequence[tuple[bytes, int]]) -> bytes:
    """The same bytes, in which a film passes for nothing: the picture is what counts."""
    if not any(kind == b"moov" for kind, _ in tops):
        return data
    changed = bytearray(data)
    for kind, start in tops:
        if kind == b"moov":
            # Before a length of 64 bits, if it has one.
            name = start - 4 if changed[start - 4 : start] == b"moov" else start - 12
            changed[name : name + 4] = b"free"
    (length,) = struct.unpack_from(">I", changed)
    changed[:length] = changed[:length].replace(b"avis", b"avif")
    return bytes(changed)
