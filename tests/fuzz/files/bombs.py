"""Small files that ask for much: of memory, of time, or of a program's patience."""

import struct
import zlib
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image

from tests.fuzz.files.deep_bombs import FRAMES, MUCH, containers, striped, tiffs
from tests.fuzz.files.originals import picture
from tests.fuzz.files.structures import (
    cleared_gif,
    empty_blocks,
    jpeg_of,
    jpeg_segments,
    png_chunks,
    png_of,
    riff_chunk,
    riff_chunks,
    riff_of,
    runs,
    segment,
    sized,
)
from tests.helpers.photos import chunk, encoded, exif, halves, png

Maker = Callable[[], Iterator[tuple[str, bytes]]]  # what each file is, and its bytes


def bombs() -> dict[str, Maker]:
    """The functions that make them, by what they are about."""
    return {
        "sizes": _sizes,
        "scans": _scans,
        "chunks": _pngs,
        "segments": _jpegs,
        "blocks": _gifs_and_webps,
        "tags": tiffs,
        "boxes": containers,
        "frames": _animations,
        "runs": _bmps,
    }


def _sizes() -> Iterator[tuple[str, bytes]]:
    """More pixels than there may be: honest ones, and headers that lie."""
    row = bytes(50_000 // 8)
    yield "PNG of 50,000×50,000", png(50_000, 50_000, depth=1, colour=0, row=row)
    yield "PNG that says 50,000×50,000", png(50_000, 50_000, depth=16, colour=6)
    yield "PNG of 2³¹−1 pixels each way", png(2**31 - 1, 2**31 - 1, depth=8, colour=2)
    small = encoded(halves(), "GIF")
    screen = struct.pack("<HH", 50_000, 50_000)
    yield "GIF that says 50,000×50,000", small[:6] + screen + small[10:]
    place = small.index(b",\0\0\0\0")
    yield "GIF whose frame says 50,000×50,000", small[: place + 5] + screen + small[place + 9 :]
    yield "TIFF that says 50,000×50,000", striped(50_000, 50_000, zlib.compress(bytes(50_000)))
    still = encoded(halves(), "WEBP")
    sides = struct.pack("<HH", 16_383, 16_383)
    yield "WebP that says 16,383×16,383", still[:26] + sides + still[30:]
    extended = encoded(halves(), "WEBP", exif=exif(1))
    most = (16_382).to_bytes(3, "little")
    yield "WebP of a large canvas", extended[:24] + most * 2 + extended[30:]
    header = struct.pack("<IiiHHIIiiII", 40, 50_000, 50_000, 1, 24, 0, 0, 0, 0, 0, 0)
    yield "BMP that says 50,000×50,000", b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + header
    for kind in ("JPEG", "AVIF", "HEIF"):
        data = encoded(halves(64, 64), kind)
        if kind == "JPEG":
            place = data.index(b"\xff\xc0")
            yield (
                "JPEG that says 65,500×65,500",
                (data[: place + 5] + struct.pack(">HH", 65_500, 65_500) + data[place + 9 :]),
            )
        else:
            yield f"{kind} that says 60,000×60,000", sized(data, 60_000, 60_000)
            yield f"{kind} that says 16,000×16,000", sized(data, 16_000, 16_000)


def _scans() -> Iterator[tuple[str, bytes]]:
    """JPEGs that go over their pixels again and again, or in a way that takes long."""
    for count, size in (
        *((30, (4000, 3000)), (100, (4000, 3000)), (1000, (400, 300))),
        *((19_000, (16, 16)), (100_000, (16, 16))),
    ):
        data = encoded(Image.new("RGB", size, "grey"), "JPEG", progressive=True)
        start = data.index(b"\xff\xda")
        end = data.index(b"\xff", start + 20)
        scans = data[start:end] * count
        yield f"JPEG of {count:,} scans", data[:start] + scans + b"\xff\xd9"
    plain = encoded(picture(800, 600), "JPEG")
    for marker, what in ((0xC9, "arithmetic"), (0xC3, "lossless"), (0xC5, "differential")):
        yield f"JPEG that says to be {what}", plain.replace(b"\xff\xc0", bytes((0xFF, marker)))
    for factors in (0x44, 0x14, 0x41, 0x00, 0xFF):
        place = plain.index(b"\xff\xc0")
        yield (
            f"JPEG of sampling factors {factors:02x}",
            plain[: place + 11] + bytes([factors]) + plain[place + 12 :],
        )


def _pngs() -> Iterator[tuple[str, bytes]]:
    chunks = png_chunks(encoded(picture(100, 80)))
    bomb = zlib.compress(bytes(100_000_000))
    for kind, start in ((b"zTXt", b"x\0\0"), (b"iCCP", b"x\0\0"), (b"iTXt", b"x\0\1\0\0\0")):
        for count in (1, 50):
            more = [(kind, start + bomb)] * count
            yield (
                f"PNG of {count} {kind.decode()} of 100 MB",
                png_of(chunks[:1] + more + chunks[1:]),
            )
    exif_bomb = b"Raw profile type exif\0\0" + zlib.compress(bytes(50_000_000))
    yield "PNG whose EXIF is 50 MB", png_of([chunks[0], (b"zTXt", exif_bomb), *chunks[1:]])
    hexadecimal = b"Raw profile type exif\0\nexif\n 9\n" + b"4d4d" * 10_000
    yield "PNG whose EXIF is nonsense", png_of([chunks[0], (b"tEXt", hexadecimal), *chunks[1:]])
    head, rest = png_of(chunks[:1]), b"".join(chunk(*each) for each in chunks[1:])
    for kind in (b"tEXt", b"abCd", b"IDAT", b"PLTE", b"tRNS", b"fdAT"):
        count = MUCH // 12
        yield f"PNG of a million empty {kind.decode()}", head + chunk(kind, b"") * count + rest
    pieces = [(b"IDAT", chunks[1][1][at : at + 2]) for at in range(0, len(chunks[1][1]), 2)]
    yield "PNG of pixels in thousands of chunks", png_of([chunks[0], *pieces, chunks[-1]])
    for size in (1_000_000, MUCH):
        yield (
            f"PNG of {size:,} bytes without a pixel",
            png_of([chunks[0], (b"IDAT", empty_blocks(size)), chunks[-1]]),
        )
    yield "PNG whose pixels never end", png(90, 90, depth=8, colour=0, row=bytes(200_000))


def _jpegs() -> Iterator[tuple[str, bytes]]:
    segments, rest = jpeg_segments(encoded(picture(100, 80), "JPEG"))
    note = bytes(65_000)
    for what, marker, body, count in (
        *(("comments", 0xFE, b"", MUCH // 4), ("empty EXIF", 0xE1, b"Exif\0\0", MUCH // 10)),
        *(("long EXIF", 0xE1, b"Exif\0\0" + note, 300), ("long XMP", 0xE1, XAP + note, 300)),
        *(
            ("long profiles", 0xE2, b"ICC_PROFILE\0\1\2" + note, 300),
            ("MPF", 0xE2, b"MPF\0II*\0" + note, 9),
        ),
        *(("tables", 0xDB, bytes(65), MUCH // 70), ("Photoshop", 0xED, PHOTOSHOP, 300)),
    ):
        yield f"JPEG of many {what}", jpeg_of([segment(marker, body)] * count + segments, rest)
    yield "JPEG full of fill bytes", jpeg_of([b"\xff" * MUCH, *segments], rest)
    yield (
        "JPEG full of restarts",
        b"\xff\xd8" + b"".join(segments) + rest[:-2] + b"\xff\xd0" * (MUCH // 2),
    )
    yield "JPEG with a film", encoded(picture(100, 80), "JPEG") + bytes(MUCH)


XAP = b"http://ns.adobe.com/xap/1.0/\0"
PHOTOSHOP = b"Photoshop 3.0\0" + b"8BIM\4\4\0\0\0\0\0\0" * 5000


def _gifs_and_webps() -> Iterator[tuple[str, bytes]]:
    small = encoded(picture(100, 80).quantize(16), "GIF")
    place = small.index(b",\0\0\0\0")
    for what, extension in (
        ("a comment in millions of pieces", b"!\xfe" + b"\1x" * (MUCH // 2) + b"\0"),
        ("millions of comments", b"!\xfe\1x\0" * (MUCH // 5)),
        ("millions of controls", b"!\xf9\4\0\0\0\0\0" * (MUCH // 8)),
        ("a long comment", (b"!\xfe" + (b"\xff" + bytes(255)) * 60_000) + b"\0"),
        ("zeros", bytes(MUCH)),
    ):
        yield f"GIF of {what}", small[:place] + extension + small[place:]
    yield "GIF of a cleared table", cleared_gif(5000, 5000)
    codes = b"\1\x55" * (MUCH // 2)
    yield "GIF whose pixels come bit by bit", small[: place + 11] + codes + b"\0;"
    chunks = riff_chunks(encoded(picture(100, 80), "WEBP", exif=exif(6)))
    for kind in (b"EXIF", b"abcd", b"ANMF", b"VP8 "):
        more = [riff_chunk(kind, b"")] * (MUCH // 8)
        yield f"WebP of a million empty {kind.decode()}", riff_of(chunks[:1] + more + chunks[1:])
    yield (
        "WebP of a long profile",
        riff_of([*chunks[:1], riff_chunk(b"ICCP", bytes(MUCH)), *chunks[1:]]),
    )


def _animations() -> Iterator[tuple[str, bytes]]:
    numbers = np.random.default_rng(0).integers(0, 256, (FRAMES, 4, 4, 3), np.uint8)
    frames = [Image.fromarray(each) for each in numbers]
    few = [frame.quantize(4) for frame in frames]
    for kind, images in (("GIF", few), ("WEBP", frames), ("PNG", frames)):
        data = encoded(images[0], kind, save_all=True, append_images=images[1:])
        yield f"{kind} of {len(images):,} frames", data
    several = [picture(64, 48, noise) for noise in range(1, 100)]
    data = encoded(several[0], "AVIF", speed=10, save_all=True, append_images=several[1:])
    yield "AVIF of 99 frames", data
    yield (
        "HEIC of 99 pictures",
        encoded(several[0], "HEIF", save_all=True, append_images=several[1:]),
    )


def _bmps() -> Iterator[tuple[str, bytes]]:
    """What each is, and its bytes: as the other functions here."""
    yield "BMP of millions of runs", runs(4000, 4000, b"\1\7" * (MUCH // 2))
    yield "BMP of as many runs as are taken", runs(900, 500, b"\1\7" * 450_000)
    yield "BMP of runs that go far", runs(12_000, 3000, b"\0\2\xff\xff" * 200_000)
