"""A file takes another's place whole, or not at all."""

from pathlib import Path

import pytest

from model.common.atomic_write import replacing


def test_the_new_file_is_there_once_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "deeper" / "ann.keras"
    with replacing(path) as file:
        assert file.suffix == ".keras"
        file.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "ann.keras"
    path.write_text("old")
    with pytest.raises(RuntimeError), replacing(path) as file:
        file.write_text("half of the n")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
