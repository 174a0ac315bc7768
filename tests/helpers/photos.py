"""Files of photos, also such that Pillow reads but does not write."""

import io
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.photos.decode import register_heif

Pixel = tuple[int, int, int]

RED, GREEN, BLUE, WHITE = (210, 30, 30), (30, 190, 40), (30, 40, 210), (250, 250, 250)

register_heif()  # to write such files


def picture(
    colour: str | Pixel = "red", size: tuple[int, int] = (640, 480), form: str = "JPEG"
) -> bytes:
    """A file with a picture of one colour."""
    return encoded(Image.new("RGB", size, colour), form)


def gradient(size: tuple[int, int] = (640, 480), form: str = "JPEG", **options: object) -> bytes:
    """A file with a picture that does not compress to nothing."""
    return encoded(Image.linear_gradient("L").resize(size).convert("RGB"), form, **options)


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def pixel(image: Image.Image, x: int, y: int) -> Pixel:
    red, green, blue = np.asarray(image)[y, x].tolist()
    return red, green, blue


def halves(width: int = 40, height: int = 20) -> Image.Image:
    """Red above, blue below."""
    image = Image.new("RGB", (width, height), (255, 0, 0))
    image.paste((0, 0, 255), (0, height // 2, width, height))
    return image


def quarters(width: int = 64, height: int = 32) -> Image.Image:
    """Red and green above, blue and white below: no turn leaves it as it is."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    image.paste(WHITE, (width // 2, height // 2, width, height))
    return image


def colours(image: Image.Image) -> list[Pixel]:
    """The colours in the middles of the four quarters, in the order of reading."""
    return [
        pixel(image, image.width * x // 4, image.height * y // 4)
        for x, y in ((1, 1), (3, 1), (1, 3), (3, 3))
    ]


def near(found: Pixel, wanted: Pixel, tolerance: int = 12) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(found, wanted, strict=True))


def is_upright(image: Image.Image) -> bool:
    """Whether it shows `quarters` as it was drawn."""
    upright = zip(colours(image), (RED, GREEN, BLUE, WHITE), strict=True)
    return image.width > image.height and all(near(*pair, 30) for pair in upright)


def stored_for(orientation: int, image: Image.Image) -> Image.Image:
    """How a camera held that way lays the picture down, so that the orientation sets it upright."""
    methods = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return image if orientation == 1 else image.transpose(methods[orientation])


def exif(orientation: int) -> bytes:
    found = Image.Exif()
    found[0x0112] = orientation
    return found.tobytes()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int, height: int, *, depth: int, colour: int, row: bytes = b"", more: bytes = b""
) -> bytes:
    """A PNG of `height` times the same row, after the chunks `more`; without `row`, only a head."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(b"\0" + row) for _ in range(height)) if row else b""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IDAT", packed + packer.flush()) + chunk(b"IEND", b"") if row else b"\0\0\0\0IDAT"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + body


def tiff(values: NDArray[np.uint16]) -> bytes:
    """A TIFF of 16 bits a channel, [height, width, 3]."""
    height, width, channels = values.shape
    data = values.astype("<u2").tobytes()
    entries = [
        *((256, 4, 1, width), (257, 4, 1, height), (258, 3, channels, 8 + len(data))),
        *((259, 3, 1, 1), (262, 3, 1, 2), (273, 4, 1, 8), (277, 3, 1, channels)),
        *((278, 4, 1, height), (279, 4, 1, len(data))),
    ]
    bits = struct.pack(f"<{channels}H", *[16] * channels)
    directory = struct.pack("<H", len(entries))
    directory += b"".join(struct.pack("<HHII", *entry) for entry in entries) + bytes(4)
    return b"II*\0" + struct.pack("<I", 8 + len(data) + len(bits)) + data + bits + directory
