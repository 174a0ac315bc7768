"""Fashion-MNIST itself, where its files are, and the sentences where they are not."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from model.datasets import fashion_mnist
from model.labels import NAMES
from model.settings import Settings

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
    with pytest.raises(fashion_mnist.UnavailableError, match=f"{folder} is damaged"):
        fashion_mnist.load(settings(tmp_path / "data", tmp_path / "datasets"))


def test_without_files_and_connection_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Port 9 of this machine: nothing listens there, so no connection is like it anywhere.
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with pytest.raises(fashion_mnist.UnavailableError, match="set DATASETS_DIR") as raised:
        fashion_mnist.load(settings(tmp_path))
    assert "\n" not in str(raised.value)


def test_a_data_dir_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(fashion_mnist.UnavailableError, match="set DATA_DIR"):
        fashion_mnist.load(settings(tmp_path / "file"))


def numbered(count: int) -> tf.data.Dataset:
    """Images whose every pixel is their number, which is their label too."""
    numbers = np.arange(count)
    images = np.broadcast_to(numbers[:, None, None, None], (count, 28, 28, 1)).astype(np.uint8)
    return tf.data.Dataset.from_tensor_slices((images, numbers.astype(np.int64)))


def test_batches_are_floats_from_0_to_1_with_their_labels() -> None:
    sizes = []
    for images, labels in fashion_mnist.batches(numbered(256), 100):
        sizes.append(len(labels))
        assert images.dtype == tf.float32
        np.testing.assert_allclose(images[:, 0, 0, 0], labels.numpy() / 255.0, rtol=1e-6)
    assert sizes == [100, 100, 56]


def test_shuffled_batches_have_every_image_in_another_order_each_epoch() -> None:
    batches = fashion_mnist.batches(numbered(256), 100, shuffle=True)
    first, second = (
        np.concatenate([labels for _, labels in batches.as_numpy_iterator()]) for _ in range(2)
    )
    assert sorted(first) == sorted(second) == list(range(256))
    assert not np.array_equal(first, second)
    assert not np.array_equal(first, np.arange(256))


def test_what_is_not_shuffled_keeps_its_order() -> None:
    batches = fashion_mnist.batches(numbered(50), 50)
    _, labels = next(batches.as_numpy_iterator())
    assert labels.tolist() == list(range(50))
