"""Photos of things: no kind in both splits, from the folder or as they are downloaded."""

import os
from pathlib import Path

import pytest
import tensorflow_datasets as tfds
from PIL import Image

from model.common.settings import THINGS, Settings
from model.datasets.sources import public_datasets, things
from model.datasets.sources.clothing_photos import SPLITS, Split, UnavailableError
from model.photos import decode

DATASETS_DIR = Path(os.environ.get("DATASETS_DIR") or "")
needs_data = pytest.mark.skipif(
    not os.environ.get("DATASETS_DIR") or not (DATASETS_DIR / THINGS).is_dir(),
    reason="DATASETS_DIR is not set to a folder with things/",
)


def folder_of_things(tmp_path: Path, *lines: str) -> Settings:
    images = tmp_path / THINGS / "images"
    images.mkdir(parents=True)
    for line in lines:
        Image.new("RGB", (30, 20), "teal").save(images / f"{line.partition(',')[0]}.jpg")
    text = "\n".join(["image,split,garment,category", *lines])
    (images.parent / "labels.csv").write_text(text, encoding="utf-8")
    return Settings(datasets_dir=tmp_path, data_dir=tmp_path / "data")


def test_each_split_has_kinds_of_its_own(tmp_path: Path) -> None:
    settings = folder_of_things(
        tmp_path, "ant-1,train,none,ant", "lamp-1,validation,none,lamp", "cup-1,train,none,cup"
    )

    training, validation = (things.rows(split, settings) for split in SPLITS)

    assert [row.category for row in training] == ["ant", "cup"]
    assert [row.category for row in validation] == ["lamp"]
    assert {row.garment for row in training + validation} == {None}


@pytest.mark.parametrize(
    ("line", "split"),
    [
        ("lamp-1,train,none,lamp", "train"),
        ("ant-1,validation,none,ant", "validation"),
        ("ant-1,train,Shirt,ant", "train"),
    ],
)
def test_a_kind_in_the_wrong_split_or_a_garment_is_refused(
    tmp_path: Path, line: str, split: Split
) -> None:
    with pytest.raises(UnavailableError, match=r"-1 \("):
        things.rows(split, folder_of_things(tmp_path, line))


def test_they_are_downloaded_where_there_is_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_datasets, "reach", lambda _: None)
    monkeypatch.setattr(things, "MOST_OF_A_KIND", 2)
    with tfds.testing.mock_data(num_examples=400):
        training, validation = (
            things.rows(split, Settings(data_dir=tmp_path, datasets_dir=None)) for split in SPLITS
        )

    kinds = [{row.category for row in rows} for rows in (training, validation)]
    assert kinds[1] <= things.VALIDATION_KINDS and not kinds[0] & things.VALIDATION_KINDS
    assert not kinds[0] & things.LEFT_OUT
    assert len(kinds[0]) > 40 and len(training) <= 2 * len(kinds[0])
    assert {row.split for row in validation} == {"validation"}
    assert decode.decode(training[0].read()).mode == "RGB"


def test_without_folder_and_connection_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Port 9 of this machine: nothing listens there, so no connection is like it anywhere.
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with pytest.raises(UnavailableError, match="set DATASETS_DIR") as raised:
        things.rows("train", Settings(data_dir=tmp_path, datasets_dir=None))
    assert "\n" not in str(raised.value)


def test_the_names_are_those_of_the_download() -> None:
    names = set(tfds.builder_cls("caltech101")(data_dir="unused").info.features["label"].names)

    assert names >= things.VALIDATION_KINDS | things.LEFT_OUT
    assert len(names - things.LEFT_OUT) == 98 and len(things.VALIDATION_KINDS) == 24


@needs_data
def test_the_folder_itself_holds_98_kinds() -> None:
    settings = Settings(datasets_dir=DATASETS_DIR)
    kinds = [{row.category for row in things.rows(split, settings)} for split in SPLITS]

    assert len(kinds[0]) == 74 and kinds[1] == things.VALIDATION_KINDS
