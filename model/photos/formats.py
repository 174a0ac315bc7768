"""The formats that are opened, told by a file's first bytes, and how many pixels each may have."""

from model.photos.refusals import no_picture, too_much

# How a file begins, by Pillow's name for its format.
SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
)
# Of the family of ISO/IEC 23008-12, by the brands that a file names.
AVIF_BRANDS = frozenset({b"avif", b"avis"})
HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)
MOST_BRANDS = 32

# As many as fit the decoder's memory, unpacked by the quickest file of the format in its time
# (`python -m tests.fuzz`). A JPEG is unpacked at a fraction of its size.
MOST_PIXELS = {
    **{"JPEG": 144_000_000, "GIF": 64_000_000, "PNG": 36_000_000, "BMP": 36_000_000},
    **{"TIFF": 36_000_000, "WEBP": 36_000_000, "AVIF": 36_000_000, "HEIF": 36_000_000},
}
FORMATS = tuple(MOST_PIXELS)

# Uncompressed, the largest picture is 108 MB. Telegram gives a bot 20 MB.
MOST_BYTES = 128_000_000


def format_of(data: bytes) -> str:
    """The file's format by Pillow's name, one of FORMATS; Refused if it is none of them."""
    if len(data) > MOST_BYTES:
        raise too_much()
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    brands = _brands(data)
    if brands & AVIF_BRANDS and not brands & HEIF_BRANDS - {b"mif1", b"msf1"}:
        return "AVIF"
    if brands & HEIF_BRANDS:
        return "HEIF"
    raise no_picture()


def _brands(data: bytes) -> set[bytes]:
    if data[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(data[:4]), len(data), 16 + 4 * MOST_BRANDS)
    return {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}
