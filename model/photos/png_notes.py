"""PNGs with metadata that Pillow refuses: texts and profiles that are too large or damaged."""

from PIL import ImageFile, PngImagePlugin
from PIL.PngImagePlugin import PngStream

ANCILLARY = 0x20  # a small first letter: a chunk that a decoder may do without


class ForgivingPngStream(PngStream):
    """Pillow's, but a note that cannot be read is no reason to refuse its picture."""

    def call(self, cid: bytes, pos: int, length: int) -> bytes:
        """Read a chunk."""
        try:
            return super().call(cid, pos, length)
        except (ValueError, SyntaxError, IndexError):
            if not cid[0] & ANCILLARY or self.fp is None:
                raise
            self.fp.seek(pos)
            return ImageFile._safe_read(self.fp, length)


def read_forgivingly() -> None:
    """Have Pillow open all PNGs so."""
    PngImagePlugin.PngStream = ForgivingPngStream  # type: ignore[misc]
