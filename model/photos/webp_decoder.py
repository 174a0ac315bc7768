"""WebP in less memory."""

import io
from typing import Any

from PIL.WebPImagePlugin import WebPImageFile

from model.photos.malloc import give_back


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
