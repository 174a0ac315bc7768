"""The contact sheets: what is on them, and in which order."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.common.chart_elements import BLUE, RED
from model.datasets.sources.clothing_photos import Row
from model.evaluation.evaluate import AnsweredPhotos
from model.evaluation.failures import Failure, Failures, failures
from tests.helpers.reports import answers

COAT, SHIRT, SNEAKER = 4, 6, 7
# What each photo shows, what else is accepted, the two likeliest names with their probabilities,
# and the garment score.
CASES: dict[str, tuple[int | None, int | None, tuple[int, float], tuple[int, float], float]] = {
    "right": (COAT, None, (COAT, 0.9), (SHIRT, 0.1), 0.9),
    "accepted": (COAT, SHIRT, (SHIRT, 0.9), (COAT, 0.1), 0.9),
    "hardly-wrong": (COAT, SNEAKER, (SHIRT, 0.55), (COAT, 0.45), 0.9),
    "very-wrong": (COAT, None, (SHIRT, 0.8), (COAT, 0.2), 0.8),
    "away": (SHIRT, None, (SHIRT, 0.9), (COAT, 0.1), 0.2),
    "far-away": (SHIRT, None, (COAT, 0.9), (SHIRT, 0.1), 0.1),
    "told": (None, None, (COAT, 0.9), (SHIRT, 0.1), 0.2),
    "hardly-taken": (None, None, (COAT, 0.9), (SHIRT, 0.1), 0.4),
    "taken": (None, None, (COAT, 0.7), (SHIRT, 0.3), 0.9),
}


@pytest.fixture
def answered(tmp_path: Path) -> AnsweredPhotos:
    probabilities = np.zeros((len(CASES), 10))
    rows = []
    for place, (name, (garment, also, first, second, _)) in enumerate(CASES.items()):
        Image.new("RGB", (40, 60), "gold").save(tmp_path / f"{name}.png")
        rows.append(Row(tmp_path / f"{name}.png", "validation", garment, also))
        for index, probability in (first, second):
            probabilities[place, index] = probability
    return AnsweredPhotos(tuple(rows), answers(probabilities, [case[4] for case in CASES.values()]))


def test_the_worst_of_each_sort_come_first(answered: AnsweredPhotos) -> None:
    found = {sort.stem: [one.photo.path.stem for one in sort.found] for sort in failures(answered)}
    assert found == {
        "wrong": ["very-wrong", "hardly-wrong"],
        "turned-away": ["far-away", "away"],
        "others": ["taken", "hardly-taken"],
    }


def test_titles_say_of_how_many(answered: AnsweredPhotos) -> None:
    assert [sort.title for sort in failures(answered)] == [
        "2 of 6 garments named wrongly",
        "2 of 6 garments answered “none of the ten”",
        "2 of 3 other garments and shoes taken for one of the ten",
    ]


def test_truth_and_answer_are_in_words(answered: AnsweredPhotos) -> None:
    wrong, away, others = failures(answered)
    texts = {
        one.photo.path.stem: (one.truth, one.said, one.note)
        for sort in (wrong, away, others)
        for one in sort.found
    }
    assert texts["very-wrong"] == ("Coat", "Shirt 80%", "garment 80%  very-wro")
    assert texts["hardly-wrong"][:2] == ("Coat or Sneaker", "Shirt 55%, Coat 45%")
    assert texts["far-away"] == ("Shirt", "none (Coat 90%)", "garment 10%  far-away")
    assert texts["taken"][:2] == ("none of the ten", "Coat 70%")


def test_sheets_hold_24_photos_with_their_texts(answered: AnsweredPhotos) -> None:
    one = Failure(answered.rows[0], "T-shirt/top or Pullover", "Pullover 55%, Coat 45%", "note")
    first, second = Failures("wrong", "25 of 30", (one,) * 25).sheets()
    assert first.width == second.width
    assert first.height > 2 * second.height
    for sheet, photos in ((first, 24), (second, 1)):
        pixels = np.asarray(sheet)
        golden = (pixels == (255, 215, 0)).all(axis=-1).sum()
        assert golden == photos * 168 * 252  # as high as its place, and as narrow as it is
        for colour in (BLUE, RED):
            rgb = tuple(bytes.fromhex(colour[1:]))
            assert (pixels == rgb).all(axis=-1).sum() > 100 * photos


def test_where_nothing_failed_there_is_no_sheet() -> None:
    assert Failures("wrong", "0 of 30", ()).sheets() == []
