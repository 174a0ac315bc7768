"""GIF: its first frame alone, without comments."""

import struct

from model.photos.screening.limits import GIF
from model.photos.screening.refusals import damaged, too_much

HEAD = 13  # bytes: the signature, and what is true of all frames
EXTENSION, CONTROL, IMAGE = 0x21, 0xF9, 0x2C
# A block has 255 bytes at most, and the pixels of a whole picture come in such blocks.
MOST_BLOCKS = 500_000


def screened(data: bytes) -> bytes:
    """The first frame as a GIF of its own; Refused where there is none, or beyond the limits."""
    place = HEAD + _palette(data, 10)
    kept, control, blocks = [data[:place]], b"", 0
    while place < len(data):
        start, kind = place, data[place]
        if kind == EXTENSION:
            label = data[start + 1 : start + 2]
            place, blocks = _after_blocks(data, start + 2, blocks)
            # How the next frame is shown: what of it is transparent.
            control = data[start:place] if label == b"\xf9" else control
        elif kind == IMAGE:
            place, _ = _after_blocks(data, start + 11 + _palette(data, start + 9), blocks)
            frame = data[start:place]
            _check(data, frame)
            return b"".join([*kept, control, frame, b";"])
        else:
            # Something between the blocks: decoders look for the next one.
            place, blocks = place + 1, blocks + 1
            if blocks > MOST_BLOCKS:
                raise too_much()
    raise damaged()


def _palette(data: bytes, flags: int) -> int:
    """The bytes of the palette that the flags in this place announce."""
    if flags >= len(data):
        raise damaged()
    return 3 << ((data[flags] & 7) + 1) if data[flags] & 0x80 else 0


def _after_blocks(data: bytes, place: int, blocks: int) -> tuple[int, int]:
    """The place after the blocks that begin here, and how many there were up to now."""
    while place < len(data) and data[place]:
        place += 1 + data[place]
        blocks += 1
        if blocks > MOST_BLOCKS:
            raise too_much()
    return place + 1, blocks


def _check(data: bytes, frame: bytes) -> None:
    if len(frame) < 10:
        raise damaged()
    width, height = struct.unpack_from("<HH", data, 6)
    left, top, across, down = struct.unpack_from("<HHHH", frame, 1)
    # A frame may reach beyond the screen, which grows for it.
    GIF.check(max(width, left + across), max(height, top + down), len(frame))
