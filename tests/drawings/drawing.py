"""Shapes and a style → a picture with smooth edges and a transparent background."""

import math
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw

from tests.drawings.garments import FILES, SIDE, Point, Points, Shape, circle, shapes
from tests.drawings.style import INK, OWN_STYLES, WHITE, Colour, Style, mix

OUTLINE = 11.0  # design units
# Room for the widest stroke around the points, in design units.
MARGIN = 30.0
SHADES = {"shadow": INK, "highlight": WHITE}


def draw(label_index: int, size: int, style: Style | None = None) -> Image.Image:
    """The garment of LABELS[label_index], in the middle of a transparent RGBA square of `size` px.

    Without a style it wears its own, as in the picture of /classes. Raises IndexError for a class
    that there is not, ValueError for a size below 1.
    """
    if size < 1:
        raise ValueError("A pictogram is at least one pixel wide.")
    if not 0 <= label_index < len(FILES):
        raise IndexError(f"There is no class {label_index}: they are 0 to {len(FILES) - 1}.")
    garment = shapes(label_index)
    style = style or OWN_STYLES[label_index]
    side = size * (4 if size <= 160 else 3 if size <= 400 else 2)
    painter = _Painter(side, style, _Placing(garment, style, side))
    for shape in garment:
        painter.paint(shape)
    return painter.canvas.resize((size, size), Image.Resampling.BOX)


def tones(style: Style) -> dict[str, Colour]:
    """The colours of a drawing in this style."""
    colour = style.colour
    return {
        "cloth": colour,
        "light": mix(colour, WHITE, 0.22),
        "deep": mix(colour, INK, 0.32),
        "line": mix(colour, INK, 0.62),
        "lining": mix(colour, INK, 0.48),
        "accent": style.accent,
        "sole": (246, 243, 236),
        "metal": (233, 196, 106),
    }


class _Placing:
    """From design units to the canvas: proportions, mirror and rotation, then scaled to fit."""

    def __init__(self, shapes: tuple[Shape, ...], style: Style, side: int) -> None:
        self._style = style
        angle = math.radians(style.rotation)
        self._cos, self._sin = math.cos(angle), math.sin(angle)
        turned = [self._turn(point) for shape in shapes for point in shape.points]
        left, right = min(x for x, _ in turned), max(x for x, _ in turned)
        top, bottom = min(y for _, y in turned), max(y for _, y in turned)
        self.unit = side * style.scale / (max(right - left, bottom - top) + 2 * MARGIN)
        self._middle = ((left + right) / 2, (top + bottom) / 2)
        self._centre = side / 2

    def __call__(self, points: Points) -> list[Point]:
        """The points on the canvas, in its pixels."""
        middle_x, middle_y = self._middle
        return [
            (self._centre + (x - middle_x) * self.unit, self._centre + (y - middle_y) * self.unit)
            for x, y in map(self._turn, points)
        ]

    def _turn(self, point: Point) -> Point:
        style = self._style
        x, y = point[0] - SIDE / 2, point[1] - SIDE / 2
        x *= style.stretch * (1 + style.flare * y / SIDE) * (-1 if style.mirrored else 1)
        return x * self._cos - y * self._sin, x * self._sin + y * self._cos


class _Painter:
    """Paints shapes on a canvas several times larger than the picture, for smooth edges."""

    def __init__(self, side: int, style: Style, placing: _Placing) -> None:
        self.canvas = Image.new("RGBA", (side, side))
        self._draw = ImageDraw.Draw(self.canvas)
        self._style = style
        self._tones = tones(style)
        self._placing = placing
        self._last_area: list[Point] = []

    def paint(self, shape: Shape) -> None:
        """Paint one shape over those before it."""
        if shape.width is not None:
            self._stroke(self._placing(shape.points), shape.width, shape.tone)
        elif shape.tone in SHADES:
            # Translucent, so that the pattern goes on in the shade.
            self._inside([shape.points], SHADES[shape.tone], 0.15)
        else:
            self._area(shape)

    def _area(self, area: Shape) -> None:
        points = self._last_area = self._placing(area.points)
        self._draw.polygon(points, self._tones[area.tone])
        if area.tone == "cloth" and area.patterned:
            self._inside(MOTIFS[self._style.pattern], self._style.accent, 1.0)
        self._stroke([*points, points[0]], OUTLINE, "line")

    def _inside(self, areas: Sequence[Points], colour: Colour, opacity: float) -> None:
        """Colour the areas where they lie on the area painted last."""
        if not areas:
            return
        left, top, right, bottom = box = _box(self._last_area)
        piece = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(piece).polygon(_moved(self._last_area, left, top), round(255 * opacity))
        mask = Image.new("L", piece.size)
        draw = ImageDraw.Draw(mask)
        for area in areas:
            draw.polygon(_moved(self._placing(area), left, top), 255)
        self.canvas.paste(colour, box, ImageChops.multiply(piece, mask))

    def _stroke(self, points: list[Point], width: float, tone: str) -> None:
        pixels = max(1, round(width * self._placing.unit))
        self._draw.line(points, self._tones[tone], pixels, joint="curve")
        radius = pixels / 2 - 0.5
        for x, y in (points[0], points[-1]):
            self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), self._tones[tone])


def _box(points: list[Point]) -> tuple[int, int, int, int]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)) + 1, math.ceil(max(ys)) + 1


def _moved(points: list[Point], left: float, top: float) -> list[Point]:
    return [(x - left, y - top) for x, y in points]


def _band(top: float, height: float) -> Points:
    return ((-200, top), (1200, top), (1200, top + height), (-200, top + height))


def _upright(left: float, width: float) -> Points:
    return ((left, -200), (left + width, -200), (left + width, 1200), (left, 1200))


MOTIFS: dict[str, tuple[Points, ...]] = {
    "plain": (),
    "stripes": tuple(_band(y, 44) for y in range(60, 1000, 118)),
    "pinstripes": tuple(_upright(x, 9) for x in range(41, 1000, 54)),
    "dots": tuple(
        circle(x + (row % 2) * 45, y, 17)
        for row, y in enumerate(range(40, 1000, 78))
        for x in range(5, 1000, 90)
    ),
    "checks": tuple(_band(y, 22) for y in range(40, 1000, 110))
    + tuple(_upright(x, 22) for x in range(39, 1000, 110)),
}
