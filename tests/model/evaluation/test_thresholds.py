"""The effect of other thresholds."""

import numpy as np
import pytest

from model.evaluation import metrics
from model.evaluation.thresholds import Tradeoff, tradeoff
from tests.helpers.reports import CARD, answers, certain, report

CONFIDENCES = np.array([[0.9], [0.7], [0.5], [0.8]])
# The last is turned away, by CARD's threshold.
GARMENTS = answers(certain(0, 0, 1, 0) * CONFIDENCES, [0.9, 0.35, 0.6, 0.2])
FOUND = tradeoff(
    GARMENTS,
    certain(0, 0, 0, 0).astype(bool),
    others={"garments": answers(certain(0, 0), [0.1, 0.4]), "shoes": answers(certain(7), [0.4])},
    things=answers(certain(0, 0, 0, 0), [0.0, 0.0, 0.0, 0.55]),
)


def at(threshold: float, found: Tradeoff = FOUND) -> int:
    return int(np.abs(np.array(found.thresholds) - threshold).argmin())


def test_thresholds_reach_from_0_to_1() -> None:
    assert (FOUND.thresholds[0], FOUND.thresholds[-1]) == (0.0, 1.0)
    of_garments = (FOUND.sure, FOUND.precision, FOUND.turned_away)
    lengths = {len(each) for each in (*of_garments, FOUND.things)}
    assert lengths | {len(each) for each in FOUND.others.values()} == {len(FOUND.thresholds)}


@pytest.mark.parametrize(
    ("threshold", "sure", "precision"), [(0.0, 0.75, 2 / 3), (0.6, 0.5, 1.0), (0.95, 0.0, None)]
)
def test_a_higher_one_is_sure_more_rarely(
    threshold: float, sure: float, precision: float | None
) -> None:
    assert FOUND.sure[at(threshold)] == sure
    assert FOUND.precision[at(threshold)] == precision


@pytest.mark.parametrize(
    ("threshold", "turned_away", "others", "things"),
    [
        (0.0, 0.0, (1.0, 1.0), 1.0),
        (0.3, 0.25, (0.5, 1.0), 0.25),
        (0.5, 0.5, (0.0, 0.0), 0.25),
        (1.0, 1.0, (0.0, 0.0), 0.0),
    ],
)
def test_a_higher_one_turns_more_away(
    threshold: float, turned_away: float, others: tuple[float, float], things: float
) -> None:
    place = at(threshold)
    assert (FOUND.turned_away[place], FOUND.things[place]) == (turned_away, things)
    assert (FOUND.others["garments"][place], FOUND.others["shoes"][place]) == others


def test_at_the_cards_own_thresholds_it_comes_to_the_measures() -> None:
    made = report()
    assert made.tradeoff is not None
    assert made.photos is not None
    said = made.photos.verdicts
    place = at(CARD.sure, made.tradeoff)
    assert made.tradeoff.sure[place] == pytest.approx(said.sure)
    assert made.tradeoff.precision[place] == pytest.approx(said.sure_accuracy)
    place = at(CARD.garment, made.tradeoff)
    assert made.tradeoff.turned_away[place] == pytest.approx(said.none)
    for what, shares in made.tradeoff.others.items():
        assert shares[place] == pytest.approx(1 - made.photos.others[what].none)


def test_the_measures_are_of_the_same_answers() -> None:
    said = metrics.verdicts(GARMENTS, certain(0, 0, 0, 0).astype(bool))
    assert (said.sure, said.unsure, said.none) == (0.5, 0.25, 0.25)


def test_without_other_garments_there_is_no_curve_of_theirs() -> None:
    things = answers(certain(0), [0.5])
    right = certain(0, 0, 0, 0).astype(bool)
    assert tradeoff(GARMENTS, right, {}, things).others == {}
