"""HEIC and AVIF: what their boxes say, and what the streams in them do."""

import struct

import pytest
from PIL import Image

from model.photos import decode
from model.photos.screening import av1
from model.photos.screening.heif_avif import family_screened
from model.photos.screening.isobmff import items
from model.photos.screening.refusals import Refused
from tests.fuzz.structures import box, sized
from tests.helpers.photos import encoded, halves, is_upright, quarters

HEIC, AVIF = encoded(quarters(64, 64), "HEIF"), encoded(quarters(64, 64), "AVIF")
BOTH = pytest.mark.parametrize("data", [HEIC, AVIF], ids=["HEIC", "AVIF"])


def edited(data: bytes, name: bytes, place: int, value: bytes) -> bytes:
    """The same file with other bytes in the first box of this name, `place` bytes after it."""
    at = data.index(name) + 4 + place
    return data[:at] + value + data[at + len(value) :]


def test_they_are_told_by_their_pictures() -> None:
    assert family_screened(HEIC) == ("HEIF", HEIC)
    assert family_screened(AVIF) == ("AVIF", AVIF)


@BOTH
def test_a_picture_of_another_codec_is_for_no_decoder(data: bytes) -> None:
    kind = b"hvc1" if b"hvc1" in data else b"av01"
    at = data.index(b"infe")

    with pytest.raises(Refused, match="rare kind"):
        family_screened(data[:at] + data[at:].replace(kind, b"jpeg", 1))


@BOTH
@pytest.mark.parametrize("name", [b"iloc", b"iinf", b"pitm", b"iprp"])
def test_a_box_that_is_missing_or_there_twice(data: bytes, name: bytes) -> None:
    with pytest.raises(Refused, match="damaged"):
        family_screened(data.replace(name, b"free", 1))
    at, meta = data.index(name) - 4, data.index(b"meta") - 4
    (length,) = struct.unpack_from(">I", data, at)
    (whole,) = struct.unpack_from(">I", data, meta)
    twice = data[:meta] + struct.pack(">I", whole + length) + data[meta + 4 : at]
    twice += data[at : at + length] + data[at:]

    with pytest.raises(Refused, match="damaged"):
        family_screened(twice)


@BOTH
def test_lists_are_short(data: bytes) -> None:
    at, meta = data.index(b"iinf") - 4, data.index(b"meta") - 4
    more = box(b"infe", bytes(10)) * 20_000
    (length,) = struct.unpack_from(">I", data, at)
    (whole,) = struct.unpack_from(">I", data, meta)
    data = data[:meta] + struct.pack(">I", whole + len(more)) + data[meta + 4 : at]
    long = box(b"iinf", bytes(length - 8) + more)

    with pytest.raises(Refused, match="file is too large"):
        family_screened(data + long + bytes(100))


@BOTH
def test_items_have_no_more_bytes_than_the_file(data: bytes) -> None:
    # After version, sizes of numbers, and how many items: number, method, data, and one extent.
    version = data[data.index(b"iloc") + 4]
    place = 4 + 2 + 2 + 2 + (2 if version else 0) + 2 + 2
    with pytest.raises(Refused):
        decode.decode(edited(data, b"iloc", place, b"\x7f" * 8))


def test_an_avif_whose_stream_is_larger_than_it_says() -> None:
    large = encoded(Image.new("RGB", (6100, 6000)), "AVIF", speed=10)

    with pytest.raises(Refused, match="at most 36 megapixels"):
        family_screened(sized(large, 64, 64))


def test_streams_of_many_frames_cost_as_many() -> None:
    data = encoded(Image.new("RGB", (3000, 2000)), "AVIF", speed=10)
    start = data.index(b"mdat") + 4
    body = data[start:]
    length = struct.pack(">I", len(body))
    assert data.count(length, 0, start) == 1

    longer = data[:start].replace(length, struct.pack(">I", 20 * len(body))) + body * 20

    with pytest.raises(Refused, match="file is too large"):
        family_screened(longer)


def test_tiles_that_are_the_same_one_cost_each_time() -> None:
    data = encoded(quarters(1024, 512), "HEIF", tile_size=512)
    family_screened(data)
    # Two references, to items 1 and 2.
    at = data.index(b"dimg") + 4
    source, count = struct.unpack_from(">HH", data, at)
    reference = struct.pack(">HH", source, count) + b"".join(
        data[at + 4 + 2 * n : at + 6 + 2 * n] for n in range(count)
    )
    assert data[at : at + len(reference)] == reference and count == 2
    many = struct.pack(">HH", source, 500) + data[at + 4 : at + 6] * 500
    grown = len(many) - len(reference)

    def longer(name: bytes, data: bytes) -> bytes:
        place = data.index(name) - 4
        (length,) = struct.unpack_from(">I", data, place)
        return data[:place] + struct.pack(">I", length + grown) + data[place + 4 :]

    data = data[:at] + many + data[at + len(reference) :]
    for name in (b"dimg", b"iref", b"meta"):
        data = longer(name, data)

    with pytest.raises(Refused, match="file is too large"):
        family_screened(data)


def test_items_that_share_their_bytes() -> None:
    data = encoded(quarters(1024, 512), "HEIF", tile_size=512)
    start = data.index(b"meta") + 4
    (length,) = struct.unpack_from(">I", data, start - 8)
    found = items(data, start, start - 8 + length)

    for tile in found.made_of[found.primary]:
        [(at, size)] = found.extents[tile]
        # The base, one extent, its offset, its length.
        place = struct.pack(">IHII", at, 1, 0, size)
        assert data.count(place) == 1
        data = data.replace(place, struct.pack(">IHII", 8, 1, 0, len(data) - 8))

    with pytest.raises(Refused, match="damaged"):
        family_screened(data)


@pytest.mark.parametrize("chroma", [444, 422])
def test_full_colours_may_be_fewer(chroma: int) -> None:
    data = encoded(quarters(64, 64), "HEIF", chroma=chroma)

    family_screened(sized(HEIC, 5000, 5000))
    with pytest.raises(Refused, match="at most 24 megapixels"):
        family_screened(sized(data, 5000, 5000))


def test_a_film_is_left_alone() -> None:
    data = encoded(
        *(quarters(), "AVIF"), save_all=True, append_images=[halves(64, 32)] * 3, speed=10
    )
    assert b"moov" in data and b"avis" in data

    kind, kept = family_screened(data)

    assert kind == "AVIF" and len(kept) == len(data)
    assert b"moov" not in kept and b"avis" not in kept[:64]
    assert is_upright(decode.decode(data))


class TestStream:
    """Of AV1. In the short form the sizes follow the level at once."""

    def sequence(self, width: int, height: int, *, short: bool = True) -> bytes:
        bits = "000" + ("1" if short else "0") + ("1" if short else "0")
        # The long form: no timing, no display delay, one operating point of level 8, with a tier.
        bits += "00000" if short else "0" + "0" + "00000" + "0" * 12 + "01000" + "1"
        bits += "1111" * 2 + f"{width - 1:016b}{height - 1:016b}" + "1"
        body = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8))
        return bytes((av1.SEQUENCE << 3 | 2, len(body))) + body

    @pytest.mark.parametrize("short", [True, False])
    def test_size_and_frames(self, short: bool) -> None:
        frame = bytes((av1.FRAME << 3 | 2, 3)) + bytes(3)

        found = av1.stream(self.sequence(12_345, 678, short=short) + frame * 3)

        assert (found.width, found.height, found.frames) == (12_345, 678, 3)

    def test_the_largest_of_several_counts(self) -> None:
        found = av1.stream(self.sequence(10, 900) + self.sequence(800, 20))

        assert (found.width, found.height) == (800, 900)

    @pytest.mark.parametrize(
        "data", [b"\x0a", b"\x0a\xff\xff\xff", b"\x0a\x01\xff", b"\x0a" + b"\x80" * 9]
    )
    def test_nonsense(self, data: bytes) -> None:
        with pytest.raises(Refused, match="damaged"):
            av1.stream(data)
