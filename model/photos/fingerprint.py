"""The fingerprint of a photo, by which near-duplicates are told."""

from itertools import pairwise

from PIL import Image

SIDE = 8


def fingerprint(photo: Image.Image) -> str:
    """The photo's difference hash, across and down: 128 bits as 32 hexadecimal digits.

    Each bit says whether one of 8 x 8 fields is brighter than its neighbour to the left, or above
    (dHash, Krawetz 2013, https://www.hackerfactor.com/blog/?/archives/529-Kind-of-Like-That.html).
    It survives another size, quality and brightness, but not a crop or a turn.
    """
    grey = photo.convert("L")
    across = grey.resize((SIDE + 1, SIDE), Image.Resampling.BOX)
    down = grey.resize((SIDE, SIDE + 1), Image.Resampling.BOX).transpose(Image.Transpose.TRANSPOSE)
    bits, width = 0, SIDE + 1
    for pixels in (across.tobytes(), down.tobytes()):
        for start in range(0, len(pixels), width):
            for before, after in pairwise(pixels[start : start + width]):
                bits = bits << 1 | (after > before)
    return f"{bits:032x}"
