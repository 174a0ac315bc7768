"""A stray marker among a JPEG's pixels: shown whole where it can be, refused if it cannot."""

import io

import numpy as np
import pytest
from PIL import Image

from model.photos.decode import Refused, decode
from tests.fuzz.files.originals import picture
from tests.helpers.photos import encoded, is_upright, quarters

PHOTO = picture(800, 600, 20)
WAYS: list[dict[str, object]] = [
    {},
    {"subsampling": 0},
    {"restart_marker_blocks": 10},
    {"restart_marker_rows": 1},
]


def straying(data: bytes, marker: int, share: float = 0.5) -> bytes:
    """The file with a marker in the middle of its pixels, where no other is."""
    at = int(len(data) * share)
    while 0xFF in data[at - 1 : at + 1]:
        at += 1
    return data[:at] + bytes((0xFF, marker)) + data[at:]


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("marker", [0x01, 0x05, 0xC0, 0xD0, 0xD8, 0xD9, 0xDA, 0xDB, 0xE1, 0xFE])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_no_grey_rest_is_taken_for_the_photo(
    mode: str, marker: int, way: dict[str, object]
) -> None:
    whole = PHOTO.convert(mode)
    data = straying(encoded(whole, "JPEG", quality=80, **way), marker)

    try:
        image = decode(data)
    except Refused as refused:
        assert refused.reason == "unreadable"
        return

    # The restarts led back to the picture; after a false one, to a part of it that is not its turn.
    assert np.array_equal(np.asarray(image), np.asarray(reference(data)))
    assert np.asarray(image)[-1].std() > 5


def test_a_large_one_is_refused_too() -> None:
    data = encoded(picture(3000, 2000, 20), "JPEG", quality=80)

    with pytest.raises(Refused, match="damaged"):
        decode(straying(data, 0x01))


def test_restarts_lead_back_to_the_picture() -> None:
    data = straying(encoded(PHOTO, "JPEG", quality=80, restart_marker_rows=1), 0x01)

    assert np.array_equal(np.asarray(decode(data))[-100:], np.asarray(reference(data))[-100:])


def reference(data: bytes) -> Image.Image:
    """As other programs show it."""
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB")


@pytest.mark.parametrize(
    "behind",
    [b"", b"\0" * 100, b"a film" * 1000, encoded(quarters(), "JPEG"), b"\xff\xd9"],
    ids=["nothing", "zeros", "a film", "another picture", "another end"],
)
@pytest.mark.parametrize("way", [*WAYS, {"progressive": True}], ids=str)
def test_a_white_edge_is_no_missing_one(way: dict[str, object], behind: bytes) -> None:
    """Its last row has one colour, and more follows: the picture is whole all the same."""
    photo = Image.new("RGB", (320, 240), "white")
    photo.paste(quarters(320, 160))

    image = decode(encoded(photo, "JPEG", **way) + behind)

    assert is_upright(image.crop((0, 0, 320, 160)))
