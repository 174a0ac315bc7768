"""Predictions to draw, photos, and what a drawn chart shows."""

import itertools

from PIL import Image, ImageColor

from model.common import chart_elements as elements
from model.common.prediction import Prediction, Verdict
from model.serving.chart_layout import LEFT, Layout
from tests.drawings import scene

PROBABILITIES = (0.40, 0.02, 0.05, 0.01, 0.10, 0.0, 0.30, 0.02, 0.06, 0.04)
PHOTO = scene(6, 1, (120, 160))
PAINT = (200, 10, 10)
TALL, WIDE = Image.new("RGB", (300, 400), PAINT), Image.new("RGB", (400, 300), PAINT)
VERDICTS: tuple[Verdict, ...] = ("sure", "unsure", "none")


def predicted(
    verdict: Verdict = "sure",
    probabilities: tuple[float, ...] = PROBABILITIES,
    garment_score: float = 0.9,
) -> Prediction:
    return Prediction(
        probabilities=probabilities, garment_score=garment_score, verdict=verdict, model="test"
    )


def bars(picture: Image.Image, layout: Layout = LEFT) -> list[dict[str, int]]:
    """For each bar, from above: how many pixels of its middle line have which colour."""
    colours = [elements.BLUE, elements.RED, elements.MUTED]
    x = layout.width - layout.margin - layout.bar // 2
    on = {ImageColor.getrgb(each) for each in [elements.TRACK, *colours]}
    is_bar = [picture.getpixel((x, y)) in on for y in range(picture.height)]
    found, y = [], 0
    for inside, run in itertools.groupby(is_bar):
        height = len(list(run))
        if inside and height >= layout.bar - 3:
            line = picture.crop((layout.left, y + height // 2, x, y + height // 2 + 1))
            counts = {colour: count for count, colour in line.getcolors(1000) or []}
            found.append({each: counts.get(ImageColor.getrgb(each), 0) for each in colours})
        y += height
    return found


def coloured(picture: Image.Image, colour: str, layout: Layout = LEFT) -> list[int]:
    """The bars of this colour, counted from above."""
    return [place for place, bar in enumerate(bars(picture, layout)) if bar[colour]]
