"""How much may be unpacked of a file: so much that it takes 1 s of a core and 512 MB at most.

The 512 MB are those of a whole process that has Pillow and NumPy loaded and holds the file. The
figures below were measured with files made for it; `python -m tests.fuzz` tries them all.
"""

from dataclasses import dataclass

from model.photos.screening.refusals import damaged, too_large, too_much

# As estimated below, and as measured while a decoder asks for more of the file. What is left of the
# second is for what comes after decoding, and for slower and busier machines.
SECONDS = 0.75

# Uncompressed, the largest picture is 108 MB. Telegram gives a bot 20 MB.
MOST_BYTES = 128_000_000
# Of a picture as it is packed, before any conversion.
MOST_UNPACKED_BYTES = 150_000_000

# In a structure that is walked in Python: chunks, segments, boxes. Real ones have a few hundred,
# or a few thousand where the pixels come in pieces.
MOST_PARTS = 20_000
# Of one note: EXIF, where the orientation is. It is 64 kB in a JPEG, by its format.
MOST_NOTE_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Limit:
    """What may be unpacked of one sort of file.

    `pixels` is as many as fit the memory; `per_pixel` and `per_byte` are the nanoseconds of a core
    for a pixel of the picture and for a byte of its file.
    """

    pixels: int
    per_pixel: float
    per_byte: float

    def check(self, width: int, height: int, size: int, *, times: float = 1.0) -> None:
        """Raise Refused for a picture (px) with a file of `size` bytes, if it is beyond.

        `times` is how often each pixel is gone over.
        """
        if width <= 0 or height <= 0:
            raise damaged()
        pixels = width * height
        if pixels > self.pixels:
            raise too_large(self.pixels)
        if pixels * times * self.per_pixel + size * self.per_byte > SECONDS * 1e9:
            raise too_much()


JPEG = Limit(pixels=144_000_000, per_pixel=1.5, per_byte=12)
# Where the pixels come in several scans, each goes over them again. `times` is the number of scans.
JPEG_SCANS = Limit(pixels=100_000_000, per_pixel=0.37, per_byte=30)
PNG = Limit(pixels=36_000_000, per_pixel=15.0, per_byte=8)
GIF = Limit(pixels=64_000_000, per_pixel=5.0, per_byte=6)
BMP = Limit(pixels=36_000_000, per_pixel=5.0, per_byte=0.5)
TIFF = Limit(pixels=36_000_000, per_pixel=9.0, per_byte=3)
# A decoder that gets the whole file at once is not interrupted, so that a byte costs here what it
# can cost at most: for Deflate, one of tables that no pixel needs, for LZW, one that clears them.
TIFF_DEFLATE = Limit(pixels=36_000_000, per_pixel=9.0, per_byte=75)
TIFF_LZW = Limit(pixels=36_000_000, per_pixel=9.0, per_byte=12)
WEBP = Limit(pixels=36_000_000, per_pixel=13.0, per_byte=50)
WEBP_TRANSPARENT = Limit(pixels=36_000_000, per_pixel=20.0, per_byte=55)
WEBP_LOSSLESS = Limit(pixels=34_000_000, per_pixel=16.0, per_byte=30)
# `times` counts the pixels of the transparency as well, and those of tiles that reach beyond.
AVIF = Limit(pixels=36_000_000, per_pixel=14.0, per_byte=55)
HEIF = Limit(pixels=36_000_000, per_pixel=18.0, per_byte=100)
# Of more than eight bits, with colours at their full size, or transparent: more memory, more time.
AVIF_DEEP = Limit(pixels=24_000_000, per_pixel=20.0, per_byte=55)
HEIF_DEEP = Limit(pixels=24_000_000, per_pixel=40.0, per_byte=100)

# By Pillow's name for the format.
MOST_PIXELS = {
    **{"JPEG": JPEG.pixels, "PNG": PNG.pixels, "GIF": GIF.pixels, "BMP": BMP.pixels},
    **{"TIFF": TIFF.pixels, "WEBP": WEBP.pixels, "AVIF": AVIF.pixels, "HEIF": HEIF.pixels},
}
