"""The clothing photos: a folder of pictures with a labels.csv that says what they show.

The project's come from the public "clothing dataset" (github.com/alexeygrigorev/clothing-dataset,
CC0); any other folder with such a file is read alike. docs/models/data.md says what the columns
mean.
"""

import csv
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.common.labels import NAMES
from model.common.settings import Settings
from model.photos import decode
from model.photos.resizing import stretched

NONE = "none"
Split = Literal["train", "validation"]
SPLITS: tuple[Split, ...] = get_args(Split)
SHOES = "Shoes"  # the clothing photos' label of every shoe, of the ten classes or not
# Labels of training photos that nobody had checked, as they were found to be wrong.
CORRECTIONS = Path(__file__).with_name("clothing_labels.csv")
# An image that is named without one of these is a .jpg.
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".heic")


class UnavailableError(ValueError):
    """The photos or their labels cannot be used; str() says why and what to do, in a sentence."""


def missing(what: str, folder: str) -> UnavailableError:
    """Says that DATASETS_DIR does not hold such photos."""
    return UnavailableError(
        f"There are no {what}: set DATASETS_DIR to a folder with {folder}/, laid out as "
        "docs/models/data.md says."
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A photo and what it shows. `garment` is an index into LABELS, or None for "none of these".

    `data` holds the photo's bytes if they are loaded; otherwise they are in the file `path`.
    `category` says what kind of thing is shown, if the list does: for photos of clothes, its
    source's own label.
    """

    path: Path
    split: str
    garment: int | None
    also_accepted: int | None
    data: bytes | None = field(default=None, repr=False)
    category: str = ""

    def accepts(self, index: int) -> bool:
        """Whether a prediction of this class counts as right."""
        return index in (self.garment, self.also_accepted)

    @property
    def other_shoe(self) -> bool:
        """Whether it shows a shoe outside the ten classes: a pump, a loafer."""
        return self.garment is None and self.category == SHOES

    def read(self) -> bytes:
        """The photo's bytes, encoded as they came. Raises OSError if the file is gone."""
        return self.path.read_bytes() if self.data is None else self.data


def rows(
    folder: Path,
    labels: Path | None = None,
    split: str | None = None,
    *,
    skip_unlabelled: bool = False,
) -> list[Row]:
    """What labels.csv (default: the one in `folder`) says of the photos of one split, or of all.

    The photos are in `folder` or in its images/. Without a column `split`, every photo belongs to
    the split asked for. Raises UnavailableError if a file is missing, or says what cannot be;
    with `skip_unlabelled`, photos whose `garment` is empty are left out instead.
    """
    labels = labels or folder / "labels.csv"
    if not labels.is_file():
        raise UnavailableError(
            f"There is no {labels}: name a folder of photos with its labels.csv."
        )
    found = []
    for where, cells in _lines(labels):
        if skip_unlabelled and not cells["garment"]:
            continue
        own = cells.get("split", split or "")
        if split in (None, own):
            path = _located(where, cells["image"], folder)
            kind = cells.get("category") or cells.get("original_label", "")
            found.append(Row(path, own, *_classes(where, cells), category=kind))
    return found


def available(settings: Settings, split: str) -> list[Row]:
    """What is listed of a split in DATASETS_DIR; none if there are no clothing photos.

    Raises UnavailableError as `rows` does.
    """
    folder = settings.clothing_photos
    return rows(folder, split=split) if folder and folder.is_dir() else []


def corrected(rows: Sequence[Row]) -> list[Row]:
    """The rows, those of the training split with the project's corrections of their labels.

    The data that a model is measured by stays as it came.
    """
    corrections = {cells["image"]: _classes(where, cells) for where, cells in _lines(CORRECTIONS)}

    def correct(row: Row) -> Row:
        if row.split != "train" or row.path.stem not in corrections:
            return row
        garment, also_accepted = corrections[row.path.stem]
        return replace(row, garment=garment, also_accepted=also_accepted)

    return [correct(row) for row in rows]


def accepted(rows: Sequence[Row]) -> NDArray[np.bool_]:
    """Which of the ten classes are right for each row: [n, 10]."""
    classes = range(len(NAMES))
    found = [[row.accepts(index) for index in classes] for row in rows]
    return np.array(found, bool).reshape(len(rows), len(NAMES))


def photo(row: Row) -> Image.Image:
    """A row's photo, decoded as the worker does it. Raises UnavailableError."""
    try:
        return decode.decode(row.read())
    except (OSError, decode.Refused) as error:
        raise UnavailableError(
            f"{row.path} cannot be read as a photo: fix it, or remove its line in labels.csv."
        ) from error


def images(rows: Sequence[Row], size: int) -> NDArray[np.uint8]:
    """The rows' photos, stretched to squares: uint8 [n, size, size, 3].

    Raises UnavailableError for a photo that cannot be read.
    """

    def load(row: Row) -> NDArray[np.uint8]:
        return np.asarray(stretched(photo(row), (size, size)))

    found = np.zeros((len(rows), size, size, 3), np.uint8)
    with ThreadPoolExecutor() as pool:
        for place, image in zip(found, pool.map(load, rows), strict=True):
            place[:] = image
    return found


def _lines(file: Path) -> list[tuple[str, dict[str, str]]]:
    """The lines below the header: each one's place in words, and its cells."""
    try:
        # Spreadsheets put a byte order mark before the first name; "utf-8-sig" leaves it out.
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text)
            stripped = ([cell.strip() for cell in cells] for cells in reader)
            table = [(reader.line_num, cells) for cells in stripped if any(cells)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnavailableError(f"{file} cannot be read: save it as CSV in UTF-8.") from error
    columns = table[0][1] if table else []
    if not {"image", "garment"} <= set(columns):
        raise UnavailableError(
            f"{file} does not name its columns: its first line must hold image and garment, may "
            "hold split and also_accepted, and has commas between them."
        )
    return [
        (f"Line {number} of {file}", dict(zip_longest(columns, cells, fillvalue="")))
        for number, cells in table[1:]
    ]


def _classes(where: str, cells: dict[str, str]) -> tuple[int | None, int | None]:
    garment, also_accepted = cells["garment"], cells.get("also_accepted", "")
    return (
        None if garment == NONE else _index(f"{where}: garment", garment, NONE),
        _index(f"{where}: also_accepted", also_accepted, "nothing") if also_accepted else None,
    )


def _index(where: str, name: str, otherwise: str) -> int:
    if name not in NAMES:
        raise UnavailableError(
            f"{where} is '{name}', which is no class: write {', '.join(NAMES)} or {otherwise}."
        )
    return NAMES.index(name)


def _located(where: str, image: str, folder: Path) -> Path:
    """The file of the photo, which a line names with or without its suffix."""
    name = image if Path(image).suffix.lower() in SUFFIXES else f"{image}.jpg"
    places = (folder / "images", folder)
    for place in places:
        if (place / name).is_file():
            return place / name
    raise UnavailableError(
        f"{where}: there is no {name} in {' or '.join(map(str, places))}: add the photo, or remove "
        "the line."
    )
