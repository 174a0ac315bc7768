"""Decoding: whatever a person sends becomes one upright RGB image, or a refusal in words."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from model.photos import decode
from tests.helpers.photos import encoded, exif, halves, is_upright, pixel, png, quarters, stored_for

FILES = {
    kind: encoded(halves(), kind)
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
}


@pytest.mark.parametrize("kind", decode.FORMATS)
def test_reads_every_format_on_the_list(kind: str) -> None:
    image = decode.decode(FILES[kind])

    assert (image.mode, image.size) == ("RGB", (40, 20))
    red, _, blue = pixel(image, 20, 3)
    assert red > 200 and blue < 60


@pytest.mark.parametrize("kind", ["PPM", "TGA", "ICO", "PCX", "EPS", "PDF", "JPEG2000"])
def test_reads_no_other(kind: str) -> None:
    with pytest.raises(decode.Refused, match="not a picture"):
        decode.decode(encoded(halves(), kind))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_is_upright_by_exif(kind: str, orientation: int) -> None:
    stored = stored_for(orientation, quarters())

    image = decode.decode(encoded(stored, kind, exif=exif(orientation)))

    assert is_upright(image)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("orientation", [3, 6])
def test_a_large_picture_is_upright_too(kind: str, orientation: int) -> None:
    stored = stored_for(orientation, quarters(4000, 3000))

    image = decode.decode(encoded(stored, kind, exif=exif(orientation)))

    assert image.size == (800, 600)
    assert is_upright(image)


def test_is_upright_where_only_xmp_says_how() -> None:
    xmp = b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'

    assert is_upright(decode.decode(encoded(stored_for(6, quarters()), "JPEG", xmp=xmp)))


@settings(deadline=None)
@given(st.integers(0, 65535).filter(lambda value: value not in range(2, 9)))
def test_an_orientation_that_there_is_not_turns_nothing(orientation: int) -> None:
    assert is_upright(decode.decode(encoded(quarters(), "JPEG", exif=exif(orientation))))


def test_nothing_that_was_written_about_the_picture_is_passed_on() -> None:
    image = decode.decode(encoded(quarters(), "PNG", exif=exif(6), dpi=(300, 300)))

    assert not image.info and not image.getexif()


def test_large_pictures_are_bounded_and_keep_their_shape() -> None:
    image = decode.decode(encoded(halves(4000, 1000), "JPEG"))

    assert image.size == (800, 200)


def test_a_large_jpeg_is_unpacked_at_a_fraction_of_its_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unpacked = []
    load = JpegImageFile.load

    def watched(image: JpegImageFile) -> object:
        unpacked.append(image.size)
        return load(image)

    monkeypatch.setattr(JpegImageFile, "load", watched)
    decode.decode(encoded(halves(4000, 3000), "JPEG"))

    assert set(unpacked) == {(1000, 750)}


def test_what_telegram_sends_is_passed_on_pixel_by_pixel() -> None:
    sent = encoded(quarters(600, 800))

    assert np.array_equal(np.asarray(decode.decode(sent)), np.asarray(quarters(600, 800)))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (1, 12_000), (12_000, 2), (12_000, 1)])
def test_extreme_shapes_do_not_vanish(mode: str, size: tuple[int, int]) -> None:
    image = decode.decode(encoded(Image.new("L", size, 255).convert(mode)))

    assert min(image.size) >= 1 and max(image.size) == min(800, max(size))
    assert image.getextrema() == ((255, 255), (255, 255), (255, 255))


@settings(max_examples=40, deadline=None)
@given(
    long=st.integers(801, 9000),
    short=st.integers(1, 40),
    upright=st.booleans(),
    mode=st.sampled_from(["L", "RGB", "RGBA", "LA", "P", "CMYK", "F", "I;16"]),
)
def test_a_shrunk_picture_is_the_same_all_over(
    long: int, short: int, upright: bool, mode: str
) -> None:
    ramp = np.linspace(0.0, 255.0, long, dtype=np.float32)[:, None].repeat(short, axis=1)
    ramp = ramp if upright else ramp.T
    if mode == "I;16":
        picture = Image.fromarray((ramp * 257).astype(np.uint16))
    else:
        values = Image.fromarray(ramp)
        picture = values if mode == "F" else values.convert("L").convert(mode)
    kind = "TIFF" if mode in ("F", "CMYK") else "PNG"

    image = decode.decode(encoded(picture, kind))

    found = np.asarray(image.convert("L"), np.float32)
    middle = found[:, found.shape[1] // 2] if upright else found[found.shape[0] // 2]
    assert middle == pytest.approx(np.linspace(0.0, 255.0, 800), abs=2.5)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\0", b"%PDF-1.7 not a picture", b"<html></html>"),
        encoded(halves())[:60],
        b"\0\0\0\x18ftypheic",
        b"\0\0\0\x18ftypqt  " + bytes(60),
    ],
)
def test_what_is_no_picture_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(decode.Refused) as refused:
        decode.decode(data)

    assert refused.value.reason == "unreadable"
    assert str(refused.value).endswith(".")


def test_a_text_is_told_from_a_damaged_picture() -> None:
    with pytest.raises(decode.Refused, match="not a picture"):
        decode.decode(b"Dear bot, this is a letter and no picture at all.")
    with pytest.raises(decode.Refused, match="damaged"):
        decode.decode(encoded(halves())[:60])


def test_half_a_jpeg_is_refused() -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8))

    with pytest.raises(decode.Refused):
        decode.decode(encoded(noise, "JPEG")[:9000])


@pytest.mark.parametrize("size", [(6000, 6001), (36_000_001, 1), (65_000, 65_000)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(decode.Refused, match="at most 36 megapixels") as refused:
        decode.decode(png(*size, depth=8, colour=2))

    assert refused.value.reason == "too_large"


def test_a_webp_is_refused_by_its_header_too() -> None:
    small = encoded(halves(), "WEBP")

    def saying(width: int, height: int) -> bytes:
        return small[:26] + struct.pack("<HH", width, height) + small[30:]

    with pytest.raises(decode.Refused, match="at most 36 megapixels"):
        decode.decode(saying(6000, 6001))
    with pytest.raises(decode.Refused, match="damaged"):
        decode.decode(saying(4000, 4000))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(decode.FORMATS), st.integers(0, 2000), st.integers(0, 255))
def test_damaged_bytes_end_in_a_picture_or_a_refusal(kind: str, position: int, value: int) -> None:
    data = bytearray(FILES[kind])
    data[position % len(data)] = value

    try:
        image = decode.decode(bytes(data))
    except decode.Refused:
        return
    assert image.mode == "RGB"
    assert max(image.size) <= 800
