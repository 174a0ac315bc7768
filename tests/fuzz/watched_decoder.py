"""The decoder's program, which also notes the format of each of Pillow's decoders that it opens.

The notes stand at the end of the memory for pixels, where `opened` finds them even of a process
that a file has ended.
"""

import mmap
import sys
from typing import Any

from PIL import Image, ImageFile

from model.photos import decoder_process
from model.photos.decoder_protocol import PIXELS_SIZE

NOTES_AT = PIXELS_SIZE - 1024


def opened(memory: mmap.mmap) -> set[str]:
    """The formats that were opened since `forget`."""
    return set(memory[NOTES_AT:].rstrip(b"\0").decode().split())


def forget(memory: mmap.mmap) -> None:
    """Begin a new list."""
    memory[NOTES_AT:] = bytes(PIXELS_SIZE - NOTES_AT)


def main() -> None:
    """Watch, and serve."""
    memory = mmap.mmap(int(sys.argv[3]), PIXELS_SIZE)
    start = ImageFile.ImageFile.__init__

    def watching(self: ImageFile.ImageFile, *args: Any, **options: Any) -> None:
        noted = memory[NOTES_AT:].rstrip(b"\0") + f" {self.format}".encode()
        if len(noted) < PIXELS_SIZE - NOTES_AT:
            memory[NOTES_AT : NOTES_AT + len(noted)] = noted
        start(self, *args, **options)

    ImageFile.ImageFile.__init__ = watching  # type: ignore[method-assign]
    Image.init()  # all decoders that there are
    decoder_process.main()


if __name__ == "__main__":
    main()
