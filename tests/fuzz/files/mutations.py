"""Ways to damage a file. Each takes the bytes and a source of chance, and gives other bytes."""

import struct
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from tests.fuzz.files.structures import (
    PNG_START,
    jpeg_of,
    jpeg_segments,
    png_chunks,
    png_of,
    riff_chunks,
    riff_of,
)

Mutation = Callable[[bytes, Random], bytes]
Part = TypeVar("Part")

HEAD = 300  # bytes, in which most that a file says of itself is
NUMBERS = (
    *(0, 1, 2, 7, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x1000000),
    *(0x7FFFFFFF, 0x80000000, 0xFFFFFFFF),
)


def truncated(data: bytes, chance: Random) -> bytes:
    """Ends somewhere."""
    return data[: chance.randrange(len(data))]


def flipped(data: bytes, chance: Random) -> bytes:
    """Some bits are others."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20, 100))):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def flipped_ahead(data: bytes, chance: Random) -> bytes:
    """Some bits are others, among the first."""
    head = min(HEAD, len(data))
    return flipped(data[:head], chance) + data[head:]


def numbered(data: bytes, chance: Random) -> bytes:
    """Some numbers, of one to four bytes, are extreme."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        within = min(len(data), chance.choice((HEAD, HEAD, len(data))))
        place, size = chance.randrange(within), chance.choice((1, 2, 4))
        order: str = chance.choice(("<", ">"))
        number = chance.choice(NUMBERS) & ((1 << 8 * size) - 1)
        changed[place : place + size] = struct.pack(order + "_BH_I"[size], number)
    return bytes(changed[: len(data)])


def overwritten(data: bytes, chance: Random) -> bytes:
    """A stretch is zeros, ones, or noise."""
    place = chance.randrange(len(data))
    length = min(chance.choice((4, 16, 100, 1000)), len(data) - place)
    filling = chance.choice((bytes(length), b"\xff" * length, chance.randbytes(length)))
    return data[:place] + filling + data[place + length :]


def cut_out(data: bytes, chance: Random) -> bytes:
    """A stretch is missing."""
    place = chance.randrange(len(data))
    return data[:place] + data[place + chance.choice((1, 2, 10, 100, 1000)) :]


def doubled(data: bytes, chance: Random) -> bytes:
    """A stretch is there several times."""
    place = chance.randrange(len(data))
    part = data[place : place + chance.choice((1, 4, 30, 300))]
    return data[:place] + part * chance.choice((2, 2, 3, 100)) + data[place + len(part) :]


def inserted(data: bytes, chance: Random) -> bytes:
    """A stretch of noise is in between."""
    place = chance.randrange(len(data))
    return data[:place] + chance.randbytes(chance.choice((1, 2, 20, 500))) + data[place:]


def appended(data: bytes, chance: Random) -> bytes:
    """Something follows that does not belong to it."""
    return data + chance.choice((bytes(1000), chance.randbytes(1000), data, b"\xff\xd9PK\3\4"))


def shuffled(data: bytes, chance: Random) -> bytes:
    """Its chunks or segments are in another order, or some of them missing or there twice."""
    if data.startswith(PNG_START):
        return png_of(_reordered(png_chunks(data), chance))
    if data.startswith(b"RIFF"):
        return riff_of(_reordered(riff_chunks(data), chance))
    if data.startswith(b"\xff\xd8"):
        segments, rest = jpeg_segments(data)
        return jpeg_of(_reordered(segments, chance), rest)
    size = chance.choice((8, 64, 500))
    parts = [data[place : place + size] for place in range(0, len(data), size)]
    return b"".join(_reordered(parts, chance))


def mended(data: bytes, chance: Random) -> bytes:
    """Damaged within a PNG's chunk, whose checksum is right all the same."""
    if not data.startswith(PNG_START):
        return numbered(flipped_ahead(data, chance), chance)
    chunks = png_chunks(data)
    place = chance.randrange(len(chunks))
    kind, body = chunks[place]
    if body:
        chunks[place] = kind, chance.choice((flipped, numbered, truncated, doubled))(body, chance)
    return png_of(chunks)


def _reordered(parts: Sequence[Part], chance: Random) -> list[Part]:
    order = list(parts)
    for _ in range(chance.choice((1, 1, 3))):
        if not order:
            break
        place, other = chance.randrange(len(order)), chance.randrange(len(order))
        act = chance.randrange(3)
        if act == 0:
            order[place], order[other] = order[other], order[place]
        elif act == 1:
            order.insert(place, order[other])
        else:
            del order[place]
    return order


ALL: tuple[Mutation, ...] = (
    *(truncated, flipped, flipped, flipped_ahead, flipped_ahead, numbered, numbered, overwritten),
    *(cut_out, doubled, inserted, appended, shuffled, mended, mended),
)


def spliced(data: bytes, other: bytes, chance: Random) -> bytes:
    """Begins as one file and ends as another."""
    share = chance.random()
    return data[: int(share * len(data))] + other[int(share * len(other)) :]
