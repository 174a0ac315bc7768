"""Photos turned and tall, against what can be worked out by hand."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.datasets.sources.clothing_photos import Row
from model.evaluation.evaluate import AnsweredPhotos
from model.evaluation.robustness import garment_rows, is_tall, robustness
from tests.helpers.reports import answers, certain


def row(width: int, height: int, garment: int | None = 0) -> Row:
    file = io.BytesIO()
    Image.new("RGB", (width, height)).save(file, "JPEG")
    return Row(Path("one.jpg"), "validation", garment, None, file.getvalue())


@pytest.mark.parametrize(
    ("size", "tall"),
    [((90, 160), True), ((160, 90), True), ((90, 135), False), ((120, 160), False)],
)
def test_tall_is_16_to_9_whichever_way_it_lies(size: tuple[int, int], tall: bool) -> None:
    assert is_tall(row(*size)) is tall


def test_garments_are_counted_by_turn_and_by_shape() -> None:
    rows = (row(90, 160), row(90, 160), row(120, 160), row(100, 100, None))
    upright = AnsweredPhotos(rows, answers(certain(0, 1, 0, 5)))
    turned = AnsweredPhotos(rows[:3], answers(certain(1, 1, 0)))

    found = robustness(upright, {90: turned, 270: upright})

    assert (found.tall.photos, found.tall.accuracy) == (2, 0.5)
    assert (found.others.photos, found.others.accuracy) == (1, 1.0)
    assert found.lost_where_tall == 0.5
    assert found.upright.accuracy == pytest.approx(2 / 3)
    assert [one.degrees for one in found.turned] == [90, 270]
    assert found.turned[0].accuracy == pytest.approx(1 / 3)
    assert found.turned[0].sure_and_wrong == pytest.approx(2 / 3)
    assert found.accuracy_turned == pytest.approx(np.mean([1 / 3, 2 / 3]))


def test_without_tall_photos_nothing_is_lost_on_them() -> None:
    answered = AnsweredPhotos((row(100, 100),), answers(certain(0)))

    found = robustness(answered, {90: answered})

    assert (found.tall.accuracy, found.lost_where_tall) == (None, None)


def test_only_garments_are_worth_turning() -> None:
    assert garment_rows([row(10, 10, None), row(20, 10, 3)]) == [row(20, 10, 3)]
