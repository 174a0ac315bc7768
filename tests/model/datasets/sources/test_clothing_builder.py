"""The clothing photos as they are prepared for training: whole, in order, and never stale."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tensorflow_datasets as tfds
from PIL import Image

from model.common.labels import NAMES
from model.common.settings import CLOTHING_PHOTOS, MORE_CLOTHING_PHOTOS, Settings
from model.datasets.sources import clothing_builder, clothing_photos
from model.datasets.sources.clothing_builder import ClothingPhotos
from model.datasets.sources.clothing_photos import NONE, Row, UnavailableError
from model.photos import decode
from model.photos.resizing import stretched

DATASETS_DIR = Path(os.environ.get("DATASETS_DIR") or "")
needs_data = pytest.mark.skipif(
    not os.environ.get("DATASETS_DIR") or not (DATASETS_DIR / CLOTHING_PHOTOS).is_dir(),
    reason="DATASETS_DIR is not set to a folder with clothing-photos/",
)

# Many enough that another order than the file's shows.
TRAINING = [f"{number:02}" for number in range(20, 0, -1)]
VALIDATION = ["v2", "v1"]
ORIENTATION = 0x0112


def picture(colour: str, turned: bool = False) -> bytes:
    """A JPEG, white to the left; `turned` has it stored on its side, with a note that says so."""
    image = Image.new("RGB", (60, 40), colour)
    image.paste("white", (0, 0, 20, 40))
    file = io.BytesIO()
    exif = Image.Exif()
    if turned:
        image, exif[ORIENTATION] = image.transpose(Image.Transpose.ROTATE_90), 6
    image.save(file, "JPEG", exif=exif)
    return file.getvalue()


def write_labels(folder: Path, first: str = "Shirt,Coat") -> None:
    """The first training photo is labelled `first`, the second as none, all others as dresses."""
    labels = [first, f"{NONE},", *["Dress,"] * (len(TRAINING) - 2)]
    lines = [f"{image},train,{label}" for image, label in zip(TRAINING, labels, strict=True)]
    lines += [f"{image},validation,Trouser,Dress" for image in VALIDATION]
    text = "\n".join(["image,split,garment,also_accepted", *lines]) + "\n"
    (folder / "labels.csv").write_text(text, encoding="utf-8")


@pytest.fixture
def corrections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of corrections, without any."""
    file = tmp_path / "corrections.csv"
    file.write_text("image,garment,also_accepted\n", encoding="utf-8")
    monkeypatch.setattr(clothing_photos, "CORRECTIONS", file)
    return file


@pytest.fixture
def settings(tmp_path: Path, corrections: Path) -> Settings:
    """Settings with a DATASETS_DIR of small photos, and an empty DATA_DIR."""
    images = tmp_path / "datasets" / CLOTHING_PHOTOS / "images"
    images.mkdir(parents=True)
    for number, image in enumerate(TRAINING + VALIDATION):
        (images / f"{image}.jpg").write_bytes(picture("navy", turned=number % 2 == 1))
    write_labels(images.parent)
    return Settings(data_dir=tmp_path / "data", datasets_dir=tmp_path / "datasets")


def folder(settings: Settings) -> Path:
    assert settings.datasets_dir is not None
    return settings.datasets_dir / CLOTHING_PHOTOS


def names(row: Row) -> tuple[str | None, str | None]:
    garment, also = (
        None if index is None else NAMES[index] for index in (row.garment, row.also_accepted)
    )
    return garment, also


def prepared(settings: Settings) -> list[Path]:
    return list((settings.data_dir / "tensorflow_datasets").glob("clothing_photos/*/1.1.0"))


def test_examples_are_the_photos_of_labels_csv_in_its_order(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    training = clothing_builder.examples("train", settings)
    validation = clothing_builder.examples("validation", settings)

    assert [row.path.stem for row in training] == TRAINING
    assert [row.path.stem for row in validation] == VALIDATION
    assert [names(row) for row in training[:3]] == [
        ("Shirt", "Coat"),
        (None, None),
        ("Dress", None),
    ]
    assert [names(row) for row in validation] == [("Trouser", "Dress")] * 2
    assert {row.split for row in training} == {"train"}
    assert {row.split for row in validation} == {"validation"}
    for row in training + validation:
        assert row.read() == (folder(settings) / "images" / row.path.name).read_bytes()
    assert capsys.readouterr().out == ""


def test_photos_are_decoded_as_the_bots_are(settings: Settings) -> None:
    training = clothing_builder.examples("train", settings)

    pixels = clothing_photos.images(training, 12)

    # Every other one lies on its side, which TensorFlow's decoder would not see.
    assert (pixels[:, 6, 1] > 240).all() and (pixels[:, 6, -2] < 160).all()
    upright = stretched(decode.decode(training[1].read()), (12, 12))
    assert (pixels[1] == np.asarray(upright)).all()


def test_corrections_reach_the_training_split_alone(settings: Settings, corrections: Path) -> None:
    lines = [f"{TRAINING[2]},Coat,Pullover", f"{VALIDATION[0]},Bag,"]
    corrections.write_text("\n".join(["image,garment,also_accepted", *lines]), encoding="utf-8")

    training = clothing_builder.examples("train", settings)
    validation = clothing_builder.examples("validation", settings)

    assert names(training[2]) == ("Coat", "Pullover")
    assert names(training[3]) == ("Dress", None)
    assert names(validation[0]) == ("Trouser", "Dress")


def test_the_sources_own_label_comes_with_a_photo(settings: Settings) -> None:
    labels = folder(settings) / "labels.csv"
    header, *lines = labels.read_text(encoding="utf-8").splitlines()
    labelled = [f"{header},original_label", *(f"{line},Dress" for line in lines)]
    labelled[1:4] = [
        f"{TRAINING[0]},train,none,,Shoes",
        f"{TRAINING[1]},train,Sneaker,,Shoes",
        f"{TRAINING[2]},train,none,,Shorts",
    ]
    labels.write_text("\n".join(labelled), encoding="utf-8")

    training = clothing_builder.examples("train", settings)

    assert [row.category for row in training[:4]] == ["Shoes", "Shoes", "Shorts", "Dress"]
    assert [row.other_shoe for row in training[:4]] == [True, False, False, False]
    assert [row.other_shoe for row in clothing_photos.rows(folder(settings))[:2]] == [True, False]


def test_what_did_not_change_is_prepared_once(settings: Settings) -> None:
    clothing_builder.examples("train", settings)
    times = [file.stat().st_mtime_ns for file in prepared(settings)[0].iterdir()]

    clothing_builder.examples("validation", settings)

    assert len(prepared(settings)) == 1
    assert [file.stat().st_mtime_ns for file in prepared(settings)[0].iterdir()] == times


def relabel(settings: Settings, _: Path) -> None:
    write_labels(folder(settings), first="Bag,")


def correct(_: Settings, corrections: Path) -> None:
    with corrections.open("a", encoding="utf-8") as file:
        file.write(f"{TRAINING[0]},Bag,\n")


@pytest.mark.parametrize("change", [relabel, correct])
def test_changed_labels_are_never_stale(
    settings: Settings, corrections: Path, change: Callable[[Settings, Path], None]
) -> None:
    before = clothing_builder.examples("train", settings)

    change(settings, corrections)
    after = clothing_builder.examples("train", settings)

    assert (names(before[0]), names(after[0])) == (("Shirt", "Coat"), ("Bag", None))
    assert after[1:] == before[1:]


def test_a_changed_photo_is_never_stale(settings: Settings) -> None:
    clothing_builder.examples("train", settings)
    larger = picture("navy") + b"one byte more than before"

    (folder(settings) / "images" / f"{TRAINING[0]}.jpg").write_bytes(larger)

    assert clothing_builder.examples("train", settings)[0].read() == larger


def test_its_metadata_say_what_it_is_and_whence(tmp_path: Path) -> None:
    builder = ClothingPhotos(data_dir=tmp_path)
    licence = builder.info.as_proto.redistribution_info.license

    assert "CC0" in licence
    assert tuple(builder.info.features["garment"].names) == (*NAMES, NONE)
    for text in (
        builder.info.homepage,
        builder.info.citation,
        builder.MANUAL_DOWNLOAD_INSTRUCTIONS,
    ):
        assert "github.com/alexeygrigorev/clothing-dataset" in text
    for column in ("split", "garment", "also_accepted", "checked"):
        assert f"{column}: " in builder.MANUAL_DOWNLOAD_INSTRUCTIONS


def test_tensorflow_reads_it_too(settings: Settings) -> None:
    """As a tf.data.Dataset it has images and labels."""
    clothing_builder.examples("train", settings)
    builder = ClothingPhotos(
        data_dir=settings.data_dir / "tensorflow_datasets",
        config=tfds.core.BuilderConfig(name=prepared(settings)[0].parent.name),
    )

    images, labels = next(iter(builder.as_dataset(split="train", as_supervised=True).batch(1)))

    assert images.shape == (1, 40, 60, 3)
    assert labels.numpy().tolist() == [NAMES.index("Shirt")]


def test_without_a_place_for_them_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="set DATASETS_DIR"):
        clothing_builder.examples("train", Settings(data_dir=tmp_path, datasets_dir=None))


def test_a_folder_without_labels_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"no .*labels\.csv"):
        clothing_builder.examples("train", Settings(data_dir=tmp_path, datasets_dir=tmp_path))


def test_a_split_without_photos_is_named(settings: Settings) -> None:
    labels = folder(settings) / "labels.csv"
    labels.write_text(labels.read_text("utf-8").replace(",validation,", ",valid,"), "utf-8")

    with pytest.raises(UnavailableError, match="no photo of the split validation"):
        clothing_builder.examples("train", settings)


def test_a_data_dir_that_cannot_be_made_is_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(UnavailableError, match="set DATA_DIR"):
        clothing_builder.examples(
            "train", settings.model_copy(update={"data_dir": tmp_path / "file"})
        )


def test_further_photos_join_the_training_split_where_they_are_labelled(settings: Settings) -> None:
    more = folder(settings).with_name(MORE_CLOTHING_PHOTOS)
    (more / "images").mkdir(parents=True)
    lines = ["image,split,garment,also_accepted", "x1,train,Coat,Pullover", "x2,train,,"]
    (more / "labels.csv").write_text("\n".join(lines), encoding="utf-8")
    for name in ("x1", "x2"):
        (more / "images" / f"{name}.jpg").write_bytes(picture("olive"))

    training = clothing_builder.examples("train", settings)

    assert [row.path.stem for row in training] == [*TRAINING, "x1"]
    assert names(training[-1]) == ("Coat", "Pullover")
    assert len(clothing_builder.examples("validation", settings)) == len(VALIDATION)


@needs_data
def test_the_photos_themselves_are_prepared_as_they_lie_there(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, datasets_dir=DATASETS_DIR)
    lying = clothing_photos.corrected(clothing_photos.rows(DATASETS_DIR / CLOTHING_PHOTOS))
    assert len(lying) == 4_116
    more = DATASETS_DIR / MORE_CLOTHING_PHOTOS
    if more.is_dir():
        lying += clothing_photos.rows(more, split="train", skip_unlabelled=True)

    found = [
        row
        for split in clothing_photos.SPLITS
        for row in clothing_builder.examples(split, settings)
    ]

    lying.sort(key=lambda row: row.split)  # it keeps the order within a split
    assert len(found) == len(lying)
    for row, expected in zip(found, lying, strict=True):
        assert row.path.stem == expected.path.stem
        assert (row.split, names(row)) == (expected.split, names(expected))
        assert row.read() == expected.read()
