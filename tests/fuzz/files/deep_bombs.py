"""Files whose structure asks for much: the tags of a TIFF, the boxes of a HEIC or an AVIF."""

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image

from tests.fuzz.files.structures import box, cleared, empty_blocks, longs, shorts, sized, tiff_of
from tests.helpers.photos import encoded, halves

MUCH = 18_000_000  # bytes: nearly all that Telegram gives a bot
FRAMES = 10_000


def striped(width: int, height: int, strip: bytes, *, strips: int = 1, **more: int) -> bytes:
    """A TIFF of 8 bits, all of whose strips are the same one, packed by Deflate."""
    tags = [longs(256, width), longs(257, height), shorts(258, 8), shorts(262, 1)]
    tags += [shorts(259, more.get("compression", 8)), longs(278, -(-height // strips))]
    tags += [longs(273, *[8] * strips), longs(279, *[len(strip)] * strips)]
    return tiff_of(strip, tags)


def tiffs() -> Iterator[tuple[str, bytes]]:
    """What each is, and its bytes."""
    strip = zlib.compress(bytes(100))
    tags = [longs(256, 10), longs(257, 10), shorts(258, 8), shorts(259, 8), shorts(262, 1)]
    tags += [longs(273, 8), longs(279, len(strip))]
    yield "TIFF whose next page is itself", tiff_of(strip, tags, following=8 + len(strip))
    count = MUCH // 8
    for what, tag, kind in (
        *(("resolutions", 282, 5), ("offsets", 273, 4), ("orientations", 274, 3)),
        *(("bits", 258, 3), ("notes", 700, 1), ("colours", 320, 3), ("pages", 330, 4)),
    ):
        others = [each for each in tags if each[0] != tag]
        size = {1: 1, 3: 2, 4: 4, 5: 8}[kind]
        yield (
            f"TIFF of millions of {what}",
            tiff_of(strip, [*others, (tag, kind, count, bytes(count * size))]),
        )
    for tag in (256, 257, 258, 273, 279, 282, 320, 700):
        yield (
            f"TIFF whose tag {tag} has 2³²−1 values",
            tiff_of(strip, tags).replace(
                struct.pack("<H", tag), struct.pack("<HHI", tag, 4, 2**32 - 1), 1
            ),
        )
    yield (
        "TIFF of 65,000 tags",
        tiff_of(strip, tags + [longs(33_000 + n % 30_000, n) for n in range(65_000)]),
    )
    noise = zlib.compress(np.random.default_rng(0).bytes(10_000_000), 0)
    yield "TIFF of 60,000 strips that are one of 10 MB", striped(100, 60_000, noise, strips=60_000)
    yield "TIFF of 60,000 strips", striped(100, 60_000, zlib.compress(bytes(100)), strips=60_000)
    yield (
        "TIFF of 60,000 raw strips",
        striped(100, 60_000, bytes(100), strips=60_000, compression=1),
    )
    for size in (1_000_000, 8_000_000, MUCH):
        deflate = striped(3000, 3000, empty_blocks(size))
        yield f"TIFF of {size:,} bytes without a pixel", deflate
        lzw = striped(3000, 3000, cleared(size), compression=5)
        yield f"TIFF of {size:,} bytes of a cleared table", lzw
    for side in (2000, 8000, 30_000, 2**31 - 16):
        tiles = [each for each in tags if each[0] not in (273, 279)]
        tiles += [longs(322, side), longs(323, side), longs(324, 8), longs(325, len(strip))]
        yield f"TIFF of one tile of {side:,} a side", tiff_of(strip, tiles)
    yield "TIFF that begins nowhere", b"II*\0" + struct.pack("<I", 2**32 - 1) + bytes(100)
    yield "TIFF that begins in its beginning", b"II*\0" + struct.pack("<I", 0) + bytes(100)
    for kind in (6, 32_809, 34_661, 34_676, 34_677, 34_887, 34_925, 50_001, 50_002):
        yield f"TIFF of compression {kind}", striped(10, 10, strip, compression=kind)
    page = encoded(Image.new("1", (8, 8)), "TIFF")
    pages = [Image.new("1", (8, 8))] * 999
    yield (
        "TIFF of 1,000 pages",
        encoded(Image.new("1", (8, 8)), "TIFF", save_all=True, append_images=pages),
    )
    yield "TIFF of 10,000 pages", _pages(page)


def _pages(page: bytes) -> bytes:
    """The same page again and again, each naming the next."""
    (start,) = struct.unpack_from("<I", page, 4)
    (count,) = struct.unpack_from("<H", page, start)
    directory = page[start : start + 2 + 12 * count]
    length = len(directory) + 4
    body = b"".join(
        directory + struct.pack("<I", start + number * length) for number in range(1, FRAMES)
    )
    return page[:start] + body + directory + bytes(4)


def containers() -> Iterator[tuple[str, bytes]]:
    """What each is, and its bytes."""
    deep = b""
    for _ in range(2000):
        deep = box(b"meta", bytes(4) + deep)
    heic, avif = encoded(halves(64, 64), "HEIF"), encoded(halves(64, 64), "AVIF")
    for name, data in (("HEIC", heic), ("AVIF", avif)):
        start = data.index(b"meta") - 4
        head, rest = data[:start], data[start:]
        # What comes first moves what follows: it is named by its place.
        yield f"{name} of millions of boxes", head + box(b"free", b"") * (MUCH // 8) + rest
        yield f"{name} of boxes within boxes", head + deep
        yield f"{name} of endless boxes", head + b"\0\0\0\0free" + rest
        yield f"{name} of boxes that go back", head + b"\0\0\0\1free" + b"\xff" * 7 + b"\0" + rest
        for name_of_box in (b"iloc", b"iinf", b"ipma", b"iref", b"ipco", b"pitm"):
            if (place := data.find(name_of_box)) > 0:
                yield (
                    f"{name} whose {name_of_box.decode()} is full",
                    (data[: place + 8] + b"\xff" * 8 + data[place + 16 :]),
                )
        yield f"{name} cut off in its pixels", data[:-20]
    # A stream of more than 36 megapixels in a file that speaks of 64 × 64.
    large = encoded(Image.new("RGB", (6100, 6000), "red"), "AVIF", speed=10)
    yield "AVIF larger than it says", sized(large, 64, 64)
    large = encoded(Image.new("RGB", (1500, 1500), "red"), "HEIF", quality=10)
    yield "HEIC larger than it says", sized(large, 64, 64)
    yield "AVIF of 100 frames in one", _repeated(avif)
    large = encoded(Image.new("RGB", (3000, 2000), "red"), "AVIF", speed=10)
    yield "AVIF of 100 large frames in one", _repeated(large)


def _repeated(data: bytes) -> bytes:
    """The stream 100 times over: the first length that is as long as the pixels' box is changed."""
    place = data.index(b"mdat")
    body = data[place + 4 :]
    length = struct.pack(">I", len(body))
    if length in data[:place]:
        data = data.replace(length, struct.pack(">I", 100 * len(body)), 1)
    return data[: place - 4] + box(b"mdat", body * 100)
