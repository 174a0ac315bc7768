"""GIFs whose notes are cut into very many pieces, which Pillow puts together one by one."""

from PIL import GifImagePlugin

# Pieces, of 255 bytes at most, of all the notes before a picture. Pillow copies what it has of a
# comment for each: millions of them take seconds.
MOST = 4000


class BoundedGif(GifImagePlugin.GifImageFile):
    """Pillow's, up to MOST pieces."""

    _pieces = 0

    def data(self) -> bytes | None:
        """Read a piece. Raises SyntaxError."""
        self._pieces += 1
        if self._pieces > MOST:
            raise SyntaxError(f"more than {MOST} pieces of notes")
        return super().data()
