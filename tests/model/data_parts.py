"""A few plain pictures in the place of the clothing photos, and small shares for a batch."""

from pathlib import Path

from PIL import Image

from model.common.labels import NAMES
from model.datasets import clothing_builder, clothing_photos
from model.datasets.batches import Shares
from model.datasets.clothing_photos import Row
from tests.model.folder_parts import write_folder

SHARES = Shares(
    garment_photos=4,
    other_photos=2,
    pasted=3,
    drawn=2,
    nothing=1,
    empty=4,
    plain=2,
    side=16,
    plain_side=8,
    source_side=24,
)


def clothing_folder(datasets_dir: Path, others: int = 2) -> Path:
    """Clothing photos in a new DATASETS_DIR: of either split one of each class, and some others."""
    photos = [
        (split, name, "Shirt" if name == "Coat" else "", _plain(number))
        for split in clothing_builder.SPLITS
        for number, name in enumerate([*NAMES, *["none"] * others])
    ]
    return write_folder(datasets_dir / "clothing-photos", photos)


def _plain(number: int) -> Image.Image:
    return Image.new("RGB", (30, 40), (20 * number, 90, 200))


def photo_rows(tmp_path: Path, split: str) -> list[Row]:
    """The rows of one split of such photos."""
    return clothing_photos.rows(clothing_folder(tmp_path / "datasets"), split=split)
