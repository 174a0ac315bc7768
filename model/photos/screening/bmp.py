"""BMP: nearly always as many bytes as pixels need."""

import struct

from model.photos.screening.limits import BMP
from model.photos.screening.refusals import damaged, too_much

OLD_HEADER = 12  # bytes: its sides are shorts
RUNS = frozenset({1, 2})  # run-length encoded, with 8 and 4 bits
# Pillow unpacks these in Python, a microsecond for two bytes.
MOST_RUN_BYTES = 1_000_000


def screened(data: bytes) -> bytes:
    """The file as it is; Refused where it is beyond the limits, or has no header."""
    if len(data) < 26:
        raise damaged()
    (header,) = struct.unpack_from("<I", data, 14)
    if header == OLD_HEADER:
        width, height = struct.unpack_from("<HH", data, 18)
    else:
        width, height = struct.unpack_from("<ii", data, 18)
        runs = data[30:31]
        if runs and runs[0] in RUNS and len(data) > MOST_RUN_BYTES:
            raise too_much()
    BMP.check(abs(width), abs(height), len(data))  # a negative height: the top row comes first
    return data
