"""The C library's free memory: kept for the next photo, or returned to the system."""

import ctypes
from contextlib import suppress

# A picture with at least this many pixels leaves enough memory behind to matter.
MANY = 8_000_000

# glibc's <malloc.h>: what is free at the heap's end above the one goes back to the system, and
# pieces above the other are the system's from the start.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
KEPT, LARGE = 64 << 20, 32 << 20  # bytes; 32 MB are the most that it takes for the second


def keep_ready(kept: int = KEPT, large: int = LARGE) -> None:
    """Let what one photo leaves free serve the next, as long as it is not much: `kept` bytes.

    Pieces of more than `large` bytes go back to the system at once.

    Otherwise, depending on the heap's layout, each photo faults up to 480 pages in again, which
    takes the kernel up to 1 ms (tests/bench/bench_worker.py). Only glibc is told.
    """
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(TRIM_THRESHOLD, kept)
        library.mallopt(MMAP_THRESHOLD, large)


def give_back(pixels: int) -> None:
    """Return to the system what a picture of this many pixels may have left: only glibc can.

    What is freed in pieces of up to 32 MB is kept for later, some 200 MB after a large picture. The
    next one may need other pieces.
    """
    if pixels > MANY:
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
