"""Absurd EXIF and colour profiles, on pictures that are whole otherwise."""

import struct
from collections.abc import Iterator

from tests.fuzz.files.originals import picture, profile
from tests.helpers.photos import encoded

KINDS = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF")
START = b"Exif\0\0II*\0\x08\0\0\0"


def noted() -> Iterator[tuple[str, bytes]]:
    """What each is, and its bytes."""
    image = picture(96, 64)
    for kind in KINDS:
        options = {"speed": 10} if kind == "AVIF" else {}
        for what, exif in exifs():
            if kind in ("JPEG", "PNG", "WEBP"):
                yield f"{kind} whose EXIF {what}", encoded(image, kind, exif=exif)
            # A TIFF's EXIF are its own tags, and the other writers read what they write.
            elif kind != "TIFF" and len(exif) > 20:
                calm = START + bytes([0, 0, 0xAB]) + bytes(len(exif) - len(START) - 3)
                data = encoded(image, kind, exif=calm, **options)
                yield f"{kind} whose EXIF {what}", data.replace(calm[6:], exif[6:])
        for what, colours in profiles():
            data = encoded(image, kind, icc_profile=colours, **options)
            yield f"{kind} whose profile {what}", data
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%b">' % (97 + n, b"&%c;" % (96 + n) * 10) for n in range(1, 20)
    )
    for kind in ("JPEG", "WEBP", "PNG"):
        yield f"{kind} whose XMP multiplies", encoded(image, kind, xmp=bomb + b"]><x>&t;</x>")


def exifs() -> Iterator[tuple[str, bytes]]:
    """What EXIF does, and the block."""

    def one(tag: int, kind: int, count: int, value: int, following: int = 0) -> bytes:
        return START + struct.pack("<HHHIII", 1, tag, kind, count, value, following)

    yield "has orientation 999", one(0x0112, 3, 1, 999)
    yield "has orientation 0", one(0x0112, 3, 1, 0)
    yield "has an orientation that is a text", one(0x0112, 2, 4, 0x41414141)
    yield "has an orientation that is a fraction", one(0x0112, 5, 1, 8)
    yield "has 2³²−1 orientations", one(0x0112, 3, 2**32 - 1, 8)
    yield "has 30,000 orientations", one(0x0112, 3, 30_000, 8) + bytes(60_000)
    yield "has 8,000 resolutions", one(0x011A, 5, 8000, 26) + b"\1" * 64_000
    yield "is followed by itself", one(0x0112, 3, 1, 6, following=8)
    for tag in (0x8769, 0x8825, 0xA005, 0x014A, 0x927C):
        yield f"has {tag:04x} that is itself", one(tag, 4, 1, 8)
        yield f"has {tag:04x} far away", one(tag, 4, 1, 2**32 - 1)
    yield (
        "has 5,000 tags",
        START + struct.pack("<H", 5000) + struct.pack("<HHII", 0x0112, 3, 1, 9) * 5000,
    )
    yield "has 65,535 tags, it says", START + b"\xff\xff" + bytes(100)
    yield "is of no order", b"Exif\0\0ZZ*\0\x08\0\0\0" + bytes(20)
    yield "is empty", b"Exif\0\0"
    yield "is noise", b"Exif\0\0" + bytes(range(256)) * 100


def profiles() -> Iterator[tuple[str, bytes]]:
    """What a colour profile is, and the profile."""
    true = profile()
    yield "is noise", bytes(range(256)) * 200
    yield "is long", true + bytes(3_000_000)
    yield "has tags without end", true[:128] + b"\xff" * 4 + true[132:]
    yield "is cut off", true[:130]
