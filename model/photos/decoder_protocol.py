"""Messages between a worker and its decoder process; pixels travel in shared memory."""

import struct
from enum import IntEnum

# A request: how many bytes the file has, which lie in the memory for files.
REQUEST = struct.Struct("<Q")
# A reply: the outcome and, of an IMAGE, its width and height in pixels. These lie in the memory for
# pixels, four bytes each: red, green, blue, and one without a meaning, as in Pillow's own memory.
REPLY = struct.Struct("<BHH")
BYTES_PER_PIXEL = 4
PIXELS_SIZE = 4 << 20  # bytes of that memory: a little more than 800 × 800 px


class DecodeResult(IntEnum):
    """The result of a request. READY is said once, before the first request."""

    READY = 0
    IMAGE = 1
    DAMAGED = 2
    TOO_LARGE = 3
    TOO_MUCH = 4
