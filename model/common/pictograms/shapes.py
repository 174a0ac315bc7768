"""The shapes of a drawing, in painting order."""

from dataclasses import dataclass, replace
from typing import Literal

from model.common.pictograms.paths import Points, mirrored

# Which colour of the style a shape takes; `drawing.tones` mixes them.
Tone = Literal["cloth", "light", "shade", "deep", "line", "lining", "accent", "sole", "metal"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A closed area with an outline. One in the tone "cloth" carries the style's pattern."""

    points: Points
    tone: Tone = "cloth"
    patterned: bool = True


@dataclass(frozen=True, slots=True)
class Shade:
    """A darker (or lighter) area on the piece painted before it, and nowhere else."""

    points: Points
    tone: Literal["shade", "light"] = "shade"


@dataclass(frozen=True, slots=True)
class Line:
    """An open stroke with round ends; `width` in design units."""

    points: Points
    width: float = 9.0
    tone: Tone = "line"


Shape = Piece | Shade | Line


def both(*shapes: Shape) -> tuple[Shape, ...]:
    """The shapes, and the same on the other side."""
    return shapes + tuple(replace(shape, points=mirrored(shape.points)) for shape in shapes)
