"""Memory that the C library holds ready, given back."""

import ctypes
from contextlib import suppress

# A picture of so many pixels leaves enough behind for it to matter.
MANY = 8_000_000


def give_back(pixels: int) -> None:
    """Return to the system what a picture of so many pixels may have left: only glibc can do so.

    What is freed in pieces of up to 32 MB is kept for later, some 200 MB after a large picture. The
    next one may need other pieces.
    """
    if pixels > MANY:
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
