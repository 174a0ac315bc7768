"""The classifier's answer for one photo."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from model.common.labels import LABELS, NONE_OF_THESE, Label

Verdict = Literal["sure", "unsure", "none"]
# An index into LABELS, or NONE_OF_THESE.
LabelIndex = Annotated[int, Field(ge=0, le=NONE_OF_THESE)]
# A little more than 1 is a rounded 1.
Probability = Annotated[float, Field(ge=0, le=1.001)]


def percent(probability: float) -> int:
    """Round to whole percents, halves up: the chart and the words below it agree."""
    return int(100 * probability + 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The calibrated answer for one photo.

    `probabilities` holds ten numbers in the order of `model.common.labels.LABELS`, summing to 1.
    `garment_score` in [0, 1] says how much the photo shows one of the ten garments at all.
    `verdict` is "sure", "unsure" (name the two likeliest) or "none" (no garment that we know).
    `model` is the version that predicted.
    """

    probabilities: Annotated[tuple[Probability, ...], Field(min_length=10, max_length=10)]
    garment_score: Probability
    verdict: Verdict
    model: str

    @property
    def ranked(self) -> list[tuple[Label, float]]:
        """The labels with their probabilities, the likeliest first."""
        return sorted(
            zip(LABELS, self.probabilities, strict=True), key=lambda pair: pair[1], reverse=True
        )

    @property
    def label(self) -> Label:
        """The likeliest label."""
        return self.ranked[0][0]

    @property
    def said(self) -> int:
        """What a person is told that the photo shows: a label's index, or NONE_OF_THESE."""
        return NONE_OF_THESE if self.verdict == "none" else self.label.index
