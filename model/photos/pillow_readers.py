"""Pillow's readers of GIF, PNG and WebP, more frugal or more forgiving than they come."""

import io
from typing import Any

from PIL import ImageFile, PngImagePlugin
from PIL.GifImagePlugin import GifImageFile
from PIL.PngImagePlugin import PngStream
from PIL.WebPImagePlugin import WebPImageFile

from model.photos.malloc import give_back

# Pieces, of 255 bytes at most, of all the notes before a GIF's picture. Pillow copies what it has
# of a comment for each: millions of them take seconds.
MOST_PIECES = 4000
ANCILLARY = 0x20  # a small first letter: a chunk of a PNG that a decoder may do without


class BoundedGif(GifImageFile):
    """Pillow's, up to MOST_PIECES of notes."""

    _pieces = 0

    def data(self) -> bytes | None:
        """Read a piece. Raises SyntaxError."""
        self._pieces += 1
        if self._pieces > MOST_PIECES:
            raise SyntaxError(f"more than {MOST_PIECES} pieces of notes")
        return super().data()


class ForgivingPngStream(PngStream):
    """Pillow's, but a text or profile that is damaged or too large is no reason to refuse a PNG."""

    def call(self, cid: bytes, pos: int, length: int) -> bytes:
        """Read a chunk."""
        try:
            return super().call(cid, pos, length)
        except (ValueError, SyntaxError, IndexError):
            if not cid[0] & ANCILLARY or self.fp is None:
                raise
            self.fp.seek(pos)
            return ImageFile._safe_read(self.fp, length)


def forgive_png_notes() -> None:
    """Have Pillow open all PNGs so."""
    PngImagePlugin.PngStream = ForgivingPngStream  # type: ignore[misc]


class FrugalWebPFile(WebPImageFile):
    """Pillow's, but its decoder's two canvases, 8 bytes a pixel, go before the picture is made.

    They are for the frames to come, and only the first is wanted: there is no seek() after load().
    """

    _decoder: Any

    def load(self) -> Any:
        """Unpack the picture; at the most, 12 bytes a pixel are in use."""
        if self._decoder is not None:
            self.fp = io.BytesIO()  # the decoder has a copy of the file
            give_back(self.width * self.height)
        return super().load()

    def load_prepare(self) -> None:
        """Make room for the pixels, which are unpacked by now."""
        self._decoder = None
        super().load_prepare()
