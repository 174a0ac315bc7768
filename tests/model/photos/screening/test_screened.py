"""Which files reach a decoder, and how little of them."""

import struct
from collections.abc import Iterator

import pytest
from PIL import Image, ImageFile

from model.photos import decode
from model.photos.screening import bmp, gif, jpeg, png, screened, webp
from model.photos.screening.limits import MOST_BYTES, Limit
from model.photos.screening.refusals import Refused
from model.photos.screening.time_limited_file import PatientFile
from tests.fuzz.originals import picture
from tests.fuzz.structures import (
    jpeg_of,
    jpeg_segments,
    png_chunks,
    png_of,
    riff_chunk,
    riff_of,
    segment,
)
from tests.helpers.photos import encoded, exif, halves, quarters

KINDS = decode.FORMATS
FILES = {kind: encoded(quarters(), kind) for kind in KINDS}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The formats of all decoders that are opened."""
    found: set[str] = set()
    start = ImageFile.ImageFile.__init__

    def watching(self: ImageFile.ImageFile, *args: object) -> None:
        found.add(str(self.format))
        start(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(ImageFile.ImageFile, "__init__", watching)
    yield found


@pytest.mark.parametrize("kind", KINDS)
def test_one_decoder_is_opened_that_of_its_format(kind: str, opened: set[str]) -> None:
    decode.decode(FILES[kind])

    assert opened == {kind}


@pytest.mark.parametrize(
    "data",
    [
        *(encoded(halves(), kind) for kind in ("PPM", "JPEG2000", "ICO")),
        *(b"", b"%PDF-1.7", bytes(100), b"RIFF\0\0\0\0WAVE" + bytes(40)),
        b"\0\0\0\x10ftypisom" + bytes(40),
    ],
)
def test_no_decoder_is_opened_for_anything_else(data: bytes, opened: set[str]) -> None:
    with pytest.raises(Refused, match="not a picture"):
        decode.decode(data)

    assert not opened


@pytest.mark.parametrize("kind", KINDS)
def test_what_it_is_called_does_not_matter(kind: str) -> None:
    assert screened(FILES[kind])[0] == kind


def test_a_file_may_not_be_larger_than_any_picture() -> None:
    with pytest.raises(Refused, match="file is too large") as refused:
        screened(b"BM" + bytes(MOST_BYTES))

    assert refused.value.reason == "too_large"


class TestLimits:
    LIMIT = Limit(pixels=1_000_000, per_pixel=100, per_byte=10)

    def test_as_many_pixels_as_it_says(self) -> None:
        self.LIMIT.check(1000, 1000, 0)
        with pytest.raises(Refused, match="at most 1 megapixels"):
            self.LIMIT.check(1001, 1000, 0)

    def test_as_much_work_as_fits_the_time(self) -> None:
        self.LIMIT.check(1000, 1000, 60_000_000)
        with pytest.raises(Refused, match="file is too large"):
            self.LIMIT.check(1000, 1000, 70_000_000)
        with pytest.raises(Refused, match="file is too large"):
            self.LIMIT.check(1000, 1000, 0, times=8)

    @pytest.mark.parametrize("size", [(0, 9), (9, 0), (-1, 9)])
    def test_no_pixels_are_no_picture(self, size: tuple[int, int]) -> None:
        with pytest.raises(Refused, match="damaged"):
            self.LIMIT.check(*size, 0)


class TestPatience:
    def test_a_decoder_that_has_had_its_time_gets_no_more(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = 5.0
        monkeypatch.setattr("time.thread_time", lambda: now)
        file = PatientFile(bytes(10_000))
        assert len(file.read(5000)) == 5000

        now = 6.0

        with pytest.raises(Refused, match="file is too large"):
            file.read(5000)
        with pytest.raises(Refused, match="file is too large"):
            file.read()
        assert len(file.read(4)) == 4  # a header costs nothing

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP"])
    def test_what_is_read_piece_by_piece_ends_in_a_refusal(
        self, kind: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("model.photos.screening.time_limited_file.SECONDS", -1.0)

        with pytest.raises(Refused) as refused:
            decode.decode(encoded(picture(100, 80), kind))
        assert refused.value.reason == "too_large"


class TestJpeg:
    def test_notes_go_and_what_shows_the_picture_stays(self) -> None:
        data = encoded(
            *(quarters(), "JPEG"), exif=exif(6), icc_profile=bytes(5000), comment=bytes(3000)
        )

        kept, _ = jpeg_segments(jpeg.screened(data))

        assert [part[1] for part in kept if part[1] >= 0xE0] == [0xE0, 0xE1]

    def test_it_ends_where_it_says(self) -> None:
        assert jpeg.screened(FILES["JPEG"] + FILES["JPEG"]) == jpeg.screened(FILES["JPEG"])

    def test_no_more_scans_than_there_is_time_for(self) -> None:
        data = encoded(Image.new("RGB", (2000, 1500)), "JPEG", progressive=True)
        start = data.index(b"\xff\xda")
        scan = data[start : data.index(b"\xff", start + 20)]

        jpeg.screened(data[:start] + scan * 200 + b"\xff\xd9")
        with pytest.raises(Refused, match="file is too large"):
            jpeg.screened(data[:start] + scan * 700 + b"\xff\xd9")

    def test_coefficients_that_are_kept_fit_the_memory(self) -> None:
        flat = Image.new("RGB", (8000, 6100))

        jpeg.screened(encoded(flat, "JPEG", progressive=True))
        with pytest.raises(Refused, match="file is too large"):
            jpeg.screened(encoded(flat, "JPEG", progressive=True, subsampling=0))

    def test_a_colour_at_a_time_is_kept_as_well(self) -> None:
        data = encoded(Image.new("RGB", (8000, 6100)), "JPEG", subsampling=0)
        start = data.index(b"\xff\xda")
        alone = b"\xff\xda\0\x08\1\1\0\0\x3f\0"

        jpeg.screened(data)
        with pytest.raises(Refused, match="file is too large"):
            jpeg.screened(data[:start] + alone + data[start + 14 :])

    @pytest.mark.parametrize("marker", [0xC3, 0xC5, 0xC9, 0xCA, 0xCF])
    def test_no_kind_that_has_no_bound(self, marker: int) -> None:
        with pytest.raises(Refused, match="rare kind"):
            jpeg.screened(FILES["JPEG"].replace(b"\xff\xc0", bytes((0xFF, marker))))

    def test_millions_of_segments_are_not_walked(self) -> None:
        segments, rest = jpeg_segments(FILES["JPEG"])

        with pytest.raises(Refused, match="file is too large"):
            jpeg.screened(jpeg_of([segment(0xFE, b"")] * 100_000 + segments, rest))


class TestPng:
    def test_only_chunks_of_the_picture_are_passed_on(self) -> None:
        frames = [halves().rotate(90)] * 3
        data = encoded(
            quarters(), save_all=True, append_images=frames, icc_profile=bytes(999), exif=exif(6)
        )

        kinds = [kind for kind, _ in png_chunks(png.screened(data))]

        assert kinds == [b"IHDR", b"eXIf", b"IDAT", b"IEND"]

    def test_a_long_exif_goes_and_the_picture_stays(self) -> None:
        chunks = png_chunks(FILES["PNG"])
        data = png_of([chunks[0], (b"eXIf", bytes(5_000_000)), *chunks[1:]])

        assert png.screened(data) == FILES["PNG"]

    def test_deep_colours_count_more(self) -> None:
        def head(depth: int) -> bytes:
            size = struct.pack(">IIBBBBB", 6000, 6000, depth, 6, 0, 0, 0)
            return png_of([(b"IHDR", size), (b"IDAT", b""), (b"IEND", b"")])

        png.screened(head(8))
        with pytest.raises(Refused, match="file is too large"):
            png.screened(head(16))


class TestGif:
    FRAMES = encoded(halves(), "GIF", save_all=True, append_images=[quarters(40, 20)] * 5)

    def test_the_first_frame_alone_is_passed_on(self) -> None:
        kept = gif.screened(self.FRAMES)

        assert len(kept) < len(self.FRAMES) / 2
        assert decode.decode(kept).size == (40, 20)

    def test_comments_go(self) -> None:
        data = encoded(halves(), "GIF", comment=b"a comment")

        assert b"a comment" in data and b"a comment" not in gif.screened(data)

    def test_a_frame_larger_than_the_screen_counts(self) -> None:
        data = encoded(halves(), "GIF")
        place = data.index(b",\0\0\0\0") + 5
        data = data[:place] + struct.pack("<HH", 9000, 9000) + data[place + 4 :]

        with pytest.raises(Refused, match="at most 64 megapixels"):
            gif.screened(data)


class TestBmp:
    @pytest.mark.parametrize("height", [9000, -9000])
    def test_the_header_counts(self, height: int) -> None:
        data = FILES["BMP"][:18] + struct.pack("<ii", 9000, height) + FILES["BMP"][26:]

        with pytest.raises(Refused, match="at most 36 megapixels"):
            bmp.screened(data)

    def test_run_lengths_are_unpacked_in_python_and_so_are_few(self) -> None:
        data = FILES["BMP"][:30] + b"\1" + FILES["BMP"][31:]

        assert bmp.screened(data) == data
        with pytest.raises(Refused, match="file is too large"):
            bmp.screened(data + bytes(1_000_000))


class TestWebp:
    def test_the_first_frame_alone_is_passed_on(self) -> None:
        data = encoded(quarters(), "WEBP", save_all=True, append_images=[halves(64, 32)] * 9)

        kept = webp.screened(data)

        assert kept.count(b"ANMF") == 1
        assert decode.decode(kept).size == (64, 32)

    def test_a_profile_goes_and_the_orientation_stays(self) -> None:
        data = encoded(quarters(), "WEBP", exif=exif(6), icc_profile=bytes(999))

        kept = webp.screened(data)

        assert b"ICCP" not in kept and b"EXIF" in kept
        assert kept[20] & 0x20 == 0
        assert decode.decode(data).size == (32, 64)

    @pytest.mark.parametrize(
        ("picture", "lossless", "most"),
        [("RGB", False, 36_000_000), ("RGBA", False, 33_000_000), ("RGB", True, 33_000_000)],
    )
    def test_what_costs_more_may_be_less(self, picture: str, lossless: bool, most: int) -> None:
        # With a note, so that the size stands in a chunk of its own.
        image = quarters().convert(picture)
        if picture == "RGBA":
            image.putalpha(halves(64, 32).convert("L"))
        data = encoded(image, "WEBP", exif=exif(1), lossless=lossless)

        def saying(pixels: int) -> bytes:
            sides = (11_999).to_bytes(3, "little") + (pixels // 12_000 - 1).to_bytes(3, "little")
            return data[:24] + sides + data[30:]

        webp.screened(saying(most))
        with pytest.raises(Refused):
            webp.screened(saying(most + 6_000_000))

    def test_the_largest_is_a_small_file(self) -> None:
        extended = bytes(4) + (11_999).to_bytes(3, "little") + (2999).to_bytes(3, "little")

        def saying(size: int) -> bytes:
            return riff_of([riff_chunk(b"VP8X", extended), riff_chunk(b"VP8 ", bytes(size))])

        webp.screened(saying(1_000_000))
        with pytest.raises(Refused, match="file is too large"):
            webp.screened(saying(3_000_000))
