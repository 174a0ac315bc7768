"""WebP: the first frame, and the orientation."""

import struct

from model.photos.screening.limits import (
    MOST_NOTE_BYTES,
    MOST_PARTS,
    WEBP,
    WEBP_LOSSLESS,
    WEBP_TRANSPARENT,
    Limit,
)
from model.photos.screening.refusals import damaged, no_picture, too_much

HEAD = 12  # bytes: RIFF, a length, WEBP
EXTENDED, LOSSY, LOSSLESS, FRAME = b"VP8X", b"VP8 ", b"VP8L", b"ANMF"
TRANSPARENCY = b"ALPH"  # of a lossy one; it comes before the colours
PIXELS = frozenset({LOSSY, LOSSLESS, FRAME, TRANSPARENCY})
LIMITS = {LOSSY: WEBP, TRANSPARENCY: WEBP_TRANSPARENT, LOSSLESS: WEBP_LOSSLESS}
NOTES = frozenset({b"EXIF", b"XMP "})
# Bytes a pixel that its decoder has in use at a time, and how often the file is in memory.
CANVASES, COPIES = 12, 3
MOST_MEMORY = 438_000_000  # bytes: with the largest picture the file has to be small
PROFILE = 0x20  # the flag that announces a colour profile


def screened(data: bytes) -> bytes:
    """The picture alone; Refused where it is beyond the limits, or has no header."""
    if data[8:12] != b"WEBP":
        raise no_picture()
    width, height = _size(data)
    kept: list[bytes] = []
    seen: set[bytes] = set()
    place = HEAD
    for _ in range(MOST_PARTS):
        if place + 8 > len(data):
            break
        kind, length = struct.unpack_from("<4sI", data, place)
        end = place + 8 + length + length % 2
        if _is_wanted(kind, length, seen):
            kept.append(data[place:end])
        seen.add(kind)
        place = end
    else:
        raise too_much()
    body = b"".join(kept)
    if body.startswith(EXTENDED) and len(body) > 8:
        body = body[:8] + bytes([body[8] & ~PROFILE]) + body[9:]
    _limit(body).check(width, height, len(body))
    if CANVASES * width * height + COPIES * len(body) > MOST_MEMORY:
        raise too_much()
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def _is_wanted(kind: bytes, length: int, seen: set[bytes]) -> bool:
    """Whether the chunk is of the picture: the first of its kind."""
    if kind in seen or (kind in (LOSSY, LOSSLESS) and FRAME in seen):
        return False
    return (
        kind in PIXELS
        or kind in (EXTENDED, b"ANIM")
        or (kind in NOTES and length <= MOST_NOTE_BYTES)
    )


def _limit(body: bytes) -> Limit:
    """By the chunk in which the pixels begin."""
    place = 0
    while place + 8 <= len(body):
        kind, length = struct.unpack_from("<4sI", body, place)
        if kind == FRAME:
            kind = body[place + 24 : place + 28]  # after 16 bytes of its own
        if kind in LIMITS:
            return LIMITS[kind]
        place += 8 + length + length % 2
    return WEBP


def _size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels, by the first chunk."""
    kind = data[12:16]
    if len(data) < 30:
        raise damaged()
    if kind == EXTENDED:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == LOSSY:
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == LOSSLESS:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise damaged()
