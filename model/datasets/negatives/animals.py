"""Simple animals."""

import math
from random import Random

from model.common.pictograms.style import Colour
from model.datasets.negatives.sketch import Pen, blob, colour, dark, light, near

FURS: tuple[Colour, ...] = (
    (226, 150, 76), (70, 66, 70), (150, 146, 144), (240, 234, 226), (146, 100, 64), (206, 176, 130),
)  # fmt: skip


def cat(random: Random, pen: Pen) -> None:
    """A cat that sits, or its face alone."""
    fur = near(random, random.choice(FURS))
    head = pen
    if random.random() < 0.6:
        curl = random.choice(
            ("M 640 900 Q 960 880 900 600", "M 640 900 Q 980 960 960 700 Q 950 600 860 620")
        )
        pen.strokes(curl, dark(fur, 0.15), 0.12)
        pen.path("M 330 950 Q 260 560 420 480 L 580 480 Q 760 600 700 950 Z", fur)
        for x in (420, 540):
            pen.path(
                f"M {x - 40} 960 Q {x - 50} 700 {x} 690 Q {x + 50} 700 {x + 40} 960 Z",
                light(fur, 0.12),
            )
        head = pen.at(0, -0.35, 0.52)
    for side in (-1, 1):
        head.polygon(((side * 0.75, -0.1), (side * 0.68, -0.95), (side * 0.1, -0.55)), fur)
        head.polygon(
            ((side * 0.62, -0.3), (side * 0.61, -0.78), (side * 0.26, -0.52)), (226, 160, 156)
        )
    head.ellipse(0, 0, 0.8, 0.68, fur)
    if random.random() < 0.5:
        for mark in (-0.2, 0.0, 0.2):
            head.line(((mark, -0.64), (mark * 0.8, -0.35)), dark(fur, 0.4), 0.06)
    iris = random.choice(((120, 170, 80), (226, 180, 60), (90, 150, 200)))
    for side in (-1, 1):
        head.ellipse(side * 0.33, -0.08, 0.16, 0.15, iris)
        head.ellipse(side * 0.33, -0.08, 0.05, 0.13, (16, 16, 18))
        for rise in (-0.08, 0.02, 0.12):
            head.line(
                ((side * 0.25, 0.25), (side * 0.95, 0.2 + rise * 1.6)), light(fur, 0.5), 0.012
            )
    head.ellipse(0, 0.28, 0.28, 0.2, light(fur, 0.3))
    head.polygon(((-0.09, 0.14), (0.09, 0.14), (0, 0.24)), (206, 120, 120))
    head.strokes("M 430 660 Q 470 690 500 630 Q 530 690 570 660", dark(fur, 0.5), 0.03)


def dog(random: Random, pen: Pen) -> None:
    """A dog's face, or a dog that stands, from the side."""
    fur = near(random, random.choice(FURS))
    ear = random.choice((dark(fur, 0.35), fur))
    if random.random() < 0.5:
        pen.ellipse(0, 0, 0.66, 0.72, fur)
        if random.random() < 0.5:
            pen.polygon(blob(random, 0.3, -0.15, 0.28, 0.2), ear)
        for side in (-1, 1):
            pen.at(side * 0.62, -0.2, 1, side * -14).ellipse(0, 0.1, 0.2, 0.55, ear)
            pen.dot(side * 0.26, -0.12, 0.1, (30, 24, 22))
            pen.dot(side * 0.26 - 0.03, -0.15, 0.03, (250, 250, 250))
        pen.ellipse(0, 0.34, 0.4, 0.32, light(fur, 0.4))
        if random.random() < 0.6:
            pen.box(-0.12, 0.45, 0.12, 0.85, (222, 110, 120), radius=0.12)
        pen.ellipse(0, 0.18, 0.15, 0.1, (24, 22, 24))
        pen.strokes("M 360 690 Q 430 760 500 670 Q 570 760 640 690", (40, 30, 30), 0.03)
        return
    for x, tone in ((-0.5, dark(fur, 0.25)), (0.38, dark(fur, 0.25)), (-0.62, fur), (0.5, fur)):
        pen.box(x, 0.1, x + 0.14, 0.92, tone, radius=0.06)
    pen.box(-0.66, -0.22, 0.68, 0.36, fur, radius=0.26)
    pen.strokes("M 170 440 Q 60 330 80 220", fur, 0.1)
    pen.path(
        "M 720 480 Q 680 200 800 170 Q 880 160 900 240 L 985 290 "
        "Q 1000 360 930 375 L 880 380 Q 850 470 830 520 Z",
        fur,
    )
    pen.path("M 740 190 Q 680 260 720 390 Q 780 400 800 220 Z", ear)
    pen.dot(0.71, -0.52, 0.035, (20, 18, 18))
    pen.dot(0.96, -0.4, 0.05, (24, 22, 24))
    if random.random() < 0.5:
        pen.polygon(blob(random, random.uniform(-0.4, 0.2), 0.0, 0.2, 0.4), ear)


def fish(random: Random, pen: Pen) -> None:
    """A fish from the side."""
    tone, fin = colour(random, saturation=(0.3, 0.9), value=(0.4, 1)), colour(random)
    tall = random.uniform(0.28, 0.55)
    pen.polygon(((0.5, 0), (0.98, -0.4), (0.85, 0), (0.98, 0.4)), fin)
    pen.polygon(((-0.3, -tall * 0.8), (0.1, -tall - 0.25), (0.4, -tall * 0.5)), fin)
    pen.polygon(((-0.1, tall * 0.8), (0.1, tall + 0.2), (0.3, tall * 0.6)), fin)
    points = []
    for step in range(40):
        angle = math.tau * step / 40
        points.append(
            (-0.12 + 0.72 * math.cos(angle), tall * math.sin(angle) * (1 - 0.3 * math.cos(angle)))
        )
    pen.polygon(points, tone)
    if random.random() < 0.5:
        for x in (-0.35, -0.05, 0.25):
            half = tall * (0.9 - abs(x))
            pen.box(x, -half, x + 0.12, half, light(tone, 0.5), radius=0.05)
    else:
        for row in range(5):
            for column in range(5):
                pen.arc(
                    (-0.25 + column * 0.16, (row - 2) * tall * 0.3),
                    (0.07, 0.07),
                    (90, 270),
                    dark(tone, 0.25),
                    0.015,
                )
    pen.arc((-0.4, 0), (0.12, tall * 0.8), (-80, 80), dark(tone, 0.3), 0.03)
    pen.dot(-0.6, -tall * 0.25, 0.08, (250, 250, 246))
    pen.dot(-0.61, -tall * 0.25, 0.045, (14, 14, 16))


def perched(random: Random, pen: Pen) -> None:
    """A bird that perches."""
    tone = colour(random, saturation=(0.1, 0.8))
    wing, beak = random.choice((dark(tone, 0.3), colour(random))), near(random, (236, 166, 50))
    pen.path("M 640 640 L 960 860 L 900 930 L 600 760 Z", dark(tone, 0.2))
    for x in (0.0, 0.14):
        pen.line(((x, 0.5), (x + 0.02, 0.9)), (150, 110, 60), 0.04)
    pen.path(
        "M 220 420 Q 180 760 480 800 Q 680 800 780 700 "
        "Q 620 520 560 400 Q 540 180 360 180 Q 210 200 220 420 Z",
        tone,
    )
    pen.path("M 250 560 Q 260 760 460 780 Q 560 780 600 760 Q 400 700 340 520 Z", light(tone, 0.5))
    pen.path("M 480 480 Q 460 680 780 740 Q 700 520 560 460 Z", wing)
    pen.path("M 225 290 L 90 340 L 225 370 Z", beak)
    pen.dot(-0.34, -0.42, 0.05, (16, 16, 18))
    if random.random() < 0.7:
        pen.line(((-0.9, 0.92), (0.9, 0.9)), (104, 78, 54), 0.1)


def flying(random: Random, pen: Pen) -> None:
    """A bird that flies."""
    tone = colour(random, saturation=(0.0, 0.8))
    wing, beak = random.choice((dark(tone, 0.3), colour(random))), near(random, (236, 166, 50))
    pen.path("M 420 480 Q 300 150 60 110 Q 120 300 330 560 Z", wing)
    pen.path("M 560 480 Q 640 150 900 90 Q 860 320 640 570 Z", dark(wing, 0.2))
    body = "M 230 500 Q 320 430 480 460 Q 700 490 940 700 Q 600 720 420 640 Q 260 600 230 500 Z"
    pen.path(body, tone)
    pen.path("M 240 480 L 130 530 L 250 540 Z", beak)
    pen.dot(-0.42, -0.02, 0.03, (16, 16, 18))
