"""Decoding: whatever a person sends becomes one upright RGB image, or a refusal in words."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from model import photo


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    red, green, blue = np.asarray(image)[y, x].tolist()
    return red, green, blue


def halves(width: int = 40, height: int = 20) -> Image.Image:
    """Red above, blue below."""
    image = Image.new("RGB", (width, height), (255, 0, 0))
    image.paste((0, 0, 255), (0, height // 2, width, height))
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_reads_every_format_on_the_list(kind: str) -> None:
    image = photo.decode(encoded(halves(), kind))

    assert (image.mode, image.size) == ("RGB", (40, 20))
    red, _, blue = pixel(image, 20, 3)
    assert red > 200 and blue < 60


@pytest.mark.parametrize(("orientation", "corner"), [(1, "red"), (3, "blue"), (6, "blue")])
def test_is_upright_by_exif(orientation: int, corner: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation

    image = photo.decode(encoded(halves(), "JPEG", exif=exif, quality=95))

    assert image.size == ((20, 40) if orientation == 6 else (40, 20))
    red, _, blue = pixel(image, 2, 2)
    assert ("red" if red > blue else "blue") == corner


def test_large_pictures_are_bounded_and_keep_their_shape() -> None:
    image = photo.decode(encoded(halves(4000, 1000), "JPEG"))

    assert image.size == (640, 160)


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (12_000, 2)])
def test_extreme_shapes_do_not_vanish(size: tuple[int, int]) -> None:
    image = photo.decode(encoded(Image.new("RGB", size, (9, 9, 9))))

    assert min(image.size) >= 1 and max(image.size) <= photo.LONGEST_SIDE


def test_transparency_becomes_white() -> None:
    image = photo.decode(encoded(Image.new("RGBA", (8, 8), (255, 0, 0, 0))))

    assert pixel(image, 4, 4) == (255, 255, 255)


def test_a_palette_with_transparency_becomes_white() -> None:
    palette = Image.new("P", (8, 8), 0)
    palette.putpalette([255, 0, 0] * 256)

    assert pixel(photo.decode(encoded(palette, transparency=0)), 4, 4) == (255, 255, 255)


def test_sixteen_bits_keep_their_greys() -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(4, axis=0)

    image = photo.decode(encoded(Image.fromarray(ramp)))

    assert pixel(image, 128, 2)[0] == pytest.approx(128, abs=2)


def test_cmyk_is_converted() -> None:
    image = photo.decode(encoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"))

    red, green, _ = pixel(image, 4, 4)
    assert red > 200 and green < 80


def test_of_an_animation_the_first_frame_counts() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]

    image = photo.decode(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))

    assert pixel(image, 4, 4)[0] > 200


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"%PDF-1.7 not a picture", b"<html></html>", encoded(halves())[:60]]
)
def test_what_is_no_picture_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(photo.Refused) as refused:
        photo.decode(data)

    assert refused.value.reason == "unreadable"
    assert str(refused.value).endswith(".")


def test_a_text_is_told_from_a_damaged_picture() -> None:
    with pytest.raises(photo.Refused, match="not a picture"):
        photo.decode(b"Dear bot, this is a letter and no picture at all.")
    with pytest.raises(photo.Refused, match="damaged"):
        photo.decode(encoded(halves())[:60])


def test_half_a_jpeg_is_refused() -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8))

    with pytest.raises(photo.Refused):
        photo.decode(encoded(noise, "JPEG")[:9000])


def test_a_bomb_is_refused_by_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo, "MOST_PIXELS", 1000)

    with pytest.raises(photo.Refused) as refused:
        photo.decode(encoded(halves(100, 100)))

    assert refused.value.reason == "too_large"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400), st.integers(0, 255))
def test_damaged_bytes_end_in_a_picture_or_a_refusal(position: int, value: int) -> None:
    data = bytearray(encoded(halves(), "JPEG"))
    data[position % len(data)] = value

    try:
        image = photo.decode(bytes(data))
    except photo.Refused:
        return
    assert image.mode == "RGB"
