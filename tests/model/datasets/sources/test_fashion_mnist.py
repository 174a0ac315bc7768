"""Fashion-MNIST itself, where its files are, and the sentences where they are not."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from model.common.labels import NAMES
from model.common.settings import Settings
from model.datasets.sources import fashion_mnist

DATASETS_DIR = os.environ.get("DATASETS_DIR")
needs_data = pytest.mark.skipif(
    not DATASETS_DIR or not (Path(DATASETS_DIR) / fashion_mnist.FOLDER).is_dir(),
    reason="DATASETS_DIR is not set to a folder with fashion-mnist/",
)


def settings(data_dir: Path, datasets_dir: Path | str | None = None) -> Settings:
    return Settings(data_dir=data_dir, datasets_dir=Path(datasets_dir) if datasets_dir else None)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DATA_DIR with the prepared data set, prepared from local files."""
    folder = tmp_path_factory.mktemp("data")
    fashion_mnist.load(settings(folder, DATASETS_DIR))
    return folder


@needs_data
def test_local_files_become_both_splits_with_our_names(prepared: Path) -> None:
    splits, info = fashion_mnist.load(settings(prepared, DATASETS_DIR))
    assert {name: int(split.cardinality()) for name, split in splits.items()} == {
        "train": 60_000,
        "test": 10_000,
    }
    assert tuple(info.features["label"].names) == NAMES


@needs_data
def test_what_is_prepared_needs_no_files_any_more(prepared: Path) -> None:
    images, labels = fashion_mnist.arrays("test", settings(prepared))
    assert images.shape == (10_000, 28, 28)
    assert images.dtype == np.uint8
    assert images.max() == 255
    assert labels.dtype == np.int64
    assert np.bincount(labels).tolist() == [1000] * 10


@needs_data
def test_a_damaged_file_is_named_by_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "datasets" / fashion_mnist.FOLDER
    folder.mkdir(parents=True)
    for name in fashion_mnist.FILES:
        shutil.copyfile(Path(DATASETS_DIR or "") / fashion_mnist.FOLDER / name, folder / name)
    with (folder / fashion_mnist.FILES[-1]).open("ab") as file:
        file.write(b"x")
    with pytest.raises(fashion_mnist.NoFashionMnistError, match=f"{folder} is damaged"):
        fashion_mnist.load(settings(tmp_path / "data", tmp_path / "datasets"))


def test_without_files_and_connection_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Port 9 of this machine: nothing listens there, so no connection is like it anywhere.
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with pytest.raises(fashion_mnist.NoFashionMnistError, match="set DATASETS_DIR") as raised:
        fashion_mnist.load(settings(tmp_path))
    assert "\n" not in str(raised.value)


def test_a_data_dir_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(fashion_mnist.NoFashionMnistError, match="set DATA_DIR"):
        fashion_mnist.load(settings(tmp_path / "file"))


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Five images in the place of the data set; an entry for each time that it is gone through."""
    loaded: list[None] = []
    images = np.arange(5 * 28 * 28).reshape(5, 28, 28, 1).astype(np.uint8)
    examples = tf.data.Dataset.from_tensor_slices((images, np.arange(5, dtype=np.int64)))

    def load(*_: object) -> tuple[dict[str, tf.data.Dataset], None]:
        loaded.append(None)
        return {"train": examples}, None

    monkeypatch.setattr(fashion_mnist, "load", load)
    return loaded


def test_arrays_are_read_the_long_way_but_once(tmp_path: Path, little: list[None]) -> None:
    first, again = (fashion_mnist.arrays("train", settings(tmp_path)) for _ in range(2))
    assert len(little) == 1
    for images, labels in (first, again):
        assert images.dtype == np.uint8
        assert images[1, 0, 0] == 28 * 28 % 256
        assert images.shape == (5, 28, 28)
        assert labels.tolist() == [0, 1, 2, 3, 4]


def test_damaged_arrays_are_made_anew(tmp_path: Path, little: list[None]) -> None:
    fashion_mnist.arrays("train", settings(tmp_path))
    (kept,) = (tmp_path / fashion_mnist.FOLDER).iterdir()
    whole = kept.read_bytes()
    for damaged in (whole[:-100], b"", whole.replace(whole[1000:1010], bytes(10))):
        kept.write_bytes(damaged)
        images, _ = fashion_mnist.arrays("train", settings(tmp_path))
        assert images[1, 0, 0] == 28 * 28 % 256
        assert kept.read_bytes() == whole
    assert len(little) == 4


@pytest.mark.usefixtures("little")
def test_arrays_that_cannot_be_kept_are_given_all_the_same(tmp_path: Path) -> None:
    (tmp_path / fashion_mnist.FOLDER).write_text("a file in the folder's place")
    images, _ = fashion_mnist.arrays("train", settings(tmp_path))
    assert len(images) == 5
