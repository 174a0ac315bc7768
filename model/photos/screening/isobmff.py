"""The boxes that HEIC and AVIF files are made of: which items there are, where, and how large.

Both follow ISO/IEC 14496-12 and 23008-12; only what is needed of them is read here.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from model.photos.screening.limits import MOST_PARTS
from model.photos.screening.refusals import damaged, too_much

Size = tuple[int, int]  # width and height in pixels

# Of each list of items. Phones write a few hundred bytes, or a few thousand where there are tiles.
MOST_LIST_BYTES = 262_144
LISTS = (b"iinf", b"iloc", b"iref")


class Reader:
    """Numbers of `data`, one after the other, from `place` on; damaged() where it ends."""

    def __init__(self, data: bytes, place: int = 0) -> None:
        self.data = data
        self.place = place

    def take(self, size: int) -> int:
        """The number in the next `size` bytes; 0 if there are to be none."""
        end = self.place + size
        if end > len(self.data):
            raise damaged()
        number = int.from_bytes(self.data[self.place : end])
        self.place = end
        return number

    def word(self, size: int = 4) -> bytes:
        """The next bytes as they are."""
        return self.take(size).to_bytes(size)


def boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes in this part of the file: type, and where the content begins and ends."""
    place = start
    for _ in range(MOST_PARTS):
        if place + 8 > end:
            return
        size, kind = struct.unpack_from(">I4s", data, place)
        content = place + 8
        if size == 1 and content + 8 <= end:
            (size,) = struct.unpack_from(">Q", data, content)
            content += 8
        stop = place + size if size else end
        if stop < content:
            raise damaged()
        yield kind, content, min(stop, end)
        place = stop
    raise too_much()


@dataclass(slots=True)
class Items:
    """What a file says of its items, by their ids.

    `extents` are (start, length) in the file. `made_of` names the parts of an item that is put
    together, `besides` the items that belong to one: its transparency, among others. `all_sizes`
    and `settings`, of HEVC streams, are those that are written, whichever item they are for.
    """

    primary: int = 0
    types: dict[int, bytes] = field(default_factory=dict)
    extents: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    sizes: dict[int, Size] = field(default_factory=dict)
    made_of: dict[int, list[int]] = field(default_factory=dict)
    besides: dict[int, list[int]] = field(default_factory=dict)
    all_sizes: list[Size] = field(default_factory=list)
    settings: list[bytes] = field(default_factory=list)

    def content(self, data: bytes, item: int) -> bytes:
        """The item's bytes; damaged() where they would be more than the file has."""
        if sum(length for _, length in self.extents.get(item, ())) > len(data):
            raise damaged()
        return b"".join(data[at : at + length] for at, length in self.extents.get(item, ()))


def items(data: bytes, start: int, end: int) -> Items:
    """Read a `meta` box; Refused where it is damaged, or says something twice."""
    found: dict[bytes, tuple[int, int]] = {}
    for kind, content, stop in boxes(data, start + 4, end):
        if kind in found and kind not in (b"free", b"skip", b"uuid"):
            raise damaged()
        found[kind] = content, stop
    if any(found[kind][1] - found[kind][0] > MOST_LIST_BYTES for kind in LISTS if kind in found):
        raise too_much()
    if not {b"pitm", b"iinf", b"iloc", b"iprp"} <= set(found):
        raise damaged()
    read = Items()
    version = _version(data, found[b"pitm"])
    read.primary = Reader(data, found[b"pitm"][0] + 4).take(4 if version else 2)
    _read_types(data, found[b"iinf"], read)
    _read_extents(data, found[b"iloc"], found.get(b"idat"), read)
    _read_sizes(data, found[b"iprp"], read)
    if b"iref" in found:
        _read_references(data, found[b"iref"], read)
    return read


def _version(data: bytes, box: tuple[int, int]) -> int:
    return Reader(data, box[0]).take(1)


def _read_types(data: bytes, box: tuple[int, int], read: Items) -> None:
    start = box[0] + (8 if _version(data, box) else 6)
    for kind, content, _ in boxes(data, start, box[1]):
        if kind != b"infe":
            continue
        reader = Reader(data, content)
        version = reader.take(4) >> 24
        number = reader.take(2 if version < 3 else 4)
        reader.take(2)
        if number in read.types:
            raise damaged()
        read.types[number] = reader.word()


def _read_extents(
    data: bytes, box: tuple[int, int], stored: tuple[int, int] | None, read: Items
) -> None:
    reader = Reader(data, box[0])
    version = reader.take(4) >> 24
    lengths = reader.take(2)
    offset, length, base, index = (lengths >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version > 1 else 2
    left = MOST_PARTS
    for _ in range(reader.take(wide)):
        number = reader.take(wide)
        method = reader.take(2) & 15 if version else 0
        reader.take(2)
        start = reader.take(base)
        extents = []
        for _ in range(reader.take(2)):
            left -= 1
            if left < 0:
                raise too_much()
            reader.take(index if version else 0)
            extents.append((start + reader.take(offset), reader.take(length)))
        if method == 1 and stored:
            extents = [(stored[0] + at, size) for at, size in extents]
        elif method or number in read.extents:
            raise damaged()
        # A length of 0: to the end of the file.
        read.extents[number] = [(at, size or max(0, len(data) - at)) for at, size in extents]


def _read_sizes(data: bytes, box: tuple[int, int], read: Items) -> None:
    properties: list[Size | None] = []
    left = MOST_LIST_BYTES
    for kind, content, stop in boxes(data, *box):
        if kind == b"ipco":
            properties += _properties(data, (content, stop), read)
        elif kind == b"ipma":
            left -= stop - content
            if left < 0:
                raise too_much()
            _associate(Reader(data, content), properties, read)


def _properties(data: bytes, box: tuple[int, int], read: Items) -> Iterator[Size | None]:
    for kind, at, stop in boxes(data, *box):
        size = None
        if kind == b"ispe":
            reader = Reader(data, at + 4)
            size = reader.take(4), reader.take(4)
            read.all_sizes.append(size)
        elif kind == b"hvcC":
            read.settings.append(data[at : min(stop, at + 23)])
        yield size


def _associate(reader: Reader, properties: list[Size | None], read: Items) -> None:
    head = reader.take(4)
    version, wide = head >> 24, head & 1
    for _ in range(reader.take(4)):
        number = reader.take(4 if version else 2)
        for _ in range(reader.take(1)):
            place = reader.take(2) & 0x7FFF if wide else reader.take(1) & 0x7F
            size = properties[place - 1] if 0 < place <= len(properties) else None
            if size:
                before = read.sizes.get(number, (0, 0))
                read.sizes[number] = max(size[0], before[0]), max(size[1], before[1])


def _read_references(data: bytes, box: tuple[int, int], read: Items) -> None:
    wide = 4 if _version(data, box) else 2
    for kind, content, _ in boxes(data, box[0] + 4, box[1]):
        reader = Reader(data, content)
        source = reader.take(wide)
        targets = [reader.take(wide) for _ in range(reader.take(2))]
        if kind == b"dimg":
            if source in read.made_of:
                raise damaged()
            read.made_of[source] = targets
        elif kind == b"auxl":
            for target in targets:
                read.besides.setdefault(target, []).append(source)
