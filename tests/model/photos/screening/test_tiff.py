"""TIFF: a directory that could say anything, and what is left of it."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from model.photos import decode
from model.photos.screening import tiff
from model.photos.screening.refusals import Refused
from tests.fuzz.structures import longs, shorts, tiff_of, tiled
from tests.helpers.photos import RED, encoded, exif, is_upright, near, pixel, quarters

STRIP = zlib.compress(bytes(100))
TAGS = {
    256: longs(256, 10),
    257: longs(257, 10),
    258: shorts(258, 8),
    259: shorts(259, 8),
    262: shorts(262, 1),
    273: longs(273, 8),
    279: longs(279, len(STRIP)),
}


def one(*changed: tuple[int, int, int, bytes], following: int = 0) -> bytes:
    """A TIFF of 10×10 black pixels, with these tags in place of its own, or besides them."""
    tags = TAGS | {tag[0]: tag for tag in changed}
    return tiff_of(STRIP, list(tags.values()), following=following)


def tags(data: bytes) -> list[int]:
    """The tags of its first directory."""
    (start,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, start)
    return [struct.unpack_from("<H", data, start + 2 + 12 * n)[0] for n in range(count)]


def test_tags_that_a_picture_does_not_need_go() -> None:
    million = (282, 5, 1_000_000, bytes(8_000_000))

    assert tags(tiff.screened(one(million, longs(330, 8), longs(34_665, 8)))) == sorted(TAGS)


def test_there_is_no_next_page() -> None:
    kept = tiff.screened(one(following=8 + len(STRIP)))

    assert kept.endswith(bytes(4))
    assert decode.decode(kept).size == (10, 10)


@pytest.mark.parametrize("kind", ["raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"])
@pytest.mark.parametrize("big", [False, True])
def test_the_picture_is_the_same(kind: str, big: bool) -> None:
    data = encoded(quarters(), "TIFF", compression=kind, big_tiff=big, exif=exif(1))

    assert is_upright(decode.decode(data))


def test_both_orders_of_bytes() -> None:
    numbers = (
        *((256, 4, 1, 2), (257, 4, 1, 1), (258, 3, 1, 8 << 16), (262, 3, 1, 1 << 16)),
        *((273, 4, 1, 8), (279, 4, 1, 2)),
    )
    entries = b"".join(struct.pack(">HHII", *number) for number in numbers)
    data = b"MM\0*" + struct.pack(">I", 10) + b"\0\xff"
    data += struct.pack(">H", len(numbers)) + entries + bytes(4)

    image = decode.decode(data)

    assert (pixel(image, 0, 0), pixel(image, 1, 0)) == ((0, 0, 0), (255, 255, 255))


def test_tiles() -> None:
    image = decode.decode(tiled(np.full((32, 48, 3), RED, np.uint8)))

    assert image.size == (48, 32)
    assert near(pixel(image, 40, 20), RED, 1)


@pytest.mark.parametrize("tag", [258, 273, 279, 320])
def test_no_tag_has_a_million_values(tag: int) -> None:
    with pytest.raises(Refused, match="file is too large"):
        tiff.screened(one((tag, 4, 1_000_000, bytes(4_000_000))))


def test_strips_do_not_share_their_bytes() -> None:
    strip, count = zlib.compress(bytes(1_000_000), 0), 500
    tags = [longs(256, 10), longs(257, count), longs(278, 1), shorts(258, 8), shorts(262, 1)]
    tags += [shorts(259, 8), longs(273, *[8] * count), longs(279, *[len(strip)] * count)]

    with pytest.raises(Refused, match="damaged"):
        tiff.screened(tiff_of(strip, tags))


def test_a_pixel_does_not_come_in_a_tile_of_gigabytes() -> None:
    tiles = (longs(322, 30_000), longs(323, 30_000), longs(324, 8), longs(325, len(STRIP)))

    with pytest.raises(Refused, match="file is too large"):
        tiff.screened(one(*tiles))


@pytest.mark.parametrize("compression", [6, 34_925, 50_000, 50_001, 9])
def test_no_compression_that_has_no_bound(compression: int) -> None:
    with pytest.raises(Refused, match="rare kind"):
        tiff.screened(one(shorts(259, compression)))


def test_a_jpeg_inside_is_baseline() -> None:
    data = encoded(Image.new("RGB", (64, 64)), "TIFF", compression="jpeg")

    tiff.screened(data)
    with pytest.raises(Refused, match="rare kind"):
        tiff.screened(data.replace(b"\xff\xc0", b"\xff\xc2"))


def test_a_size_that_is_no_number() -> None:
    with pytest.raises(Refused, match="damaged"):
        tiff.screened(one((256, 11, 1, struct.pack("<f", 10.0))))


@pytest.mark.parametrize("start", [0, 3, 50, 2**32 - 1])
def test_a_directory_that_is_nowhere(start: int) -> None:
    with pytest.raises(Refused, match="damaged"):
        tiff.screened(b"II*\0" + struct.pack("<I", start) + bytes(40))
