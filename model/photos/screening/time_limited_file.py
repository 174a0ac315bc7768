"""A file that lets itself be read for so long, and no longer."""

import io
import time

from model.photos.screening.limits import SECONDS
from model.photos.screening.refusals import too_much

SMALL = 256  # bytes


class PatientFile(io.BytesIO):
    """The bytes of a photo, as its decoder reads them: Refused once it has used up its time.

    A decoder that is fed piece by piece (of JPEG, PNG, GIF, BMP) can be stopped so, whatever it is
    that takes it long. Those that want all at once cannot: they depend on `limits`. The time is
    that of this thread on a core.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._end = time.thread_time() + SECONDS

    def read(self, size: int | None = -1, /) -> bytes:
        """As of any file. Small pieces are headers, and there are not too many of them."""
        if not (size and 0 < size < SMALL) and time.thread_time() > self._end:
            raise too_much()
        return super().read(size)
