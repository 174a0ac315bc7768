"""Food and drink, from above or from the side."""

import math
from random import Random

from model.common.pictograms.style import Colour
from model.datasets.negatives.sketch import Pen, blob, colour, dark, light, near

FRUIT: tuple[tuple[float, float], ...] = ((-0.02, 0.03), (0.06, 0.1), (0.12, 0.17), (0.22, 0.33))


def pizza(random: Random, pen: Pen) -> None:
    """A pizza from above, whole or cut, with what lies on it."""
    if random.random() < 0.6:
        pen.dot(0, 0, 1.0, near(random, random.choice(((238, 236, 230), (150, 104, 66)))))
    crust = colour(random, (0.07, 0.1), (0.5, 0.7), (0.65, 0.85))
    pen.polygon(blob(random, 0, 0, 0.9, 0.04), crust)
    pen.polygon(blob(random, 0, 0, 0.8, 0.05), colour(random, (0.0, 0.04), (0.7, 0.9), (0.6, 0.8)))
    cheese = colour(random, (0.1, 0.15), (0.35, 0.6), (0.85, 1))
    pen.polygon(blob(random, 0, 0, 0.75, 0.1), cheese)
    for _ in range(random.randint(8, 30)):
        x, y = _inside(random, 0.7)
        pen.polygon(
            blob(random, x, y, random.uniform(0.05, 0.16), 0.5, corners=18),
            near(random, cheese, 24),
        )
    toppings = random.sample(
        (
            (176, 46, 38),
            (60, 104, 44),
            (40, 36, 40),
            (224, 206, 176),
            (206, 70, 50),
            (240, 226, 180),
        ),
        random.randint(1, 3),
    )
    for tone in toppings:
        reach, whole = random.uniform(0.05, 0.15), random.random() < 0.6
        for _ in range(random.randint(5, 16)):
            x, y = _inside(random, 0.66)
            if whole:
                pen.dot(x, y, reach, dark(tone, 0.25))
                pen.dot(x, y, reach * 0.85, near(random, tone))
            else:
                leaf = pen.at(x, y, reach * 1.4, random.uniform(0, 360))
                leaf.ellipse(0, 0, 1, 0.45, near(random, tone))
    if random.random() < 0.5:
        for cut in range(4):
            angle = math.radians(45 * cut + 10)
            x, y = 0.88 * math.cos(angle), 0.88 * math.sin(angle)
            pen.line(((-x, -y), (x, y)), dark(crust, 0.4), 0.02)


def plate(random: Random, pen: Pen) -> None:
    """A plate from above with heaps of food, sauce and leaves."""
    china = random.choice(((244, 243, 240), (60, 66, 76), (214, 224, 226), colour(random)))
    pen.dot(0, 0, 0.98, dark(china, 0.12))
    pen.dot(0, 0, 0.95, china)
    pen.dot(0, 0, 0.7, dark(china, 0.06))
    for _ in range(random.randint(2, 5)):
        x, y = _inside(random, 0.42)
        tone = colour(random, (-0.02, 0.35), (0.2, 0.85), (0.4, 0.95))
        reach, form = random.uniform(0.18, 0.36), random.randrange(4)
        if form == 0:
            pen.polygon(blob(random, x, y, reach, 0.3), dark(tone))
            pen.polygon(blob(random, x, y - 0.02, reach * 0.9, 0.3), tone)
        elif form == 1:
            for _ in range(40):
                grain = random.gauss(x, reach / 2.2), random.gauss(y, reach / 2.2)
                pen.dot(*grain, random.uniform(0.02, 0.06), near(random, tone, 30))
        elif form == 2:
            for _ in range(18):
                strand = pen.at(
                    random.gauss(x, 0.06), random.gauss(y, 0.06), 1, random.uniform(0, 360)
                )
                span = random.uniform(60, 200)
                radii = (reach * random.uniform(0.3, 1), reach * random.uniform(0.3, 0.9))
                strand.arc((0, 0), radii, (0, span), near(random, tone, 24), 0.035)
        else:
            for _ in range(8):
                leaf = pen.at(
                    random.gauss(x, 0.12),
                    random.gauss(y, 0.12),
                    reach * 0.6,
                    random.uniform(0, 360),
                )
                green = colour(random, (0.2, 0.36), (0.4, 0.8), (0.35, 0.8))
                leaf.polygon(blob(random, 0, 0, 0.9, 0.5), green)
                leaf.line(((-0.7, 0), (0.7, 0)), light(green), 0.06)
    if random.random() < 0.4:
        pen.polygon(blob(random, *_inside(random, 0.3), 0.16, 0.1), (250, 246, 236))
        pen.dot(*_inside(random, 0.2), 0.08, (240, 176, 40))


def fruit(random: Random, pen: Pen) -> None:
    """A round fruit, a banana, a bunch of grapes or a slice of melon."""
    form = random.randrange(4)
    tone = colour(random, random.choice(FRUIT), (0.6, 0.95), (0.6, 0.95))
    if form == 0:
        dip = random.uniform(0.0, 0.12)
        points = []
        for step in range(48):
            angle = math.tau * step / 48
            reach = 0.8 * (1 - dip * math.exp(-6 * (1 + math.sin(angle))) * 2)
            points.append((reach * math.cos(angle), reach * math.sin(angle)))
        pen.polygon(points, tone)
        pen.polygon(blob(random, -0.1, -0.1, 0.55, 0.2), light(tone, 0.08))
        pen.line(((0, -0.7), (0.08, -0.98)), (84, 60, 40), 0.05)
        leaf = pen.at(0.1, -0.88, 0.3, random.uniform(-40, 20))
        leaf.ellipse(0.7, 0, 0.7, 0.3, (84, 136, 58))
        pen.ellipse(-0.35, -0.35, 0.12, 0.08, light(tone, 0.5))
    elif form == 1:
        yellow = colour(random, (0.12, 0.17), (0.6, 0.85), (0.85, 1))
        outer = "M 80 300 Q 200 760 620 800 Q 820 800 930 690 L 960 720 L 900 620 "
        pen.path(outer + "Q 700 700 500 600 Q 260 480 150 260 L 110 230 Z", yellow)
        pen.strokes("M 110 290 Q 260 640 620 720 Q 780 730 900 650", dark(yellow, 0.2), 0.03)
        pen.path("M 80 300 L 150 260 L 110 200 L 70 220 Z", (96, 76, 46))
    elif form == 2:
        grape = colour(random, random.choice(((0.2, 0.26), (0.75, 0.9))), (0.4, 0.8), (0.3, 0.8))
        pen.line(((0, -0.95), (0, -0.5)), (110, 84, 50), 0.05)
        for row in range(6):
            for column in range(6 - row):
                x, y = (column - (5 - row) / 2) * 0.26, -0.55 + row * 0.24
                pen.dot(x + random.uniform(-0.03, 0.03), y, 0.16, near(random, dark(grape, 0.2)))
                pen.dot(x - 0.02, y - 0.02, 0.13, near(random, grape))
                pen.dot(x - 0.05, y - 0.06, 0.03, light(grape, 0.6))
    else:
        rind = colour(random, (0.28, 0.4), (0.5, 0.8), (0.3, 0.6))
        flesh = colour(random, random.choice(((-0.03, 0.02), (0.06, 0.1))), (0.6, 0.8), (0.8, 0.95))
        for reach, tint in ((0.95, rind), (0.86, (226, 236, 190)), (0.8, flesh)):
            steps = [math.pi * step / 24 for step in range(25)]
            pen.polygon([(reach * math.cos(a), reach * math.sin(a) - 0.4) for a in steps], tint)
        for _ in range(14):
            angle, reach = random.uniform(0.3, 2.8), random.uniform(0.3, 0.65)
            pen.dot(reach * math.cos(angle), reach * math.sin(angle) - 0.4, 0.03, (40, 26, 22))


def coffee(random: Random, pen: Pen) -> None:
    """A cup from above on its saucer."""
    china = random.choice(((244, 243, 240), (50, 54, 62), colour(random)))
    if random.random() < 0.75:
        pen.dot(0, 0, 0.97, dark(china, 0.1))
        pen.dot(0, 0, 0.93, china)
        pen.dot(0, 0, 0.6, dark(china, 0.08))
    handle = pen.at(0, 0, 1, random.uniform(0, 360))
    handle.box(0.4, -0.07, 0.86, 0.07, dark(china, 0.04), radius=0.06)
    pen.dot(0, 0, 0.6, light(china, 0.3))
    pen.dot(0, 0, 0.54, dark(china, 0.2))
    drink = colour(random, (0.05, 0.09), (0.45, 0.8), (0.2, 0.65))
    pen.dot(0, 0, 0.5, drink)
    foam = light(drink, random.uniform(0.3, 0.7))
    form = random.randrange(4)
    if form == 0:
        pen.polygon(blob(random, 0, 0, 0.38, 0.3), foam)
        pen.polygon(blob(random, 0, 0, 0.22, 0.5), light(drink, 0.15))
    elif form == 1:
        for row in range(5):
            y = -0.25 + row * 0.12
            pen.arc((0, y - 0.2), (0.3 - row * 0.04, 0.2), (20, 160), foam, 0.05)
    elif form == 2:
        for _ in range(30):
            pen.dot(*_inside(random, 0.46), random.uniform(0.01, 0.04), foam)
    if random.random() < 0.4:
        spoon = pen.at(0.0, 0.78, 0.5, random.uniform(-20, 20))
        spoon.line(((-0.6, 0), (1, 0)), (180, 184, 190), 0.1)
        spoon.ellipse(-0.8, 0, 0.3, 0.18, (196, 200, 206))


def burger(random: Random, pen: Pen) -> None:
    """A burger from the side, its layers one upon the other."""
    bun = colour(random, (0.07, 0.1), (0.5, 0.75), (0.65, 0.9))
    y = 0.75
    pen.box(-0.78, y - 0.28, 0.78, y, dark(bun, 0.08), radius=0.14)
    y -= 0.26
    layers = random.sample(("meat", "cheese", "leaf", "tomato", "meat"), random.randint(3, 5))
    for layer in layers:
        half = random.uniform(0.76, 0.88)
        if layer == "meat":
            pen.box(-half, y - 0.2, half, y + 0.02, near(random, (92, 56, 38)), radius=0.1)
            y -= 0.17
        elif layer == "cheese":
            drips = [(half - 2 * half * n / 8, y + (0.12 if n % 2 else 0.0)) for n in range(9)]
            pen.polygon([(-half, y - 0.07), (half, y - 0.07), *drips], (244, 190, 60))
            y -= 0.06
        elif layer == "leaf":
            waves = [(half - 2 * half * n / 20, y + 0.05 * math.sin(n * 1.9)) for n in range(21)]
            pen.polygon([(-half, y - 0.1), (half, y - 0.1), *waves], near(random, (112, 166, 64)))
            y -= 0.09
        else:
            pen.box(-half * 0.9, y - 0.11, half * 0.9, y, near(random, (206, 58, 44)), radius=0.05)
            y -= 0.1
    dome = [
        (0.8 * math.cos(a), y + 0.02 + 0.55 * math.sin(a))
        for a in (math.pi + math.pi * step / 24 for step in range(25))
    ]
    pen.polygon(dome, bun)
    for _ in range(random.randint(0, 26)):
        angle, reach = random.uniform(3.5, 5.9), random.uniform(0.4, 0.9)
        seed = pen.at(
            0.75 * reach * math.cos(angle),
            y + 0.5 * reach * math.sin(angle),
            0.04,
            random.uniform(0, 90),
        )
        seed.ellipse(0, 0, 1, 0.55, (246, 232, 196))


def cake(random: Random, pen: Pen) -> None:
    """A wedge of cake from the side, in layers."""
    crumb = colour(random, (0.04, 0.13), (0.3, 0.7), (0.3, 0.95))
    cream: Colour = random.choice(((250, 244, 234), (236, 170, 186), (92, 58, 42)))
    rows = random.randint(2, 4)
    tall = 1.1 / rows
    for row in range(rows):
        y = 0.65 - (row + 1) * tall
        pen.polygon(
            ((-0.9, y), (0.8, y + 0.05), (0.8, y + tall + 0.05), (-0.9, y + tall)),
            near(random, crumb),
        )
        pen.polygon(((-0.9, y), (0.8, y + 0.05), (0.8, y + 0.14), (-0.9, y + 0.09)), cream)
    top = 0.65 - rows * tall
    pen.polygon(((-0.9, top), (0.3, top - 0.25), (0.8, top + 0.05)), light(cream, 0.2))
    pen.dot(0.05, top - 0.15, 0.16, colour(random, (-0.03, 0.02), (0.7, 0.9), (0.6, 0.85)))


def _inside(random: Random, reach: float) -> tuple[float, float]:
    """A point by chance in a circle."""
    angle, distance = random.uniform(0, math.tau), reach * math.sqrt(random.random())
    return distance * math.cos(angle), distance * math.sin(angle)
