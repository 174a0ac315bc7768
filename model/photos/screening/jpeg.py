"""JPEG: one frame, its scans counted, its notes left out.

Phones append more after the picture: a second one, a film. It ends where its own end is marked.
"""

import re
from dataclasses import dataclass

from model.photos.screening.limits import JPEG, JPEG_SCANS, MOST_PARTS
from model.photos.screening.refusals import damaged, too_much, unusual

# What comes between segments is skipped, as all decoders do; some cameras fill up with FF.
MARKER = re.compile(rb"\xff([^\x00\xff])")
# In a scan, 00 stands for an FF among the data, and D0 to D7 only help to find the place again.
END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")

START, END, SCAN = 0xD8, 0xD9, 0xDA
ALONE = frozenset({0x01, *range(0xD0, 0xDA)})  # these have no length
BASELINE, EXTENDED, PROGRESSIVE = 0xC0, 0xC1, 0xC2
HUFFMAN, QUANTISATION, LINES, RESTARTS = 0xC4, 0xDB, 0xDC, 0xDD
# All that begin a frame. Those with arithmetic coding cost too much, lossless ones cannot be
# unpacked at a fraction of their size, and nobody has any of the others.
FRAMES = frozenset(range(0xC0, 0xD0)) - {HUFFMAN, 0xC8, 0xCC}
NEEDED = frozenset({BASELINE, EXTENDED, PROGRESSIVE, HUFFMAN, QUANTISATION, LINES, RESTARTS, SCAN})
# Notes that say something of how the picture is shown: the first of each is kept.
NOTES = (
    (0xE0, b"JFIF\0"),
    (0xEE, b"Adobe"),
    (0xE1, b"Exif\0\0"),
    (0xE1, b"http://ns.adobe.com/xap/1.0/\0"),
)

# Where there are several scans, a decoder keeps all coefficients in memory, two bytes each.
MOST_COEFFICIENTS = 144_000_000


@dataclass(slots=True)
class Frame:
    """What the header says: pixels, the components' sampling factors, how it is coded."""

    width: int
    height: int
    factors: list[tuple[int, int]]
    progressive: bool

    @classmethod
    def read(cls, marker: int, body: bytes) -> "Frame":
        """From its segment; Refused where there is no sense in it."""
        if len(body) < 6 or len(body) < 6 + 3 * body[5]:
            raise damaged()
        sampling = body[7 : 6 + 3 * body[5] : 3]
        factors = [(byte >> 4, byte & 15) for byte in sampling]
        if not factors or not all(1 <= side <= 4 for pair in factors for side in pair):
            raise damaged()
        height, width = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
        return cls(width, height, factors, progressive=marker == PROGRESSIVE)

    def coefficients(self) -> int:
        """How many there are: as many as samples, in whole blocks of all components."""
        across = max(across for across, _ in self.factors)
        down = max(down for _, down in self.factors)
        columns = -(-self.width // (8 * across))
        rows = -(-self.height // (8 * down))
        return 64 * columns * rows * sum(a * b for a, b in self.factors)


class _Reader:
    """Goes through a file, and keeps what belongs to its picture."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 2
        self._wanted = list(NOTES)
        self.kept = [b"\xff\xd8"]
        self.frame: Frame | None = None
        self.scans = 0
        self.in_one = True  # every scan has all components

    def go_on(self) -> bool:
        """Read the next segment, with the scan that may follow it; False at the end."""
        found = MARKER.search(self._data, self._place)
        if found is None:
            return False
        marker, self._place = found[1][0], found.end()
        if marker == START:
            raise damaged()
        if marker == END:
            self.kept.append(b"\xff\xd9")
        elif marker not in ALONE:
            self._take(marker)
        return marker != END

    def _take(self, marker: int) -> None:
        start = self._place
        length = int.from_bytes(self._data[start : start + 2])
        if length < 2:
            raise damaged()
        self._place = start + length
        body = self._data[start + 2 : self._place]
        if marker in FRAMES:
            self._begin(marker, body)
        if marker in NEEDED or self._is_wanted(marker, body):
            self.kept.append(b"\xff%c" % marker + length.to_bytes(2) + body)
        if marker == SCAN:
            self._scan(body)

    def _begin(self, marker: int, body: bytes) -> None:
        if marker not in NEEDED:
            raise unusual("a JPEG of a rare kind")
        if self.frame:
            raise damaged()
        self.frame = Frame.read(marker, body)

    def _scan(self, body: bytes) -> None:
        if self.frame is None or not body:
            raise damaged()
        self.scans += 1
        self.in_one = self.in_one and body[0] == len(self.frame.factors)
        end = END_OF_SCAN.search(self._data, self._place)
        stop = end.start() if end else len(self._data)
        self.kept.append(self._data[self._place : stop])
        self._place = stop

    def _is_wanted(self, marker: int, body: bytes) -> bool:
        for note in self._wanted:
            if marker == note[0] and body.startswith(note[1]):
                self._wanted.remove(note)
                return True
        return False


def screened(data: bytes) -> bytes:
    """The picture alone; Refused where it is beyond the limits, or has no sense."""
    reader = _Reader(data)
    for _ in range(MOST_PARTS):
        if not reader.go_on():
            break
    else:
        raise too_much()
    if reader.frame is None or not reader.scans:
        raise damaged()
    picture = b"".join(reader.kept)
    _check(reader.frame, len(picture), reader.scans, in_one=reader.in_one)
    return picture


def _check(frame: Frame, size: int, scans: int, *, in_one: bool) -> None:
    if in_one and not frame.progressive:
        JPEG.check(frame.width, frame.height, size)
        return
    coefficients = frame.coefficients()
    if coefficients > MOST_COEFFICIENTS:
        raise too_much()
    # They are transformed once, whatever the number of scans: as much as four of these.
    share = coefficients / max(1, frame.width * frame.height)
    JPEG_SCANS.check(frame.width, frame.height, size, times=scans + 4 * share)
