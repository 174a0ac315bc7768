"""Phones' own format, HEIC: what it has besides, and what its container could hide."""

import io
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from model.photos import decode
from tests.fuzz.files.structures import box
from tests.helpers.photos import RED, encoded, exif, is_upright, near, pixel, quarters, stored_for

# As EXIF has it: the tag, a short, one of them, and its value.
TAG = b"\x01\x12\x00\x03\x00\x00\x00\x01\x00"
ROOT = Path(__file__).parents[3]
WHOLE = encoded(quarters(), "HEIF")


def heic(mode: str, values: list[int], width: int = 64, height: int = 48) -> bytes:
    """One colour, as the phone has it before encoding."""
    kind = "<u2" if ";16" in mode else "u1"
    data = np.full((height, width, len(values)), values, kind).tobytes()
    file = io.BytesIO()
    pillow_heif.from_bytes(mode, (width, height), data).save(file, quality=90)
    return file.getvalue()


def saying(data: bytes, width: int, height: int) -> bytes:
    """The same file, that says of itself to be of another size."""
    [place] = [i for i in range(len(data)) if data.startswith(b"ispe", i)]
    return data[: place + 8] + struct.pack(">II", width, height) + data[place + 16 :]


class TestOrientation:
    """The container has its own, which counts; EXIF only repeats it, or is wrong."""

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_in_both(self, orientation: int) -> None:
        data = encoded(stored_for(orientation, quarters()), "HEIF", exif=exif(orientation))
        assert TAG + bytes([orientation]) in data

        assert is_upright(decode.decode(data))

    @pytest.mark.parametrize("orientation", range(2, 9))
    def test_in_the_container_alone(self, orientation: int) -> None:
        data = encoded(stored_for(orientation, quarters()), "HEIF", exif=exif(orientation))

        assert is_upright(decode.decode(data.replace(TAG + bytes([orientation]), TAG + b"\x01")))

    @pytest.mark.parametrize("orientation", range(2, 9))
    def test_in_exif_alone(self, orientation: int) -> None:
        data = encoded(quarters(), "HEIF", exif=exif(1))

        assert is_upright(decode.decode(data.replace(TAG + b"\x01", TAG + bytes([orientation]))))

    @pytest.mark.parametrize("orientation", [1, 6])
    def test_in_a_large_one_of_tiles(self, orientation: int) -> None:
        picture = stored_for(orientation, quarters(1200, 900))
        data = encoded(picture, "HEIF", exif=exif(orientation), tile_size=512)
        assert b"grid" in data

        image = decode.decode(data)

        assert image.size == (800, 600)
        assert is_upright(image)


@pytest.mark.parametrize("mode", ["RGB;16", "RGBA;16", "I;16"])
def test_ten_bits(mode: str) -> None:
    values = {"RGB;16": [40000, 20000, 10000], "RGBA;16": [40000, 20000, 10000, 65535]}
    data = heic(mode, values.get(mode, [40000]))
    assert Image.open(io.BytesIO(data)).info["bit_depth"] == 10

    wanted = (156, 156, 156) if mode == "I;16" else (156, 78, 39)
    assert near(pixel(decode.decode(data), 32, 24), wanted, 6)


@pytest.mark.parametrize(
    ("mode", "values"),
    [
        ("RGBA", [0, 0, 0, 102]),
        ("RGBa", [0, 0, 0, 102]),
        ("LA", [0, 102]),
        ("RGBA;16", [0, 0, 0, 102 * 257]),
    ],
)
def test_transparency_is_white(mode: str, values: list[int]) -> None:
    assert near(pixel(decode.decode(heic(mode, values)), 32, 24), (153, 153, 153), 4)


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (7, 5)])
def test_extreme_shapes(size: tuple[int, int]) -> None:
    image = decode.decode(encoded(Image.new("RGB", size, RED), "HEIF"))

    assert image.size == (1, 800) if size == (1, 900) else size
    assert near(pixel(image, 0, 0), RED)


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1", b"msf1"])
def test_every_brand_of_it(brand: bytes) -> None:
    assert is_upright(decode.decode(WHOLE.replace(b"ftypheic", b"ftyp" + brand)))


def burst(brands: bytes, film: bytes) -> bytes:
    """The picture as phones file it in a burst: `brands` say that it is a film, which is `film`."""
    (length,) = struct.unpack_from(">I", WHOLE)
    place = WHOLE.index(b"mdat") + 4
    start = box(b"ftyp", brands[:4] + bytes(4) + brands)
    moved = struct.pack(">I", place + len(start) - length)
    data = start + WHOLE[length:].replace(struct.pack(">I", place), moved, 1)
    return data + film


@pytest.mark.parametrize("brands", [b"msf1hevc", b"msf1hevcmif1heic", b"hevcmsf1", b"heicmsf1"])
@pytest.mark.parametrize(
    "film", [b"", box(b"moov", b""), box(b"moov", bytes(100))], ids=["none", "empty", "damaged"]
)
def test_a_burst_is_its_primary_picture(brands: bytes, film: bytes) -> None:
    assert is_upright(decode.decode(burst(brands, film)))


def test_an_avif_that_only_says_to_be_of_the_family() -> None:
    data = encoded(quarters(), "AVIF")
    assert b"ftypavif" in data

    assert is_upright(decode.decode(data.replace(b"ftypavif", b"ftypmif1")))


def test_thumbnails_are_left_alone() -> None:
    data = encoded(quarters(1200, 900), "HEIF", thumbnails=[850])
    assert data.count(b"hvc1") > encoded(quarters(1200, 900), "HEIF").count(b"hvc1")

    with Image.open(io.BytesIO(data)) as image:
        assert not image.info["thumbnails"] and not image.info["depth_images"]
    assert decode.decode(data).size == (800, 600)


@pytest.mark.parametrize(
    ("kind", "picture", "most"),
    [
        ("HEIF", quarters(128, 64), 6000),
        ("AVIF", quarters(128, 64), 6000),
    ],
)
def test_a_bomb_is_refused_by_its_header(
    kind: str, picture: Image.Image, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unpack(self: Image.Image) -> None:
        raise AssertionError("it was unpacked")

    data = encoded(picture, kind)
    with Image.open(io.BytesIO(data)) as image:
        monkeypatch.setattr(type(image), "load", unpack)

    with pytest.raises(decode.Refused, match="at most 36 megapixels") as refused:
        decode.decode(saying(data, most, most + 1))
    assert refused.value.reason == "too_large"

    with pytest.raises(decode.Refused) as refused:
        decode.decode(saying(data, most, most))
    assert str(refused.value.__cause__) == "it was unpacked"


def test_one_that_is_larger_than_its_header_says_is_refused() -> None:
    data = encoded(Image.new("RGB", (1000, 1000), RED), "HEIF")

    with pytest.raises(decode.Refused, match="damaged"):
        decode.decode(saying(data, 64, 64))


@settings(deadline=None)
@given(st.integers(0, len(WHOLE) - 1))
def test_a_part_of_one_is_refused(length: int) -> None:
    with pytest.raises(decode.Refused) as refused:
        decode.decode(WHOLE[:length])

    assert refused.value.reason == "unreadable"


def test_a_process_that_never_met_heic_reads_it() -> None:
    program = (
        "import sys; from model.photos.decode import decode; print(decode(sys.stdin.buffer.read()))"
    )
    command = [sys.executable, "-c", program]

    done = subprocess.run(command, input=WHOLE, capture_output=True, check=True, cwd=ROOT)

    assert "size={}x{}".format(*quarters().size) in done.stdout.decode()
