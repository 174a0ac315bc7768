"""The sizes in which a photo is kept."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.sandbox.state import photo_sizes
from tests.helpers.bot.sandbox import GUEST, Sandbox
from tests.helpers.photos import gradient


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((60, 40), [(60, 40)]),
        ((90, 90), [(90, 90)]),
        ((500, 1000), [(45, 90), (160, 320), (400, 800), (500, 1000)]),
        ((4000, 3000), [(90, 68), (320, 240), (800, 600), (1280, 960)]),
    ],
)
def test_sizes_are_telegrams_and_never_upscaled(
    size: tuple[int, int], expected: list[tuple[int, int]]
) -> None:
    sizes = photo_sizes.sizes(gradient(size))
    assert [(each.width, each.height) for each in sizes] == expected
    for each in sizes:
        with Image.open(io.BytesIO(each.data)) as image:
            assert image.format == "JPEG"
            assert image.size == (each.width, each.height)


@settings(max_examples=15, deadline=None)
@given(st.tuples(st.integers(1, 1500), st.integers(1, 1500)))
def test_each_size_is_larger_than_the_one_before(size: tuple[int, int]) -> None:
    sides = [max(each.width, each.height) for each in photo_sizes.sizes(gradient(size))]
    assert sides == sorted(set(sides))
    assert sides[-1] == min(max(size), 1280)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_other_formats_become_jpegs(form: str) -> None:
    assert photo_sizes.sizes(gradient((100, 50), form))[-1].data.startswith(b"\xff\xd8")


def test_a_turned_photo_is_made_upright_and_forgets_its_exif() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    [_, size] = photo_sizes.sizes(gradient((200, 100), exif=exif))
    assert (size.width, size.height) == (100, 200)
    with Image.open(io.BytesIO(size.data)) as image:
        assert not image.getexif()


def test_a_decompression_bomb_is_no_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_sizes, "MAX_PIXELS", 199)
    assert photo_sizes.thumbnail(gradient((20, 10))) is None
    monkeypatch.setattr(photo_sizes, "MAX_PIXELS", 200)
    assert photo_sizes.thumbnail(gradient((20, 10))) is not None


def test_transparency_becomes_white() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(file, "PNG")
    [size] = photo_sizes.sizes(file.getvalue())
    with Image.open(io.BytesIO(size.data)) as image:
        assert image.getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    "data", [b"", b"text", gradient()[:500], b"\x89PNG\r\n\x1a\n" + b"\0" * 40], ids=len
)
async def test_broken_bytes_are_no_photo_but_may_be_a_document(data: bytes) -> None:
    sandbox = Sandbox()
    with pytest.raises(photo_sizes.UnreadableImageError):
        await sandbox.send_photo(GUEST.id, data)
    assert sandbox.messages(GUEST.id) == []
    message = await sandbox.send_document(GUEST.id, data, "broken.jpg")
    assert message["document"]["mime_type"] == "image/jpeg"
    assert "thumbnail" not in message["document"]
