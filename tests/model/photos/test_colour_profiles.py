"""ICC profiles: the right colours by the spaces' own formulas, and profiles that are none."""

import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from model.photos.decode import decode
from model.photos.decoder import Decoder
from tests.helpers.photos import encoded, near, pixel

Matrix = list[list[float]]

# What red, green and blue are in XYZ, the columns of each matrix, adapted to D50 (Bradford).
# http://www.brucelindbloom.com/Eqn_RGB_XYZ_Matrix.html; Display P3 as in Apple's profile.
SRGB: Matrix = [
    [0.4360747, 0.3850649, 0.1430804],
    [0.2225045, 0.7168786, 0.0606169],
    [0.0139322, 0.0971045, 0.7141733],
]
DISPLAY_P3: Matrix = [
    [0.5151187, 0.2919778, 0.1571035],
    [0.2411892, 0.6922441, 0.0665668],
    [-0.0010505, 0.0418791, 0.7840713],
]
PROPHOTO: Matrix = [
    [0.7976749, 0.1351917, 0.0313534],
    [0.2880402, 0.7118741, 0.0000857],
    [0.0, 0.0, 0.82521],
]
D50 = (0.9642, 1.0, 0.8249)
COLOURS = [(200, 100, 50), (60, 120, 160), (128, 128, 128), (250, 240, 230), (90, 60, 120)]


def linear(value: float) -> float:
    """Of sRGB's curve, which is Display P3's, too."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def encoded_srgb(value: float) -> int:
    value = min(max(value, 0.0), 1.0)
    curved = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * curved)


def in_srgb(colour: tuple[int, int, int], space: Matrix, gamma: float | None) -> tuple[int, ...]:
    """The colour of that space, by its definition, in sRGB."""
    light = [linear(c / 255) if gamma is None else (c / 255) ** gamma for c in colour]
    return tuple(map(encoded_srgb, np.linalg.inv(SRGB) @ np.array(space) @ light))


def s15(*values: float) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def icc(space: bytes, connection: bytes, kind: bytes, tags: dict[bytes, bytes]) -> bytes:
    """An ICC profile of these tags."""
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    size = start + len(body)
    head = struct.pack(">II", size, 0) + b"\x02\x40\0\0" + kind + space + connection
    head += bytes(12) + b"acsp" + bytes(28) + s15(*D50)
    return head.ljust(128, b"\0") + table + body


def matrix_profile(space: Matrix, gamma: float | None) -> bytes:
    if gamma is None:
        points = [round(65535 * linear(n / 1023)) for n in range(1024)]
        curve = b"curv" + bytes(4) + struct.pack(">I1024H", 1024, *points)
    else:
        curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    tags = {b"wtpt": b"XYZ " + bytes(4) + s15(*D50)}
    for place, letter in enumerate((b"r", b"g", b"b")):
        tags[letter + b"XYZ"] = b"XYZ " + bytes(4) + s15(*(row[place] for row in space))
        tags[letter + b"TRC"] = curve
    return icc(b"RGB ", b"XYZ ", b"mntr", tags)


def grey_profile(gamma: float) -> bytes:
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    white = b"XYZ " + bytes(4) + s15(*D50)
    return icc(b"GRAY", b"XYZ ", b"mntr", {b"wtpt": white, b"kTRC": curve})


def inks_profile() -> bytes:
    """A press whose cyan is Lab (60, -15, -20), magenta and black are black; all else is white."""
    grid = [
        (60, -15, -20) if c and not (m or y or k) else (0, 0, 0) if m or k else (100, 0, 0)
        for c in (0, 1)
        for m in (0, 1)
        for y in (0, 1)
        for k in (0, 1)
    ]
    nodes = bytes(
        value for light, a, b in grid for value in (round(light * 2.55), a + 128, b + 128)
    )
    ramp = bytes(range(256))
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + s15(1, 0, 0, 0, 1, 0, 0, 0, 1)
    table += ramp * 4 + nodes + ramp * 3
    return icc(b"CMYK", b"Lab ", b"prtr", {b"wtpt": b"XYZ " + bytes(4) + s15(*D50), b"A2B0": table})


def lab_in_srgb(light: float, a: float, b: float) -> tuple[int, ...]:
    """By the definition of CIELAB, for D50."""
    middle = (light + 16) / 116
    thirds = (middle + a / 500, middle, middle - b / 200)
    xyz = [
        white * (t**3 if t > 6 / 29 else 3 * (6 / 29) ** 2 * (t - 4 / 29))
        for t, white in zip(thirds, D50, strict=True)
    ]
    return tuple(map(encoded_srgb, np.linalg.inv(SRGB) @ xyz))


def shown(data: bytes) -> tuple[int, int, int]:
    return pixel(decode(data), 4, 4)


@pytest.mark.parametrize(
    ("space", "gamma"), [(DISPLAY_P3, None), (PROPHOTO, 1.8)], ids=["Display P3", "ProPhoto"]
)
@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "AVIF", "HEIF", "JPEG"])
def test_colours_are_shown_as_their_space_means_them(
    kind: str, space: Matrix, gamma: float | None
) -> None:
    options: dict[str, object] = {"speed": 10} if kind == "AVIF" else {}
    for colour in COLOURS:
        image = Image.new("RGB", (8, 8), colour)
        stored = shown(encoded(image, kind, **options))  # nearly it, where the format is lossy

        found = shown(encoded(image, kind, icc_profile=matrix_profile(space, gamma), **options))

        assert near(found, in_srgb(stored, space, gamma), 2), colour  # type: ignore[arg-type]


def test_they_would_be_wrong_without() -> None:
    """So that the test above can fail."""
    assert not near((200, 100, 50), in_srgb((200, 100, 50), DISPLAY_P3, None), 6)  # type: ignore[arg-type]
    assert not near((200, 100, 50), in_srgb((200, 100, 50), PROPHOTO, 1.8), 16)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_inks_are_shown_as_the_press_prints_them(kind: str) -> None:
    cyan = Image.new("CMYK", (8, 8), (255, 0, 0, 0))

    found = shown(encoded(cyan, kind, icc_profile=inks_profile()))

    assert near(found, lab_in_srgb(60, -15, -20), 4)  # type: ignore[arg-type]
    assert not near(shown(encoded(cyan, kind)), lab_in_srgb(60, -15, -20), 20)  # type: ignore[arg-type]


def test_greys_of_another_curve() -> None:
    grey = Image.new("L", (8, 8), 100)

    found = shown(encoded(grey, icc_profile=grey_profile(1.0)))

    assert near(found, (encoded_srgb(100 / 255),) * 3, 2)


def test_transparency_is_white_in_any_space() -> None:
    clear = Image.new("RGBA", (8, 8), (200, 100, 50, 0))

    assert shown(encoded(clear, icc_profile=matrix_profile(DISPLAY_P3, None))) == (255, 255, 255)


def test_a_large_picture_is_converted_too() -> None:
    image = Image.new("RGB", (3000, 2000), (200, 100, 50))
    data = encoded(image, "JPEG", quality=95, icc_profile=matrix_profile(PROPHOTO, 1.8))

    assert near(shown(data), in_srgb((200, 100, 50), PROPHOTO, 1.8), 4)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "profile",
    [
        matrix_profile(SRGB, None),
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        b"",
        bytes(200),
        matrix_profile(DISPLAY_P3, None)[:150],
        bytes(range(256)) * 20_000,
        grey_profile(1.0),
        inks_profile(),
    ],
    ids=["sRGB", "Pillow's sRGB", "empty", "zeros", "cut off", "noise", "grey", "inks"],
)
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_srgb_and_profiles_that_are_none_change_nothing(kind: str, profile: bytes) -> None:
    image = Image.new("RGB", (8, 8), (200, 100, 50))

    assert shown(encoded(image, kind, icc_profile=profile)) == (200, 100, 50)


def test_the_decoders_process_has_all_that_it_takes() -> None:
    image = Image.new("RGB", (8, 8), (200, 100, 50))
    data = encoded(image, icc_profile=matrix_profile(DISPLAY_P3, None))

    with Decoder() as decoder:
        assert pixel(decoder.decode(data), 4, 4) == shown(data)
