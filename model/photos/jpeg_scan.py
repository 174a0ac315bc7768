"""JPEGs whose pixels end early: at a marker in the scan, after which libjpeg paints one colour.

Other programs show the rest in grey. Here it would be classified, so such files are detected.
"""

import io
import re

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

SCAN, END, RESTARTS = 0xDA, 0xD9, 0xDD
ALONE = frozenset({0x01, *range(0xD0, 0xDA)})  # these have no length
MARKER = re.compile(rb"\xff([^\x00\xff])")
# In a scan, FF 00 is an FF among the data, and FF D0 to FF D7 are restarts, if these are announced.
END_OF_SCAN = re.compile(rb"\xff[^\x00\xff]")
END_OF_SCAN_WITH_RESTARTS = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
MOST_SEGMENTS = 1000
# What a decoder that still wants pixels takes for some: no FF, and nearly all codes.
MORE = bytes(7 * n % 251 for n in range(1000)) * 2


def ends_early(data: bytes, image: Image.Image) -> bool:
    """Whether `image`, decoded from the JPEG `data`, lacks rows that its scan should have had.

    Only a picture whose last row has one colour is looked at, and of these only one whose scan does
    not end with the file. More pixels are put behind the scan then: a whole picture stays the same.
    """
    if "progressive" in image.info:
        return False
    last_row = image.crop((0, image.height - 1, image.width, image.height))
    if any(least != most for least, most in _extrema(last_row)):
        return False
    end = _end_of_scan(data, len(image.getbands()))
    if end is None or end + 2 >= len(data):
        return False
    longer = JpegImageFile(io.BytesIO(data[:end] + MORE + b"\xff\xd9"))
    longer.draft(image.mode, image.size)
    return longer.tobytes() != image.tobytes()


def _extrema(image: Image.Image) -> list[tuple[float, float]]:
    return [channel.getextrema() for channel in image.split()]  # type: ignore[misc]


def _end_of_scan(data: bytes, components: int) -> int | None:
    """Where the data of the only scan end; None if there is none with all components."""
    place, restarts = 2, False
    for _ in range(MOST_SEGMENTS):
        found = MARKER.search(data, place)
        if found is None or found[1][0] == END:
            return None
        marker, place = found[1][0], found.end()
        if marker in ALONE:
            continue
        length = int.from_bytes(data[place : place + 2])
        if marker == RESTARTS:
            restarts = any(data[place + 2 : place + 4])
        place += length
        if marker == SCAN:
            if data[place - length + 2] != components:
                return None
            pattern = END_OF_SCAN_WITH_RESTARTS if restarts else END_OF_SCAN
            end = pattern.search(data, place)
            return end.start() if end else None
    return None
