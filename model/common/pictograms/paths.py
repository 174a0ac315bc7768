"""Outlines in SVG's path notation, sampled to points.

Garments are designed on a square of 1000 × 1000 units, x to the right and y down.
"""

import math
import re
from itertools import pairwise

Point = tuple[float, float]
Points = tuple[Point, ...]

SIDE = 1000.0
# Points on each curve: at 1000 px no corner between two of them shows.
SAMPLES = 20

_TOKEN = re.compile(r"[MLQCZ]|-?\d+(?:\.\d+)?")
_POINTS_PER_COMMAND = {"M": 1, "L": 1, "Q": 2, "C": 3}


def path(text: str) -> Points:
    """The points of a path in SVG's notation: absolute M, L, Q, C, and Z, which adds nothing.

    A command stands before each group of points. Raises ValueError for anything else.
    """
    if _TOKEN.sub("", text).strip(" ,\n"):
        raise ValueError(f"This path holds more than M, L, Q, C, Z and numbers: {text!r}")
    points: list[Point] = []
    tokens = iter(_TOKEN.findall(text))
    for command in tokens:
        if command == "Z":
            continue
        if command not in _POINTS_PER_COMMAND:
            raise ValueError(f"A number stands in this path where a command should: {text!r}")
        group = [
            (float(next(tokens)), float(next(tokens))) for _ in range(_POINTS_PER_COMMAND[command])
        ]
        if command in "ML":
            points.extend(group)
        else:
            points.extend(_bezier([points[-1], *group]))
    return tuple(points)


def ellipse(x: float, y: float, radius_x: float, radius_y: float | None = None) -> Points:
    """The outline of an ellipse around (x, y); a circle where only one radius is given."""
    radius_y = radius_x if radius_y is None else radius_y
    angles = [2 * math.pi * step / (2 * SAMPLES) for step in range(2 * SAMPLES)]
    return tuple((x + radius_x * math.cos(a), y + radius_y * math.sin(a)) for a in angles)


def mirrored(points: Points) -> Points:
    """The same on the other side of the vertical middle line."""
    return tuple((SIDE - x, y) for x, y in points)


def symmetric(text: str) -> Points:
    """An outline of which `text` gives one half, from the middle line to the middle line."""
    half = path(text)
    return half + mirrored(half[::-1])


def _bezier(controls: list[Point]) -> list[Point]:
    """The samples of a Bézier curve of any degree, by De Casteljau's algorithm, start left out."""
    return [_casteljau(controls, step / SAMPLES) for step in range(1, SAMPLES + 1)]


def _casteljau(controls: list[Point], t: float) -> Point:
    while len(controls) > 1:
        controls = [
            (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(controls)
        ]
    return controls[0]
