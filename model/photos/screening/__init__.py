"""What is looked at of a photo's file before a decoder may see it.

A decoder does what a file says. Some files say: unpack for a minute, fill the memory, read a note
of a million parts. Here a file is read as far as its structure goes, in little time, and

- it is told which of the few formats it is; no decoder is asked that the structure does not fit,
- it is refused where what it asks for is beyond `limits`,
- it is passed on without what no picture needs: notes, profiles, frames after the first.

`screened` is all that others need. Each format has a file of its own.
"""

from collections.abc import Callable

from model.photos.screening import bmp, gif, jpeg, png, tiff, webp
from model.photos.screening.heif_avif import family_screened
from model.photos.screening.limits import MOST_BYTES
from model.photos.screening.refusals import no_picture, too_much

# How a file of each format begins; the names are Pillow's.
STARTS: tuple[tuple[str, tuple[bytes, ...], Callable[[bytes], bytes]], ...] = (
    ("JPEG", (b"\xff\xd8\xff",), jpeg.screened),
    ("PNG", (b"\x89PNG\r\n\x1a\n",), png.screened),
    ("GIF", (b"GIF87a", b"GIF89a"), gif.screened),
    ("BMP", (b"BM",), bmp.screened),
    ("TIFF", (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), tiff.screened),
    ("WEBP", (b"RIFF",), webp.screened),
)


def screened(data: bytes) -> tuple[str, bytes]:
    """The format of the file, by Pillow's name, and what its decoder may see of it.

    Raises Refused: "unreadable" where it is none of the formats, or no file of its format;
    "too_large" where unpacking it would take more time or memory than `limits` allows.
    """
    if len(data) > MOST_BYTES:
        raise too_much()
    for kind, starts, screen in STARTS:
        if data.startswith(starts):
            return kind, screen(data)
    if data[4:8] == b"ftyp":
        return family_screened(data)
    raise no_picture()
