"""The effect of other thresholds: the data behind the model card's plot."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.evaluation.metrics import Answers, Flags, Floats

STEPS = 200  # thresholds from 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tradeoff:
    """The effect of each of `thresholds`; every list is as long as that one.

    As the threshold of "sure", the other one being the card's: of photos of garments, the share
    answered so (`sure`) and of these the share named rightly (`precision`, None if there are
    none). As the threshold of "none": the share of garments that is turned away (`turned_away`),
    and the shares of photos of other clothes, by what they are, and of things that are taken for
    one of the ten (`others`, `things`).
    """

    thresholds: list[float]
    sure: list[float]
    precision: list[float | None]
    turned_away: list[float]
    others: dict[str, list[float]]
    things: list[float]


def tradeoff(
    garments: Answers, right: Flags, others: Mapping[str, Answers], things: Answers
) -> Tradeoff:
    """The trade-off on photos of garments, right [n, 10] marking the accepted classes."""
    thresholds = np.linspace(0.0, 1.0, STEPS + 1)
    hits = right[np.arange(len(garments)), garments.probabilities.argmax(axis=1)]
    # A photo that is turned away is never called sure.
    named = np.where(garments.verdicts == "none", -1.0, garments.confidences)
    sure = named[None, :] >= thresholds[:, None]
    counts = sure.sum(axis=1)
    return Tradeoff(
        thresholds=thresholds.tolist(),
        sure=(counts / len(garments)).tolist(),
        precision=[
            float(hits[chosen].mean()) if count else None
            for chosen, count in zip(sure, counts, strict=True)
        ],
        turned_away=(1.0 - _let_through(garments, thresholds)).tolist(),
        others={what: _let_through(each, thresholds).tolist() for what, each in others.items()},
        things=_let_through(things, thresholds).tolist(),
    )


def _let_through(answers: Answers, thresholds: Floats) -> Floats:
    """The share of the answers that is not "none", for each threshold."""
    return np.asarray((answers.scores[None, :] >= thresholds[:, None]).mean(axis=1))
