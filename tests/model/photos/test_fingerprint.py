"""Near-duplicates have near fingerprints; photos of other things have not."""

import io

import numpy as np
from PIL import Image, ImageEnhance

from model.common.corrections.split import BITS, NEAR, distance
from model.photos.fingerprint import fingerprint


def photo(seed: int) -> Image.Image:
    """Soft blobs, as a photo has them."""
    small = np.random.default_rng(seed).integers(0, 256, (6, 5, 3), np.uint8)
    return Image.fromarray(small).resize((300, 400), Image.Resampling.BICUBIC)


def again(image: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file)


def test_the_same_photo_in_other_bytes_is_near() -> None:
    original = photo(0)
    assert len(fingerprint(original)) * 4 == BITS
    for other in (
        again(original, 50),
        original.resize((150, 200)),
        ImageEnhance.Brightness(original).enhance(1.1),
        original.convert("L"),
    ):
        assert distance(fingerprint(original), fingerprint(other)) <= NEAR


def test_other_photos_are_far() -> None:
    prints = [fingerprint(photo(seed)) for seed in range(40)]
    far = [distance(one, other) for one in prints for other in prints if one != other]
    assert min(far) > 4 * NEAR


def test_both_directions_count() -> None:
    ramp = Image.linear_gradient("L")
    assert distance(fingerprint(ramp), fingerprint(ramp.rotate(90))) > BITS // 4
