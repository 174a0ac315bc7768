"""How near the fingerprints of distinct photos are, and of copies of one photo.

`python -m tests.bench.training.bench_fingerprint [PHOTOS]` prints, for so many clothing photos, how
many pairs count as near-duplicates, and how many of the copies do. It wants DATASETS_DIR.
"""

import io
import sys
from collections.abc import Callable
from itertools import combinations
from random import Random

from PIL import Image, ImageEnhance

from model.common.corrections.split import NEAR, distance
from model.common.settings import Settings
from model.datasets.sources import clothing_photos
from model.photos.decode import decode
from model.photos.fingerprint import fingerprint
from model.serving.corrections import thumbnail

COPIED = 150  # photos of which copies are made


def jpeg(photo: Image.Image, quality: int) -> Image.Image:
    """The photo once more as a JPEG."""
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=quality)
    return Image.open(file)


def cropped(photo: Image.Image) -> Image.Image:
    """The photo without its left and upper fiftieth."""
    return photo.crop((photo.width // 50, photo.height // 50, *photo.size))


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "JPEG of quality 60": lambda photo: jpeg(photo, 60),
    "half the size": lambda photo: photo.resize((photo.width // 2, photo.height // 2)),
    "brighter by a fifth": lambda photo: ImageEnhance.Brightness(photo).enhance(1.2),
    "cropped by 2%": cropped,
}


def main() -> None:
    """Print the counts."""
    folder = Settings().clothing_photos
    if folder is None or not folder.is_dir():
        raise SystemExit("DATASETS_DIR is not set: name the folder of the data sets.")
    count = int(sys.argv[1]) if sys.argv[1:] else 600
    rows = Random(0).sample(clothing_photos.rows(folder, split="train"), count)
    photos = [decode(thumbnail(decode(row.read()))) for row in rows]
    prints = [fingerprint(photo) for photo in photos]
    distances = [distance(*pair) for pair in combinations(prints, 2)]
    close = sum(each <= NEAR for each in distances)
    print(f"{close} of {len(distances):,} pairs of photos are near-duplicates")
    for name, copy in COPIES.items():
        pairs = zip(photos[:COPIED], prints, strict=False)
        hits = sum(distance(fingerprint(copy(photo)), print_) <= NEAR for photo, print_ in pairs)
        print(f"{hits} of {min(COPIED, count)} copies: {name}")


if __name__ == "__main__":
    main()
