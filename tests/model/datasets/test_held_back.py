"""Held-back photos: always the same, with bags on other people's floors."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from model.common.settings import BAGS, Settings
from model.datasets import held_back, pasted_bags
from model.datasets.sources import bags
from model.datasets.sources.clothing_photos import UnavailableError
from model.photos import decode
from tests.helpers.photo_folders import BAG_COLOUR, bag_folder, clothing_folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    clothing_folder(tmp_path)
    bag_folder(tmp_path)
    return Settings(datasets_dir=tmp_path)


def test_bags_are_kept_back_as_they_are_and_pasted(settings: Settings) -> None:
    rows = held_back.bags_kept_back(settings)

    assert {row.split for row in rows} == {"validation"}
    kinds = [row.category for row in rows if row.garment == bags.BAG and row.data is not None]
    assert kinds == [pasted_bags.PASTED] * pasted_bags.PASTED_EACH
    as_they_are = [row.path.stem for row in rows if row.path.parent.parent.name == BAGS]
    assert as_they_are[0] == "wb06-red-0"
    assert len(rows) == 1 + pasted_bags.PASTED_EACH


def test_they_are_always_the_same_and_never_two_alike(settings: Settings) -> None:
    first, again = held_back.bags_kept_back(settings), held_back.bags_kept_back(settings)

    assert first == again
    pasted = [row.read() for row in first if row.category == pasted_bags.PASTED]
    assert len(set(pasted)) == pasted_bags.PASTED_EACH


def test_a_pasted_bag_lies_on_a_floor_that_shows(settings: Settings) -> None:
    row = held_back.bags_kept_back(settings)[-1]
    pixels = np.asarray(decode.decode(row.read())).astype(int)
    bag = np.abs(pixels - BAG_COLOUR).max(axis=2) < 70

    assert 0.05 < bag.mean() < 0.6


@pytest.mark.parametrize("write", [clothing_folder, bag_folder])
def test_without_clothes_or_bags_it_says_what_to_do(
    tmp_path: Path, write: Callable[[Path], Path]
) -> None:
    write(tmp_path)
    with pytest.raises(UnavailableError, match="set DATASETS_DIR"):
        held_back.bags_kept_back(Settings(datasets_dir=tmp_path))
