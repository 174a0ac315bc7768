"""The gate: what passes, what does not, and the test that it believes gains by."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.retraining.gate import (
    FASHION_MNIST,
    LEAST_RISE,
    PHOTOS,
    SIGNIFICANCE,
    Margins,
    Trial,
    judge,
    mcnemar,
)

STRICT = Margins(accuracy=0.0, of_class=1.0, ece=1.0)


def trial(right: int, of: int = 1000, **more: float) -> Trial:
    """A trial whose first pictures are right, of ten classes in turn."""
    return Trial(hits=np.arange(of) < right, labels=np.arange(of) % 10, **more)


def judged(old: Trial, new: Trial, margins: Margins = PHOTOS) -> tuple[list[str], list[str]]:
    judgement = judge({"photos": (old, new)}, {"photos": margins})
    return list(judgement.gained), list(judgement.lost)


@pytest.mark.parametrize(
    ("better", "worse", "chance"),
    [(0, 0, 1.0), (5, 0, 1 / 32), (0, 5, 1.0), (9, 1, 11 / 1024), (1, 1, 0.75)],
)
def test_the_chance_of_looking_so_much_better(better: int, worse: int, chance: float) -> None:
    old = np.array([False] * better + [True] * worse + [True, False])
    new = np.array([True] * better + [False] * worse + [True, False])

    assert mcnemar(old, new) == pytest.approx(chance)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=60))
def test_both_cannot_look_better_at_once(pairs: list[tuple[bool, bool]]) -> None:
    old, new = (np.array([pair[side] for pair in pairs], bool) for side in (0, 1))

    assert 0.0 < mcnemar(old, new) <= 1.0
    assert mcnemar(old, new) + mcnemar(new, old) >= 1.0


def test_a_gain_that_is_more_than_chance_passes() -> None:
    judgement = judge({"photos": (trial(900), trial(930))}, {"photos": PHOTOS})

    assert judgement.passes and judgement.gained == ("photos",)


def test_what_chance_explains_does_not_pass() -> None:
    judgement = judge({"photos": (trial(900), trial(904))}, {"photos": PHOTOS})

    assert mcnemar(trial(900).hits, trial(904).hits) > SIGNIFICANCE
    assert not judgement.passes and not judgement.lost


def test_a_gain_here_does_not_pay_for_a_loss_there() -> None:
    trials = {
        "corrections": (trial(2, 20), trial(18, 20)),
        "fashion_mnist": (trial(940), trial(930)),
    }
    judgement = judge(trials, {"corrections": STRICT, "fashion_mnist": FASHION_MNIST})

    assert judgement.gained == ("corrections",)
    assert judgement.lost == ("fashion_mnist",) and not judgement.passes


@pytest.mark.parametrize(("right", "lost"), [(885, []), (884, ["photos"])])
def test_a_loss_up_to_the_margin_is_let_pass(right: int, lost: list[str]) -> None:
    assert judged(trial(900), trial(right)) == ([], lost)


def test_a_single_class_must_not_pay_for_the_rest() -> None:
    old, labels = np.arange(1000) % 20 != 0, np.arange(1000) % 10
    new = old.copy()
    new[(labels == 0) & old] = False
    new[labels == 1] = True
    new[:500:10] = old[:500:10]

    assert "photos:0" in judged(Trial(hits=old, labels=labels), Trial(hits=new, labels=labels))[1]


def test_a_class_of_few_pictures_is_not_looked_at_alone() -> None:
    labels = np.array([0] * 981 + [5] * 19)
    old, new = np.ones(1000, bool), np.ones(1000, bool)
    new[-10:] = False

    assert judged(Trial(hits=old, labels=labels), Trial(hits=new, labels=labels))[1] == []


def test_calibration_and_telling_garments_apart_are_guarded_too() -> None:
    old = trial(900, ece=0.02, auroc=0.95)

    assert judged(old, trial(900, ece=0.039, auroc=0.931))[1] == []
    assert judged(old, trial(900, ece=0.041, auroc=0.929))[1] == ["photos_ece", "photos_auroc"]


def test_other_shoes_are_few_and_have_a_margin_of_their_own() -> None:
    old = trial(900, shoes_auroc=0.7)

    assert judged(old, trial(900, shoes_auroc=0.66))[1] == []
    assert judged(old, trial(900, shoes_auroc=0.64))[1] == ["shoes_auroc"]


def test_what_fell_and_what_rose_is_told_in_numbers() -> None:
    labels = np.repeat([0, 1], [25, 12])
    old = Trial(hits=np.arange(37) < 21, labels=labels, ece=0.03)
    new = Trial(hits=(np.arange(37) < 17) | (np.arange(37) >= 27), labels=labels, ece=0.06)
    judgement = judge({"photos": (old, new)}, {"photos": PHOTOS})
    assert judgement.lost == ("photos:0", "photos_ece")
    assert judgement.changes == {
        "photos:0": [21, 17, 25, 3],
        "photos_ece": [0.03, 0.06, 0, 0.02],
        "photos:1": [0, 10, 12, 0],
    }


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_class_that_hardly_rose_is_left_out(before: int, after: int) -> None:
    labels = np.zeros(60, np.int64)
    trials = [Trial(hits=np.arange(60) < right, labels=labels) for right in (before, after)]
    changes = judge({"x": (trials[0], trials[1])}, {"x": STRICT}).changes
    rose = (after - before) / 60 >= LEAST_RISE
    assert ("x:0" in changes) == rose or after < before
