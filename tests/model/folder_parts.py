"""Folders of photos with a labels.csv."""

import csv
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

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
