"""A few drawn pictures in the place of both data sets, and small shares of them in a batch."""

from pathlib import Path

import numpy as np
from PIL import Image

from model.datasets import clothing_photos
from model.datasets.clothing_photos import Row
from model.datasets.mixture import Shares
from model.labels import LABELS, NAMES

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


def garments(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures like Fashion-MNIST's, with labels of all classes in turn."""
    random = np.random.default_rng(0)
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 6:22, 6:22] = random.integers(60, 255, (count, 16, 16))
    return images, np.arange(count) % len(LABELS)


def photo_folder(datasets_dir: Path, others: int = 2) -> Path:
    """Clothing photos in a new DATASETS_DIR: of either split one of each class, and some others."""
    folder = datasets_dir / "clothing-photos"
    (folder / "images").mkdir(parents=True)
    lines = ["image,split,garment,also_accepted"]
    for split in ("train", "validation"):
        for number, name in enumerate([*NAMES, *["none"] * others]):
            stem = f"{split}-{number}"
            photo = Image.new("RGB", (30, 40), (20 * number, 90, 200))
            photo.save(folder / "images" / f"{stem}.jpg")
            also = "Shirt" if name == "Coat" else ""
            lines.append(f"{stem},{split},{name},{also}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def photo_rows(tmp_path: Path, split: str) -> list[Row]:
    """The rows of one split of such photos."""
    return clothing_photos.rows(photo_folder(tmp_path / "datasets"), split=split)
