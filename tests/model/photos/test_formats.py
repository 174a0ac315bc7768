"""Pixel formats other than 8-bit RGB: each is made here, and decoded correctly."""

import io
import zlib
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms, PngImagePlugin

from model.photos import decode
from tests.helpers.photos import (
    BLUE,
    RED,
    chunk,
    encoded,
    exif,
    halves,
    is_upright,
    near,
    pixel,
    png,
    quarters,
    tiff,
)

KINDS = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF")


def middle(data: bytes) -> tuple[int, int, int]:
    image = decode.decode(data)
    return pixel(image, image.width // 2, image.height // 2)


class TestSixteenBits:
    @pytest.mark.parametrize("width", [256, 4096])
    @pytest.mark.parametrize("kind", ["PNG", "TIFF"])
    def test_greys(self, kind: str, width: int) -> None:
        ramp = np.linspace(0, 65535, width).astype(np.uint16)[None].repeat(4, axis=0)

        image = decode.decode(encoded(Image.fromarray(ramp), kind))

        for part in (0.1, 0.5, 0.9):
            x = round(part * image.width)
            assert near(pixel(image, x, 0), (round(255 * part),) * 3, 2)

    def test_twelve_used_bits_are_bright_too(self) -> None:
        values = np.linspace(0, 4095, 256).astype(np.uint16)[None].repeat(4, axis=0)

        assert near(middle(encoded(Image.fromarray(values), "TIFF")), (128, 128, 128), 2)

    def test_colours_in_a_png(self) -> None:
        row = b"".join(value.to_bytes(2) for value in (0xD234, 0x1E99, 0x1E00)) * 8

        assert middle(png(8, 8, depth=16, colour=2, row=row)) == RED

    def test_transparency_in_a_png(self) -> None:
        row = b"".join(value.to_bytes(2) for value in (0xD234, 0x1E99, 0x1E00, 0)) * 8

        assert middle(png(8, 8, depth=16, colour=6, row=row)) == (255, 255, 255)

    def test_colours_in_a_tiff(self) -> None:
        values = np.full((8, 8, 3), (0xD234, 0x1E99, 0x1E00), np.uint16)

        assert near(middle(tiff(values)), RED, 1)


class TestFloats:
    @pytest.mark.parametrize("white", [1.0, 255.0, 65535.0, 3e9])
    @pytest.mark.parametrize("width", [256, 3001])
    def test_whatever_white_is(self, white: float, width: int) -> None:
        ramp = np.linspace(0, white, width, dtype=np.float32)[None].repeat(4, axis=0)
        ramp[:, width // 4 * 3 :] = white

        image = decode.decode(encoded(Image.fromarray(ramp), "TIFF"))

        assert near(pixel(image, image.width // 2, 0), (128, 128, 128), 2)
        assert pixel(image, image.width - 1, 0) == (255, 255, 255)

    @settings(deadline=None)
    @given(st.sampled_from([1.0, 255.0, 65535.0]), st.floats(0.5, 1.00005))
    def test_a_white_that_is_not_quite_it(self, white: float, share: float) -> None:
        found = middle(encoded(Image.new("F", (8, 8), white * share), "TIFF"))

        assert near(found, (round(255 * min(share, 1.0)),) * 3, 1)

    def test_what_is_no_number_spoils_no_other_pixel(self) -> None:
        values = np.full((8, 8), 0.5, np.float32)
        values[0] = 1.0
        values[1, :4] = (np.nan, np.inf, -np.inf, -3.0)

        image = decode.decode(encoded(Image.fromarray(values), "TIFF"))

        assert near(pixel(image, 4, 4), (128, 128, 128), 1)
        assert [pixel(image, x, 1)[0] for x in range(4)] == [0, 255, 0, 0]


class TestInks:
    INKS = Image.new("CMYK", (16, 16), (0, 220, 220, 40))
    SHOWN = (215, 30, 30)

    def test_cmyk_in_a_tiff(self) -> None:
        assert near(middle(encoded(self.INKS, "TIFF")), self.SHOWN)

    def test_cmyk_in_a_jpeg_as_adobe_writes_it(self) -> None:
        data = encoded(self.INKS, "JPEG")
        assert b"Adobe" in data

        assert near(middle(data), self.SHOWN)

    def test_ycck_in_a_jpeg(self) -> None:
        # Cyan, magenta and yellow as if they were red, green and blue. The writer inverts all four.
        inks = Image.new("RGB", (16, 16), (0, 220, 220)).convert("YCbCr").split()
        planes = [ImageChops.invert(plane) for plane in inks] + [Image.new("L", (16, 16), 40)]
        data = bytearray(encoded(Image.merge("CMYK", planes), "JPEG", quality=95))
        data[data.index(b"Adobe") + 11] = 2

        assert near(middle(bytes(data)), self.SHOWN)

    @pytest.mark.parametrize("size", [(16, 16), (3000, 20)])
    def test_lab_in_a_tiff(self, size: tuple[int, int]) -> None:
        profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        lab = ImageCms.profileToProfile(Image.new("RGB", size, RED), *profiles, outputMode="LAB")
        assert lab is not None and lab.mode == "LAB"

        assert near(middle(encoded(lab, "TIFF")), RED)


class TestTransparency:
    @pytest.mark.parametrize("size", [(8, 8), (3000, 8)])
    @pytest.mark.parametrize("mode", ["RGBA", "LA"])
    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
    def test_half_of_it_is_half_white(
        self, kind: str, mode: Literal["RGBA", "LA"], size: tuple[int, int]
    ) -> None:
        picture = Image.new(mode, size, (0, 0, 0, 102) if mode == "RGBA" else (0, 102))

        assert near(middle(encoded(picture, kind)), (153, 153, 153), 2)

    @pytest.mark.parametrize("width", [1200, 3000])
    @pytest.mark.parametrize("one_colour", [False, True])
    def test_the_colour_behind_it_does_not_shine_through(
        self, one_colour: bool, width: int
    ) -> None:
        values = np.zeros((8, width, 4), np.uint8)
        values[:, ::2] = (0, 255, 0, 0)
        values[:, 1::2] = (255, 0, 0, 255)
        picture = Image.fromarray(values)

        if one_colour:
            found = middle(encoded(picture.convert("RGB"), transparency=(0, 255, 0)))
        else:
            found = middle(encoded(picture))

        red, green, blue = found
        assert red > 250 and abs(green - blue) <= 2

    @pytest.mark.parametrize("size", [(8, 8), (3000, 8)])
    @pytest.mark.parametrize("kind", ["PNG", "GIF"])
    def test_of_a_palettes_colour(self, kind: str, size: tuple[int, int]) -> None:
        palette = Image.new("P", size, 1)
        palette.putpalette([*BLUE, *RED])

        assert near(middle(encoded(palette, kind)), RED, 1)
        assert middle(encoded(palette, kind, transparency=1)) == (255, 255, 255)

    @pytest.mark.parametrize("size", [(8, 8), (3000, 8)])
    @pytest.mark.parametrize(("mode", "colour"), [("1", 0), ("L", 90), ("RGB", RED)])
    def test_of_one_colour(
        self, mode: str, colour: int | tuple[int, ...], size: tuple[int, int]
    ) -> None:
        picture = Image.new(mode, size, colour)

        assert middle(encoded(picture)) != (255, 255, 255)
        assert middle(encoded(picture, transparency=colour)) == (255, 255, 255)

    def test_of_a_part_of_a_palette(self) -> None:
        data = png(
            *(8, 8),
            depth=8,
            colour=3,
            row=b"\1" * 8,
            more=chunk(b"PLTE", bytes(6)) + chunk(b"tRNS", bytes((255, 102))),
        )

        assert near(middle(data), (153, 153, 153), 1)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "GIF"])
@pytest.mark.parametrize("size", [(16, 8), (4000, 8)])
def test_one_bit_a_pixel(kind: str, size: tuple[int, int]) -> None:
    picture = Image.new("1", size, 1)
    picture.paste(0, (0, 0, size[0] // 2, size[1]))

    image = decode.decode(encoded(picture, kind))

    assert pixel(image, 2, 0) == (0, 0, 0)
    assert pixel(image, image.width - 2, 0) == (255, 255, 255)


class TestSeveralFrames:
    @pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF", "AVIF", "HEIF"])
    def test_the_first_counts(self, kind: str) -> None:
        first, second = Image.new("RGB", (16, 16), RED), Image.new("RGB", (16, 16), BLUE)

        data = encoded(first, kind, save_all=True, append_images=[second])

        assert Image.open(io.BytesIO(data)).n_frames == 2  # type: ignore[attr-defined]
        assert near(middle(data), RED)

    @pytest.mark.parametrize("size", [(64, 32), (4000, 2000)])
    def test_of_a_phones_mpo(self, size: tuple[int, int]) -> None:
        depth = Image.new("RGB", (16, 16), "black")

        data = encoded(quarters(*size), "MPO", save_all=True, append_images=[depth])

        assert Image.open(io.BytesIO(data)).format == "MPO"
        assert is_upright(decode.decode(data))

    @pytest.mark.parametrize("kind", ["JPEG", "HEIF"])
    def test_of_a_phones_moving_photo(self, kind: str) -> None:
        film = b"\0\0\0\x10mpvd" + bytes(8)

        assert is_upright(decode.decode(encoded(quarters(), kind) + film))


class TestWhatIsWrittenAboutThePicture:
    TEXT = "Größe: 42 – 服装 👗 " * 1000

    @pytest.mark.parametrize("kind", KINDS)
    def test_any_language_and_much_of_it(self, kind: str) -> None:
        found = Image.Exif()
        found[0x010E] = found[0x9286] = self.TEXT.encode()
        xmp = f"<x:xmpmeta>{self.TEXT}</x:xmpmeta>".encode()
        profile = bytes(range(256)) * 2000  # as no profile should be

        data = encoded(quarters(), kind, exif=found.tobytes(), xmp=xmp, icc_profile=profile)

        assert len(data) > len(encoded(quarters(), kind)) + 30_000
        assert is_upright(decode.decode(data))

    def test_texts_in_a_png(self) -> None:
        texts = PngImagePlugin.PngInfo()
        texts.add_itxt("Größe", self.TEXT * 100, zip=True)
        texts.add_text("parameters", "x" * 5_000_000, zip=True)

        assert is_upright(decode.decode(encoded(quarters(), pnginfo=texts)))

    @pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
    def test_a_bomb_in_a_png_is_passed_over(self, kind: bytes) -> None:
        bomb = b"parameters\0\0" + zlib.compress(bytes(100_000_000))

        data = png(8, 8, depth=8, colour=0, row=b"\x50" * 8, more=chunk(kind, bomb))

        assert middle(data) == (80, 80, 80)

    @settings(max_examples=200, deadline=None)
    @given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.binary(max_size=40), st.booleans())
    def test_damaged_exif_is_passed_over(self, kind: str, noise: bytes, started: bool) -> None:
        damaged = exif(1)[:18] + noise if started else b"Exif\0\0" + noise

        image = decode.decode(encoded(halves(), kind, exif=damaged))

        assert sorted(image.size) == [20, 40]


def commented(pieces: int) -> bytes:
    """A GIF with a comment in so many pieces before its picture."""
    whole = encoded(Image.new("RGB", (40, 30), "red"), "GIF")
    start = whole.index(b"\x2c", 13 + 3 * (2 << (whole[10] & 7)))
    comment = b"\x21\xfe" + b"\x01c" * pieces + b"\x00"
    return whole[:start] + comment + whole[start:]


def test_a_gifs_comment_may_have_pieces_but_not_millions() -> None:
    assert decode.decode(commented(1000)).size == (40, 30)
    with pytest.raises(decode.Refused) as caught:
        decode.decode(commented(1_000_000))
    assert caught.value.reason == "unreadable"
