"""PNG: the chunks that make the picture, and the one that says which side is up."""

import struct

from model.photos.screening.limits import MOST_NOTE_BYTES, MOST_PARTS, MOST_UNPACKED_BYTES, PNG
from model.photos.screening.refusals import damaged, too_much

SIGNATURE = 8  # bytes
NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
# Where the orientation may stand, with how such a chunk begins: the first of each is kept.
NOTES = (
    (b"eXIf", b""),
    (b"tEXt", b"Raw profile type exif\0"),
    (b"zTXt", b"Raw profile type exif\0"),
    (b"iTXt", b"XML:com.adobe.xmp\0"),
)
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by the type of colour


def screened(data: bytes) -> bytes:
    """The picture alone; Refused where it is beyond the limits, or has no header.

    All but the first frame of an animated one are chunks of their own, and go.
    """
    if data[12:16] != b"IHDR" or len(data) < 33:
        raise damaged()
    width, height, depth, colour = struct.unpack_from(">IIBB", data, 16)
    kept, wanted, place = [data[:SIGNATURE]], list(NOTES), SIGNATURE
    for _ in range(MOST_PARTS):
        if place + 8 > len(data):
            break
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if kind in NEEDED or (length <= MOST_NOTE_BYTES and _is_wanted(kind, data, place, wanted)):
            kept.append(data[place:end])
        if kind == b"IEND":
            break
        place = end
    # What comes after so many is not looked at: in an animated one it is frames.
    picture = b"".join(kept)
    PNG.check(width, height, len(picture))
    if width * height * CHANNELS.get(colour, 4) * depth > 8 * MOST_UNPACKED_BYTES:
        raise too_much()
    return picture


def _is_wanted(kind: bytes, data: bytes, place: int, wanted: list[tuple[bytes, bytes]]) -> bool:
    for note in wanted:
        if kind == note[0] and data.startswith(note[1], place + 8):
            wanted.remove(note)
            return True
    return False
