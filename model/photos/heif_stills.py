"""The still picture in HEIC and AVIF bursts and films that no decoder opens.

A burst says by its brand that it is a film. Where the film is missing or damaged, decoders refuse
the whole file, although its primary picture is there.
"""

# What ISO/IEC 23008-12 calls a film, and the same for a still picture.
STILL_BRANDS = {b"msf1": b"mif1", b"hevc": b"heic", b"hevx": b"heix", b"avis": b"avif"}
MOST_BOXES = 1000


def as_still(data: bytes) -> bytes:
    """The file, as long as it was, its film as free space, with the brands of a still picture."""
    changed, place = bytearray(data), 0
    for _ in range(MOST_BOXES):
        size, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        if kind == b"moov":
            changed[place + 4 : place + 8] = b"free"
        elif kind == b"ftyp":
            for at in range(place + 8, min(place + size, len(data)), 4):
                brand = data[at : at + 4]
                changed[at : at + 4] = STILL_BRANDS.get(brand, brand)
        if size == 1:
            size = int.from_bytes(data[place + 8 : place + 16])
        if size < 8:
            break
        place += size
    return bytes(changed)
