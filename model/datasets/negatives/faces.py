"""Heads alone, without shoulders: a cartoon's, and a sketch in lines."""

from random import Random

from model.common.pictograms.style import Colour
from model.datasets.negatives.sketch import Pen, blob, colour, dark, light, near

SKINS: tuple[Colour, ...] = (
    (244, 212, 186), (226, 180, 144), (190, 136, 98), (134, 90, 64), (88, 58, 44),
)  # fmt: skip


def cartoon(random: Random, pen: Pen) -> None:
    """A face in flat colours, of a person or of a yellow ball."""
    if random.random() < 0.25:
        skin: Colour = (250, 206, 60)
        pen.dot(0, 0, 0.85, dark(skin, 0.15))
        pen.dot(0, 0, 0.82, skin)
    else:
        skin = near(random, random.choice(SKINS), 12)
        hair = random.choice(
            ((40, 30, 26), (92, 58, 34), (206, 160, 84), (170, 170, 174), colour(random))
        )
        wide, long = random.uniform(0.5, 0.62), random.random() < 0.4
        pen.polygon(blob(random, 0, -0.2, 0.76, 0.12), hair)
        if long:
            pen.box(-wide - 0.12, -0.3, wide + 0.12, 0.55, hair, radius=0.25)
        pen.box(-0.17, 0.4, 0.17, 0.98, dark(skin, 0.14))
        for side in (-1, 1):
            pen.ellipse(side * wide, 0.02, 0.1, 0.15, dark(skin, 0.08))
        pen.ellipse(0, 0, wide, random.uniform(0.66, 0.74), skin)
        fringe = random.uniform(-0.45, -0.3)
        pen.polygon(
            (
                (-wide, -0.1),
                (-wide * 0.9, -0.62),
                (0, -0.82),
                (wide * 0.9, -0.62),
                (wide, -0.1),
                (wide * 0.6, fringe),
                (-wide * 0.3, fringe - 0.1),
            ),
            hair,
        )
    _features(random, pen, skin)


def _features(random: Random, pen: Pen, skin: Colour) -> None:
    apart, level = random.uniform(0.2, 0.3), random.uniform(-0.15, 0.0)
    ink, iris = dark(skin, 0.85), colour(random, value=(0.2, 0.7))
    reach, shut = random.uniform(0.07, 0.13), random.random() < 0.15
    for side in (-1, 1):
        x = side * apart
        if shut:
            pen.arc((x, level), (reach, reach * 0.7), (10, 170), ink, 0.03)
        else:
            pen.ellipse(x, level, reach, reach * 0.8, (250, 250, 248))
            pen.dot(x + 0.01, level, reach * 0.6, iris)
            pen.dot(x + 0.01, level, reach * 0.3, (16, 16, 20))
        tilt = random.uniform(-0.05, 0.05)
        brow = level - reach - 0.08
        pen.line(((x - 0.12, brow + tilt), (x + 0.12, brow - tilt * side)), dark(skin, 0.7), 0.04)
        if random.random() < 0.4:
            pen.ellipse(x * 1.4, level + 0.28, 0.1, 0.07, near(random, (236, 140, 130)))
    pen.strokes("M 500 500 Q 460 590 480 600 Q 510 620 530 600", dark(skin, 0.35), 0.03)
    mouth = random.uniform(0.3, 0.4)
    if random.random() < 0.6:
        pen.arc(
            (0, mouth - 0.08), (random.uniform(0.14, 0.26), 0.14), (15, 165), (150, 50, 56), 0.045
        )
    else:
        pen.ellipse(0, mouth, random.uniform(0.08, 0.2), random.uniform(0.04, 0.14), (120, 36, 44))
        pen.box(-0.08, mouth - 0.06, 0.08, mouth - 0.02, (248, 246, 240))
    if random.random() < 0.2:
        for side in (-1, 1):
            pen.ring(side * apart, level, 0.18, (40, 40, 46), 0.03)
        pen.line(((-apart + 0.18, level), (apart - 0.18, level)), (40, 40, 46), 0.03)


def sketched(random: Random, pen: Pen) -> None:
    """A face in a pencil's lines, from the front or from the side."""
    ink = near(random, random.choice(((40, 40, 44), (90, 70, 60), (40, 50, 110))), 16)
    width = random.uniform(0.012, 0.04)

    def stroke(text: str) -> None:
        # A pencil goes over a line twice, and never the same way.
        for _ in range(2):
            hand = pen.at(random.gauss(0, 0.012), random.gauss(0, 0.012), 1, random.gauss(0, 0.8))
            hand.strokes(text, ink, width)

    if random.random() < 0.5:
        stroke("M 250 420 Q 240 700 400 850 Q 500 930 600 850 Q 760 700 750 420")
        stroke("M 250 420 Q 220 120 500 100 Q 780 120 750 420")
        stroke("M 400 850 Q 410 920 390 980")
        stroke("M 600 850 Q 590 920 610 980")
        for x in (370, 630):
            stroke(f"M {x - 70} 470 Q {x} 420 {x + 70} 470 Q {x} 510 {x - 70} 470")
            stroke(f"M {x - 80} 400 Q {x} 350 {x + 80} 390")
            pen.ring(x / 500 - 1, -0.07, 0.06, ink, width)
        stroke("M 490 470 Q 450 620 470 630 Q 500 650 540 625")
        stroke("M 400 730 Q 500 700 600 730 Q 500 800 400 730")
        strands = random.randint(6, 30)
        for strand in range(strands):
            x = 260 + 480 * strand // strands
            end = 180 + random.randint(0, 160) + abs(x - 500) // 2
            stroke(f"M 500 110 Q {x} 120 {x} {end}")
    else:
        stroke("M 300 300 Q 290 400 280 440 L 210 570 Q 210 600 270 600 L 260 650 L 290 680")
        stroke("M 290 680 L 265 720 Q 290 760 285 800 Q 330 880 420 850 Q 520 820 560 760")
        stroke("M 300 300 Q 330 120 560 110 Q 800 130 790 420 Q 780 600 690 700 L 700 960")
        stroke("M 480 820 Q 490 900 460 970")
        stroke("M 330 440 Q 380 400 420 450 Q 370 470 330 440")
        stroke("M 310 370 Q 370 330 430 370")
        stroke("M 600 460 Q 680 420 680 520 Q 660 600 610 580 Q 620 520 600 460")
        for _ in range(random.randint(4, 20)):
            x, y = random.randint(420, 760), random.randint(130, 300)
            stroke(f"M {x - 90} {y} Q {x} {y - 40} {x + 40} {y + 160}")
    if random.random() < 0.5:
        for _ in range(14):
            left, low = random.uniform(0.1, 0.35), random.uniform(-0.1, 0.5)
            pen.line(((left, low), (left + 0.1, low - 0.14)), light(ink, 0.4), width / 2)
