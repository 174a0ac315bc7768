"""Folders of photos with a labels.csv, and small shares for a batch of them."""

import csv
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from model.common.labels import NAMES
from model.common.settings import BAGS, THINGS
from model.datasets.sources import clothing_photos
from model.datasets.sources.clothing_photos import Row
from model.training.config import Shares
from tests import drawings

# A photo's split, garment, second accepted class ("" for none), and the photo.
Labelled = tuple[str, str, str, Image.Image]


def write_folder(folder: Path, photos: Iterable[Labelled]) -> Path:
    """The new folder, with the photos in it."""
    (folder / "images").mkdir(parents=True)
    lines = [("image", "split", "garment", "also_accepted")]
    for number, (split, garment, also, photo) in enumerate(photos):
        photo.save(folder / "images" / f"{number}.jpg")
        lines.append((str(number), split, garment, also))
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    return folder


def photo_folder(parent: Path, name: str = "photos") -> Path:
    """Three photos of garments, one of them for training, and one of something else."""
    labels = [
        ("validation", "Shirt", "T-shirt/top"),
        ("validation", "Coat", ""),
        ("validation", "none", ""),
        ("train", "Dress", ""),
    ]
    photos = (Image.new("RGB", (40, 50), (60 * number, 90, 120)) for number in range(len(labels)))
    return write_folder(
        parent / name, [(*label, photo) for label, photo in zip(labels, photos, strict=True)]
    )


SHARES = Shares(
    garment_photos=4,
    other_photos=2,
    pasted=3,
    things=1,
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
        for split in clothing_photos.SPLITS
        for number, name in enumerate([*NAMES, *["none"] * others])
    ]
    return write_folder(datasets_dir / "clothing-photos", photos)


def _plain(number: int) -> Image.Image:
    return Image.new("RGB", (30, 40), (20 * number, 90, 200))


BAG_COLOUR = (150, 40, 60)


def bag_folder(datasets_dir: Path) -> Path:
    """Two bags on white paper in a new DATASETS_DIR/bags: one to train, one kept back."""
    style = drawings.Style(colour=BAG_COLOUR, accent=BAG_COLOUR)
    bag = drawings.draw(NAMES.index("Bag"), 120, style)
    paper = Image.alpha_composite(Image.new("RGBA", bag.size, "white"), bag).convert("RGB")
    images = datasets_dir / BAGS / "images"
    images.mkdir(parents=True)
    names = ("mb01-blue-0", "wb06-red-0")
    for name in names:
        paper.save(images / f"{name}.jpg")
    lines = ["image,garment", *(f"{name},Bag" for name in names)]
    (images.parent / "labels.csv").write_text("\n".join(lines), encoding="utf-8")
    return images.parent


def thing_folder(datasets_dir: Path, of_a_kind: int = 2) -> Path:
    """Plain pictures in a new DATASETS_DIR/things: of two kinds to train, of two to validate."""
    images = datasets_dir / THINGS / "images"
    images.mkdir(parents=True)
    lines = ["image,split,garment,category"]
    kinds = {"ant": "train", "cup": "train", "lamp": "validation", "llama": "validation"}
    for number, (kind, split) in enumerate(kinds.items()):
        for one in range(of_a_kind):
            picture = Image.new("RGB", (40, 30), (60 * number, 250 - 60 * number, 30 * one))
            picture.save(images / f"{kind}-{one}.jpg")
            lines.append(f"{kind}-{one},{split},none,{kind}")
    (images.parent / "labels.csv").write_text("\n".join(lines), encoding="utf-8")
    return images.parent


def photo_rows(tmp_path: Path, split: str) -> list[Row]:
    """The rows of one split of such photos."""
    return clothing_photos.rows(clothing_folder(tmp_path / "datasets"), split=split)
