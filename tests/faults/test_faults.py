"""The experiments' own instruments: numbered photos, sentences, exit codes."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import integers
from PIL import Image

from bot.sandbox.state.photo_sizes import sizes
from model.common.languages.sentences import say
from model.common.prediction import Prediction
from model.photos.decode import decode
from model.serving.chart import Chart
from tests.experiments import Outcome, report
from tests.faults.lab import numbered
from tests.faults.lab.crowd import WAITING, not_taken

PREDICTION = Prediction(
    probabilities=(0.1,) * 10, garment_score=1.0, verdict="unsure", model="stand-in"
)


def answer_to(photo: bytes) -> bytes:
    """As it comes back: through Telegram's JPEG, the chart, and Telegram's JPEG again."""
    drawn = Chart().draw(PREDICTION, decode(sizes(photo)[-1].data), "en")
    return sizes(drawn)[-1].data


@given(integers(0, numbered.MOST - 1))
def test_the_number_of_a_photo_can_be_read_in_its_answer(number: int) -> None:
    assert numbered.read(answer_to(numbered.photo(number))) == number


@pytest.mark.parametrize("colour", ["white", "black", "grey"])
def test_another_photo_has_no_number(colour: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (320, 384), colour).save(file, "JPEG")
    assert numbered.read(answer_to(file.getvalue())) is None


@pytest.mark.parametrize("number", [1, 2, 1234])
@pytest.mark.parametrize("reason", ["refused-full", "refused-too-fast", "refused-too-many"])
def test_the_photos_that_were_not_taken_are_counted_as_people_read_it(
    reason: str, number: int
) -> None:
    text = say("en", reason, count=number, ahead=3, limit=60, seconds=9)
    assert not_taken(text) == number


def test_who_waits_is_not_counted_as_refused() -> None:
    text = say("en", "photo-waiting", ahead=60)
    assert text.startswith(WAITING)
    assert not_taken(text) == 0


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([Outcome("a", 3, 0)], 0),
        ([Outcome("a", 3, 0), Outcome("b", 3, 1)], 1),
        ([Outcome("a", 0, 0)], 1),
        ([], 1),
    ],
)
def test_a_broken_promise_is_an_exit_code(
    tmp_path: Path, outcomes: list[Outcome], code: int
) -> None:
    file = tmp_path / "outcomes.json"
    assert report(outcomes, file, title="") == code
    found = json.loads(file.read_text())
    assert [(each["promise"], each["tried"], each["broken"]) for each in found] == [
        (each.promise, each.tried, each.broken) for each in outcomes
    ]
    assert all(set(each) == {"promise", "tried", "broken", "note"} for each in found)
