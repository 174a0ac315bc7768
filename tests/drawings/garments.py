"""The drawings in `garments/`, one SVG file for each class, as shapes to paint.

They use a small part of SVG: `path`, with absolute M, L, Q, C and Z, and `circle`, on a square of
1000 × 1000 units, x to the right and y down. The class of an element is its tone; an element with a
stroke-width is a line, any other an area.
"""

import math
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

Point = tuple[float, float]
Points = tuple[Point, ...]

SIDE = 1000.0
SAMPLES = 20  # points on each curve: at 1000 px no corner between two of them shows
FOLDER = Path(__file__).with_name("garments")
# In the order of LABELS.
FILES = (
    *("t_shirt", "trousers", "pullover", "dress", "coat"),
    *("sandal", "shirt", "sneaker", "bag", "ankle_boot"),
)

_TOKEN = re.compile(r"[MLQCZ]|-?\d+(?:\.\d+)?")
_POINTS_PER_COMMAND = {"M": 1, "L": 1, "Q": 2, "C": 3}


@dataclass(frozen=True, slots=True)
class Shape:
    """An area with an outline, or a line with round ends if it has a `width` in units.

    `tone` says which colour of the style it takes; a "shadow" or "highlight" has no outline and
    covers the area painted before it, nothing else. An area in the tone "cloth" carries the style's
    pattern if `patterned`.
    """

    points: Points
    tone: str
    width: float | None = None
    patterned: bool = True


@cache
def shapes(label_index: int) -> tuple[Shape, ...]:
    """The garment of LABELS[label_index] in painting order."""
    file = FOLDER / f"{FILES[label_index]}.svg"
    return tuple(_shape(dict(each.attrib)) for each in ElementTree.parse(file).getroot())


def _shape(found: dict[str, str]) -> Shape:
    if "d" in found:
        points = path(found["d"])
    else:
        points = circle(*(float(found[name]) for name in ("cx", "cy", "r")))
    width = float(found["stroke-width"]) if "stroke-width" in found else None
    tone, _, plain = found["class"].partition(" ")
    return Shape(points, tone, width, patterned=plain != "plain")


def path(text: str) -> Points:
    """The points of a path: absolute M, L, Q, C, and Z, which adds nothing.

    Each group of points needs a command. Raises ValueError for anything else.
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
            controls = [points[-1], *group]
            points.extend(_bezier(controls, step / SAMPLES) for step in range(1, SAMPLES + 1))
    return tuple(points)


def circle(x: float, y: float, radius: float) -> Points:
    """The outline of a circle around (x, y)."""
    angles = [math.pi * step / SAMPLES for step in range(2 * SAMPLES)]
    return tuple((x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles)


def _bezier(controls: list[Point], t: float) -> Point:
    """The point at `t` (0 to 1) of a Bézier curve of any degree, by De Casteljau's algorithm."""
    while len(controls) > 1:
        controls = [
            (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(controls)
        ]
    return controls[0]
