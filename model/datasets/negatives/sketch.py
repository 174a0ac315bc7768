"""A pen that draws in a frame of its own, and colours by chance."""

import colorsys
import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw

from model.common.pictograms import paths
from model.common.pictograms.paths import Point, Points
from model.common.pictograms.style import INK, WHITE, Colour, mix

Size = tuple[int, int]
_outline = lru_cache(maxsize=None)(paths.path)


class Pen:
    """Draws around its own middle: (0, 0) is the middle, x goes right, y down, 1 is `unit` px.

    `turn` is clockwise, in degrees; `mirrored` swaps left and right before the turn.
    """

    def __init__(
        self,
        draw: ImageDraw.ImageDraw,
        middle: Point,
        unit: float,
        turn: float = 0.0,
        mirrored: bool = False,
    ) -> None:
        self.draw, self.unit = draw, unit
        self._middle, self._turn, self._mirrored = middle, turn, mirrored
        self._cos = math.cos(math.radians(turn)) * unit
        self._sin = math.sin(math.radians(turn)) * unit
        self._side = -1 if mirrored else 1

    def at(self, x: float, y: float, scale: float = 1.0, turn: float = 0.0) -> "Pen":
        """A pen around (x, y), its unit `scale` of this one's, turned further."""
        turn = -turn if self._mirrored else turn
        unit = self.unit * scale
        return Pen(self.draw, self._put(x, y), unit, self._turn + turn, self._mirrored)

    def polygon(self, points: Sequence[Point], fill: Colour | None) -> None:
        """A filled polygon."""
        self.draw.polygon([self._put(x, y) for x, y in points], fill)

    def path(self, text: str, fill: Colour) -> None:
        """A filled outline in SVG's notation, on a square of 1000 units that spans -1 to 1."""
        self.polygon([(x / 500 - 1, y / 500 - 1) for x, y in _outline(text)], fill)

    def strokes(self, text: str, fill: Colour, width: float) -> None:
        """An open line in the same notation."""
        self.line([(x / 500 - 1, y / 500 - 1) for x, y in _outline(text)], fill, width)

    def ellipse(self, x: float, y: float, across: float, down: float, fill: Colour) -> None:
        """A filled ellipse with these radii."""
        self.polygon(paths.ellipse(x, y, across, down), fill)

    def dot(self, x: float, y: float, radius: float, fill: Colour) -> None:
        """A filled circle."""
        (x, y), radius = self._put(x, y), radius * self.unit
        self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill)

    def ring(self, x: float, y: float, radius: float, fill: Colour, width: float) -> None:
        """A circle's line, which lies inside of its radius."""
        (x, y), radius = self._put(x, y), radius * self.unit
        box = (x - radius, y - radius, x + radius, y + radius)
        self.draw.ellipse(box, None, fill, max(1, round(width * self.unit)))

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        fill: Colour,
        *,
        radius: float = 0.0,
    ) -> None:
        """A filled rectangle; with a radius its corners are round."""
        if not radius:
            corners = ((left, top), (right, top), (right, bottom), (left, bottom))
            self.polygon(corners, fill)
            return
        radius = min(radius, (right - left) / 2, (bottom - top) / 2)
        points: list[Point] = []
        for quarter, (x, y) in enumerate(
            (
                (right - radius, bottom - radius),
                (left + radius, bottom - radius),
                (left + radius, top + radius),
                (right - radius, top + radius),
            )
        ):
            for step in range(7):
                angle = math.radians(90 * quarter + 15 * step)
                points.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
        self.polygon(points, fill)

    def line(self, points: Sequence[Point], fill: Colour, width: float) -> None:
        """An open line with round joints and ends."""
        pixels = max(1, round(width * self.unit))
        put = [self._put(x, y) for x, y in points]
        self.draw.line(put, fill, pixels, joint="curve")
        if pixels > 2:
            radius = pixels / 2 - 0.5
            for x, y in (put[0], put[-1]):
                self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill)

    def arc(self, middle: Point, radii: Point, angles: Point, fill: Colour, width: float) -> None:
        """A part of an ellipse's line, from one angle to the other, in degrees, clockwise."""
        start, end = angles
        steps = [math.radians(start + (end - start) * step / 24) for step in range(25)]
        points = [
            (middle[0] + radii[0] * math.cos(a), middle[1] + radii[1] * math.sin(a)) for a in steps
        ]
        self.line(points, fill, width)

    def _put(self, x: float, y: float) -> Point:
        x *= self._side
        return (
            self._middle[0] + x * self._cos - y * self._sin,
            self._middle[1] + x * self._sin + y * self._cos,
        )


Drawing = Callable[[Random, Pen], None]


def blob(
    random: Random, x: float, y: float, radius: float, wobble: float = 0.2, *, corners: int = 36
) -> Points:
    """An uneven round outline."""
    waves = [(random.uniform(0, 6.3), random.uniform(0, wobble) / n) for n in (2, 3, 5)]
    points = []
    for step in range(corners):
        angle = math.tau * step / corners
        reach = radius * (
            1 + sum(a * math.sin(n * angle + p) for n, (p, a) in zip((2, 3, 5), waves, strict=True))
        )
        points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return tuple(points)


def colour(
    random: Random,
    hue: Point = (0.0, 1.0),
    saturation: Point = (0.1, 0.9),
    value: Point = (0.25, 0.95),
) -> Colour:
    """A colour from these ranges, each of 0 to 1; hues below 0 go round."""
    parts = colorsys.hsv_to_rgb(
        random.uniform(*hue) % 1, random.uniform(*saturation), random.uniform(*value)
    )
    red, green, blue = (round(255 * part) for part in parts)
    return red, green, blue


def light(tone: Colour, part: float = 0.3) -> Colour:
    """The colour in light."""
    return mix(tone, WHITE, part)


def dark(tone: Colour, part: float = 0.3) -> Colour:
    """The colour in shade."""
    return mix(tone, INK, part)


def near(random: Random, tone: Colour, reach: int = 18) -> Colour:
    """Almost this colour."""
    red, green, blue = (min(255, max(0, c + random.randint(-reach, reach))) for c in tone)
    return red, green, blue


def doubled(image: Image.Image) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """The image at twice its size, to be drawn on and then reduced for smooth edges."""
    # Nearest: where nothing is drawn, reducing gives back exactly the pixels that there were.
    large = image.resize((image.width * 2, image.height * 2), Image.Resampling.NEAREST)
    return large, ImageDraw.Draw(large)
