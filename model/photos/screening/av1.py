"""AV1: what a picture's stream asks of its decoder, which the file around it may belittle."""

from dataclasses import dataclass

from model.photos.screening.refusals import damaged

SEQUENCE, FRAME_HEADER, FRAME = 1, 3, 6
MOST_UNITS = 10_000


class _Bits:
    """Reads numbers bit by bit, the highest first."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data)
        self._left = 8 * len(data)

    def take(self, count: int) -> int:
        self._left -= count
        if self._left < 0:
            raise damaged()
        return self._value >> self._left & ((1 << count) - 1)


@dataclass(slots=True)
class Stream:
    """The largest size in pixels, the highest profile, and the number of frames.

    Profile 0 has its colours at half the size and ten bits at most.
    """

    width: int = 0
    height: int = 0
    profile: int = 0
    frames: int = 0


def stream(data: bytes) -> Stream:
    """Read a stream's units; Refused where there is no sense in them."""
    found, place = Stream(), 0
    for _ in range(MOST_UNITS):
        if place >= len(data):
            return found
        head = data[place]
        kind, extended, sized = head >> 3 & 15, head >> 2 & 1, head >> 1 & 1
        place += 1 + extended
        length = len(data) - place
        if sized:
            length, place = _length(data, place)
        body = data[place : place + length]
        place += length
        if kind == SEQUENCE:
            _read_sequence(body, found)
        elif kind in (FRAME_HEADER, FRAME):
            found.frames += 1
    raise damaged()


def _length(data: bytes, place: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first; and the place after it."""
    number = 0
    for index, byte in enumerate(data[place : place + 8]):
        number |= (byte & 0x7F) << 7 * index
        if not byte & 0x80:
            return number, place + index + 1
    raise damaged()


def _read_sequence(body: bytes, found: Stream) -> None:
    bits = _Bits(body[:512])  # it is shorter, but what follows it may not be
    found.profile = max(found.profile, bits.take(3))
    bits.take(1)
    if bits.take(1):  # the short form, for still pictures
        bits.take(5)
    else:
        _skip_operating_points(bits)
    across, down = bits.take(4) + 1, bits.take(4) + 1
    found.width = max(found.width, bits.take(across) + 1)
    found.height = max(found.height, bits.take(down) + 1)


def _skip_operating_points(bits: _Bits) -> None:
    delay = 0
    has_model = 0
    if bits.take(1):  # timing
        bits.take(64)
        if bits.take(1):
            _skip_variable(bits)
        has_model = bits.take(1)
        if has_model:
            delay = bits.take(5) + 1
            bits.take(42)
    has_display_delay = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > 7:
            bits.take(1)
        if has_model and bits.take(1):
            bits.take(2 * delay + 1)
        if has_display_delay and bits.take(1):
            bits.take(4)


def _skip_variable(bits: _Bits) -> None:
    zeros = 0
    while not bits.take(1):
        zeros += 1
    bits.take(zeros if zeros < 32 else 0)
