"""Bags: the same bag is never in both splits, and their licence is next to them."""

import os
from pathlib import Path

import pytest
from PIL import Image

from model.common.settings import BAGS, Settings
from model.datasets.sources import bags
from model.datasets.sources.clothing_photos import UnavailableError

DATASETS_DIR = Path(os.environ.get("DATASETS_DIR") or "")
needs_data = pytest.mark.skipif(
    not os.environ.get("DATASETS_DIR") or not (DATASETS_DIR / BAGS).is_dir(),
    reason="DATASETS_DIR is not set to a folder with bags/",
)


def test_a_bag_is_kept_back_in_all_its_colours_and_from_all_sides(tmp_path: Path) -> None:
    images = tmp_path / BAGS / "images"
    images.mkdir(parents=True)
    names = ["wb06-red-0", "wb06-red-0_alt1", "wb06-blue-0", "mb01-blue-0"]
    for name in names:
        Image.new("RGB", (20, 30), "white").save(images / f"{name}.jpg")
    lines = ["image,garment", *(f"{name},Bag" for name in names)]
    (images.parent / "labels.csv").write_text("\n".join(lines), encoding="utf-8")

    training, validation = (
        bags.rows(split, Settings(datasets_dir=tmp_path)) for split in ("train", "validation")
    )

    assert [row.path.stem for row in training] == ["mb01-blue-0"]
    assert [row.path.stem for row in validation] == names[:3]
    assert {row.garment for row in training + validation} == {bags.BAG}
    assert {row.split for row in validation} == {"validation"}


@pytest.mark.parametrize("datasets_dir", [None, "elsewhere"])
def test_without_a_folder_it_says_what_to_do(datasets_dir: str | None) -> None:
    settings = Settings(datasets_dir=Path(datasets_dir) if datasets_dir else None)
    with pytest.raises(UnavailableError, match="set DATASETS_DIR"):
        bags.rows("train", settings)


@needs_data
def test_of_the_seventeen_four_are_kept_back() -> None:
    settings = Settings(datasets_dir=DATASETS_DIR)

    assert [len(bags.rows(split, settings)) for split in ("train", "validation")] == [13, 4]
    assert settings.bags is not None
    assert "Academic Free License" in (settings.bags / "LICENSE_AFL.txt").read_text("latin-1")
