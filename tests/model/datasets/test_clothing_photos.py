"""labels.csv is read with care: what it says wrongly is named by its line."""

from pathlib import Path

import pytest
from PIL import Image

from model.datasets import clothing_photos
from model.labels import NAMES

HEADER = "image,split,garment,also_accepted,checked\n"


def folder(tmp_path: Path, lines: str) -> Path:
    (tmp_path / "images").mkdir()
    for name in ("a", "b", "c"):
        Image.new("RGB", (40, 60), (200, 30, 30)).save(tmp_path / "images" / f"{name}.jpg")
    (tmp_path / "labels.csv").write_text(HEADER + lines, encoding="utf-8")
    return tmp_path


def test_rows_and_images(tmp_path: Path) -> None:
    where = folder(
        tmp_path,
        "a,train,Shirt,,yes\nb,validation,Coat,Pullover,yes\nc,validation,none,,yes\n",
    )

    rows = clothing_photos.rows(where, split="validation")

    assert [row.path.name for row in rows] == ["b.jpg", "c.jpg"]
    assert rows[0].accepts(NAMES.index("Coat")) and rows[0].accepts(NAMES.index("Pullover"))
    assert not rows[0].accepts(NAMES.index("Shirt"))
    assert rows[1].garment is None
    pixels = clothing_photos.images(rows, 16)
    assert pixels.shape == (2, 16, 16, 3)
    assert pixels[0, 8, 8].astype(int) == pytest.approx([200, 30, 30], abs=6)


@pytest.mark.parametrize("line", ["a,train,Hat,,yes\n", "a,train,Shirt,Sock,yes\n"])
def test_an_unknown_class_is_named_by_its_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(ValueError, match="Line 2"):
        clothing_photos.rows(folder(tmp_path, line))


def test_no_labels_at_all(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"labels\.csv"):
        clothing_photos.rows(tmp_path)
