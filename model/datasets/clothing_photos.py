"""The clothing photos: a folder of pictures with a labels.csv beside it.

The photos come from the public "clothing dataset" (github.com/alexeygrigorev/clothing-dataset,
CC0). labels.csv names for each the split, the class a careful person gives it (`garment`, or
`none`), and perhaps a second class that is also right (`also_accepted`).
"""

import csv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model import photo
from model.labels import NAMES

NONE = "none"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of labels.csv. `garment` is an index into LABELS, or None for "none of these"."""

    path: Path
    split: str
    garment: int | None
    also_accepted: int | None

    def accepts(self, index: int) -> bool:
        """Whether a prediction of this class counts as right."""
        return index in (self.garment, self.also_accepted)


def rows(folder: Path, labels: Path | None = None, split: str | None = None) -> list[Row]:
    """The rows of labels.csv (default: the one in `folder`), of one split or of all.

    Raises ValueError, in a sentence, where the file is missing or says what cannot be.
    """
    labels = labels or folder / "labels.csv"
    if not labels.is_file():
        raise ValueError(f"There is no {labels}: name a folder of photos with its labels.csv.")
    with labels.open(encoding="utf-8", newline="") as file:
        found = list(_read(csv.DictReader(file), folder, labels))
    return [row for row in found if split in (None, row.split)]


def images(rows: list[Row], size: int) -> NDArray[np.uint8]:
    """The rows' photos, stretched to squares: uint8 [n, size, size, 3]."""

    def load(row: Row) -> NDArray[np.uint8]:
        image = photo.decode(row.path.read_bytes())
        return np.asarray(image.resize((size, size), Image.Resampling.BILINEAR))

    with ThreadPoolExecutor() as pool:
        return np.stack(list(pool.map(load, rows)))


def _read(reader: "csv.DictReader[str]", folder: Path, labels: Path) -> Iterator[Row]:
    for number, line in enumerate(reader, start=2):
        try:
            yield Row(
                path=folder / "images" / f"{line['image']}.jpg",
                split=line["split"],
                garment=None if line["garment"] == NONE else NAMES.index(line["garment"]),
                also_accepted=NAMES.index(line["also_accepted"]) if line["also_accepted"] else None,
            )
        except (KeyError, ValueError) as error:
            raise ValueError(
                f"Line {number} of {labels} lacks image, split, garment or also_accepted, "
                f"or names a class that we do not know."
            ) from error
