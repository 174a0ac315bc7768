"""labels.csv is read with care: what it says wrongly is named by its line."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.common.labels import NAMES
from model.datasets.sources import clothing_photos
from model.datasets.sources.clothing_photos import CORRECTIONS, NONE, Row, UnavailableError
from model.photos.decode import register_heif

PHOTOS = Path(os.environ.get("DATASETS_DIR") or "", "clothing-photos")
needs_data = pytest.mark.skipif(
    not os.environ.get("DATASETS_DIR") or not PHOTOS.is_dir(),
    reason="DATASETS_DIR is not set to a folder with clothing-photos/",
)

HEADER = "image,split,garment,also_accepted,checked\n"
SHIRT, COAT, PULLOVER = (NAMES.index(name) for name in ("Shirt", "Coat", "Pullover"))


def folder(tmp_path: Path, lines: str, header: str = HEADER) -> Path:
    (tmp_path / "images").mkdir()
    for name in ("a", "b", "c"):
        Image.new("RGB", (40, 60), (200, 30, 30)).save(tmp_path / "images" / f"{name}.jpg")
    (tmp_path / "labels.csv").write_text(header + lines, encoding="utf-8")
    return tmp_path


def lines_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_rows_and_images(tmp_path: Path) -> None:
    where = folder(
        tmp_path,
        "a,train,Shirt,,yes\nb,validation,Coat,Pullover,yes\nc,validation,none,,yes\n",
    )

    rows = clothing_photos.rows(where, split="validation")

    assert [row.path.name for row in rows] == ["b.jpg", "c.jpg"]
    assert rows[0].accepts(COAT) and rows[0].accepts(PULLOVER)
    assert not rows[0].accepts(SHIRT)
    assert rows[1].garment is None
    pixels = clothing_photos.images(rows, 16)
    assert pixels.shape == (2, 16, 16, 3)
    assert pixels[0, 8, 8].astype(int) == pytest.approx([200, 30, 30], abs=6)


def test_all_splits_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    rows = clothing_photos.rows(folder(tmp_path, "c,train,Shirt,,\na,validation,Coat,,\n"))

    assert [(row.path.stem, row.split) for row in rows] == [("c", "train"), ("a", "validation")]


@pytest.mark.parametrize("line", ["a,train,Hat,,yes\n", "a,train,Shirt,Hat,yes\n"])
def test_an_unknown_class_is_named_by_its_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(ValueError, match=r"^Line 2 .*'Hat'.*T-shirt/top, .*, Ankle boot or"):
        clothing_photos.rows(folder(tmp_path, line))


def test_no_labels_at_all(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"There is no .*labels\.csv"):
        clothing_photos.rows(tmp_path)


@pytest.mark.parametrize("place", ["", "images"])
@pytest.mark.parametrize("suffix", [".jpg", ".jpeg", ".JPG", ".png", ".webp", ".heic"])
def test_a_list_of_ones_own_names_files_as_they_are(
    tmp_path: Path, place: str, suffix: str
) -> None:
    photo = tmp_path / place / f"my.photo{suffix}"
    photo.parent.mkdir(exist_ok=True)
    register_heif()
    Image.new("RGB", (40, 60), (200, 30, 30)).save(photo)
    (tmp_path / "mine.csv").write_text(f"garment,image\nShirt,{photo.name}\n", encoding="utf-8")

    rows = clothing_photos.rows(tmp_path, tmp_path / "mine.csv", "validation")

    assert rows == [Row(photo, "validation", SHIRT, None)]
    pixels = clothing_photos.images(rows, 8)
    assert pixels[0, 4, 4].astype(int) == pytest.approx([200, 30, 30], abs=8)


@pytest.mark.parametrize("split", ["validation", None])
def test_without_splits_every_photo_is_of_the_one_asked_for(
    tmp_path: Path, split: str | None
) -> None:
    where = folder(tmp_path, "a,Shirt\nb,none\n", header="image,garment\n")

    assert [row.split for row in clothing_photos.rows(where, split=split)] == [split or ""] * 2


def test_a_line_that_ends_early_is_of_no_split(tmp_path: Path) -> None:
    where = folder(tmp_path, "a,Shirt\nb,Shirt,train\n", header="image,garment,split\n")

    assert [row.path.stem for row in clothing_photos.rows(where, split="train")] == ["b"]


def test_what_spreadsheets_leave_is_read(tmp_path: Path) -> None:
    # A byte order mark, lines without anything in them, spaces around what is said.
    header = "\ufeff" + HEADER.replace(",", " , ")
    where = folder(tmp_path, "\r\na, train ,Shirt,,\r\n,,,,\r\n\r\nb,train,Coat,,\r\n", header)

    assert [row.garment for row in clothing_photos.rows(where, split="train")] == [SHIRT, COAT]


def test_a_missing_photo_is_named_by_its_line(tmp_path: Path) -> None:
    where = folder(tmp_path, "a,train,Shirt,,\n\ngone,train,Coat,,\n")

    with pytest.raises(UnavailableError, match=r"^Line 4 of .*labels\.csv: .* no gone\.jpg"):
        clothing_photos.rows(where)


@pytest.mark.parametrize("header", ["", "image;garment\n", "image,label\n", "garment\n"])
def test_columns_that_are_missing_are_named(tmp_path: Path, header: str) -> None:
    with pytest.raises(UnavailableError, match=r"labels\.csv .* image and garment"):
        clothing_photos.rows(folder(tmp_path, "", header))


def test_what_is_no_utf8_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text(HEADER + "señal,train,Shirt,,\n", encoding="latin-1")

    with pytest.raises(UnavailableError, match="UTF-8"):
        clothing_photos.rows(tmp_path)


def test_a_photo_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    where = folder(tmp_path, "a,train,Shirt,,\n")
    (where / "images" / "a.jpg").write_bytes(b"no photo")

    with pytest.raises(UnavailableError, match=r"a\.jpg cannot be read"):
        clothing_photos.images(clothing_photos.rows(where), 8)


def test_bytes_at_hand_are_taken_instead_of_the_file(tmp_path: Path) -> None:
    Image.new("RGB", (10, 10), "white").save(tmp_path / "white.png")
    row = Row(Path("gone.jpg"), "train", 0, None, (tmp_path / "white.png").read_bytes())

    assert (clothing_photos.images([row], 4) == 255).all()


def test_corrections_are_for_the_training_split_alone() -> None:
    first = lines_of(CORRECTIONS)[0]
    bag = NAMES.index("Bag")
    rows = [
        Row(Path(f"{image}.jpg"), split, bag, None, b"photo")
        for image, split in [
            (first["image"], "train"),
            (first["image"], "validation"),
            ("x", "train"),
        ]
    ]

    corrected = clothing_photos.corrected(rows)

    assert corrected[1:] == rows[1:]
    assert (corrected[0].path, corrected[0].data) == (rows[0].path, b"photo")
    garment, also_accepted = (corrected[0].garment, corrected[0].also_accepted)
    assert garment is not None and NAMES[garment] == first["garment"]
    assert also_accepted is not None and NAMES[also_accepted] == first["also_accepted"]


def test_the_corrections_name_known_classes_each_photo_once_and_in_order() -> None:
    lines = lines_of(CORRECTIONS)
    images = [line["image"] for line in lines]

    assert len(lines) > 300
    assert images == sorted(set(images))
    for line in lines:
        assert line.keys() == {"image", "garment", "also_accepted"}
        assert line["garment"] in (*NAMES, NONE), line
        assert line["also_accepted"] in (*NAMES, ""), line
        assert line["also_accepted"] != line["garment"], line


@needs_data
def test_every_correction_changes_an_unchecked_training_label() -> None:
    labels = {line["image"]: line for line in lines_of(PHOTOS / "labels.csv")}

    for line in lines_of(CORRECTIONS):
        label = labels[line["image"]]
        assert (label["split"], label["checked"]) == ("train", "no"), line
        assert any(label[column] != line[column] for column in ("garment", "also_accepted")), line


@needs_data
def test_the_corrections_reach_the_training_photos() -> None:
    rows = clothing_photos.rows(PHOTOS)
    changed = np.array([a != b for a, b in zip(rows, clothing_photos.corrected(rows), strict=True)])

    assert changed.sum() == len(lines_of(CORRECTIONS))
