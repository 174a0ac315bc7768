"""Things of a household, each alone: what the network may be trained on."""

import math
from random import Random

from model.common.pictograms.style import Colour, mix
from model.datasets.negatives.sketch import Pen, blob, colour, dark, light, near


def mug(random: Random, pen: Pen) -> None:
    """A mug with a handle, from the side."""
    tone = colour(random)
    wide, tall = random.uniform(0.4, 0.6), random.uniform(0.45, 0.7)
    narrow = wide * random.uniform(0.7, 1.0)
    reach = random.uniform(0.2, 0.3)
    thick = random.uniform(0.08, 0.14)
    pen.arc((wide * 0.9, 0), (reach + 0.08, tall * 0.55), (-100, 100), dark(tone, 0.12), thick)
    pen.polygon(((-wide, -tall), (wide, -tall), (narrow, tall), (-narrow, tall)), tone)
    pen.ellipse(0, tall, narrow, 0.1, tone)
    pen.ellipse(0, -tall, wide, 0.13, light(tone, 0.35))
    inside = random.choice(((70, 44, 30), (150, 90, 40), dark(tone, 0.45)))
    pen.ellipse(0, -tall + 0.02, wide * 0.9, 0.1, inside)
    if random.random() < 0.5:
        pen.polygon(blob(random, 0, 0.05, 0.22, 0.4), colour(random))


def bottle(random: Random, pen: Pen) -> None:
    """A bottle of glass or plastic, with a label."""
    tone = colour(random, saturation=(0.1, 0.8), value=(0.15, 0.85))
    body, neck = random.uniform(0.2, 0.36), random.uniform(0.07, 0.12)
    shoulder, tall = random.uniform(-0.45, -0.1), 0.95
    points = [(neck, -tall)]
    for step in range(9):
        part = step / 8
        width = neck + (body - neck) * (0.5 - 0.5 * math.cos(math.pi * part))
        points.append((width, shoulder - 0.2 + 0.3 * part))
    points += [(body, tall - 0.04), (body - 0.05, tall)]
    pen.polygon([*points, *((-x, y) for x, y in points[::-1])], tone)
    pen.box(-neck * 1.15, -tall - 0.03, neck * 1.15, -tall + 0.12, colour(random), radius=0.02)
    if random.random() < 0.8:
        top = random.uniform(0.2, 0.3)
        pen.box(-body, top, body, top + random.uniform(0.25, 0.5), near(random, (236, 228, 210)))
        pen.box(-body * 0.6, top + 0.08, body * 0.6, top + 0.14, colour(random))
    pen.box(-body * 0.75, shoulder + 0.2, -body * 0.6, tall - 0.12, light(tone, 0.5), radius=0.05)


def chair(random: Random, pen: Pen) -> None:
    """A wooden chair, a little from the side."""
    wood = colour(random, (0.02, 0.14), (0.1, 0.8), (0.25, 0.95))
    wide, leg = random.uniform(0.38, 0.5), random.uniform(0.05, 0.09)
    skew = random.uniform(0.1, 0.25)
    for x, y in ((-wide + skew, -0.05), (wide - leg, 0.0)):
        pen.box(x, y, x + leg, 0.75, dark(wood, 0.35))
    pen.box(-wide, -0.95, -wide + leg, 0.1, wood)
    pen.box(wide - leg - skew * 0.4, -0.95, wide - skew * 0.4, 0.1, wood)
    if random.random() < 0.5:
        for row in range(count := random.randint(2, 4)):
            y = -0.92 + row * 0.75 / count
            pen.box(-wide, y, wide - skew * 0.4, y + 0.11, light(wood, 0.1))
    else:
        pen.box(-wide, -0.95, wide - skew * 0.4, -0.82, light(wood, 0.1))
        for column in range(count := random.randint(3, 6)):
            x = -wide + (2 * wide - skew) * (column + 0.7) / count
            pen.box(x, -0.85, x + 0.04, 0.05, wood)
    seat = random.choice((wood, colour(random)))
    pen.polygon(((-wide, 0), (wide - skew, 0), (wide + skew * 0.4, 0.22), (-wide, 0.22)), seat)
    pen.box(-wide, 0.22, wide + skew * 0.4, 0.3, dark(wood, 0.2))
    for x in (-wide, wide + skew * 0.4 - leg):
        pen.box(x, 0.25, x + leg, 0.98, dark(wood, 0.1))


def book(random: Random, pen: Pen) -> None:
    """A closed book's cover, or an open book's pages."""
    tone = colour(random)
    if random.random() < 0.5:
        wide, tall = random.uniform(0.5, 0.68), random.uniform(0.75, 0.95)
        pen.box(-wide + 0.05, -tall + 0.05, wide + 0.05, tall + 0.04, (232, 226, 212))
        pen.box(-wide, -tall, wide, tall, tone, radius=0.02)
        pen.box(-wide, -tall, -wide + 0.1, tall, dark(tone, 0.25))
        ink = random.choice((light(tone, 0.8), colour(random)))
        for row in range(random.randint(1, 3)):
            half = wide * random.uniform(0.3, 0.6)
            pen.box(-half, -tall * 0.7 + row * 0.17, half, -tall * 0.7 + row * 0.17 + 0.08, ink)
        pen.polygon(blob(random, 0, tall * 0.25, wide * 0.4, 0.4), colour(random))
        return
    wide, tall = 0.95, random.uniform(0.55, 0.7)
    pen.box(-wide, -tall, wide, tall, tone, radius=0.03)
    for side in (-1, 1):
        page = near(random, (244, 238, 224), 6)
        left, right = sorted((0.0, side * (wide - 0.05)))
        pen.box(left, -tall + 0.04, right, tall - 0.05, page)
        left, right = sorted((0.0, side * 0.08))
        pen.box(left, -tall + 0.04, right, tall - 0.05, dark(page, 0.15))
        for row in range(14):
            y = -tall + 0.18 + row * (2 * tall - 0.35) / 14
            end = wide - 0.15 - (random.uniform(0, 0.4) if random.random() < 0.2 else 0)
            a, b = sorted((side * 0.14, side * end))
            pen.box(a, y, b, y + 0.022, (120, 116, 112))


def laptop(random: Random, pen: Pen) -> None:
    """An open laptop from the front."""
    shell = random.choice(((190, 192, 196), (60, 62, 68), (220, 208, 196)))
    screen, wide = colour(random, value=(0.1, 1)), random.uniform(0.72, 0.85)
    tall = random.uniform(0.75, 1.0)
    pen.box(-wide, -tall, wide, 0.25, dark(shell, 0.6), radius=0.05)
    pen.box(-wide + 0.05, -tall + 0.06, wide - 0.05, 0.18, screen)
    for _ in range(random.randint(0, 7)):
        x, y = random.uniform(-wide + 0.1, 0.2), random.uniform(-tall + 0.1, 0.0)
        pen.box(x, y, x + random.uniform(0.1, 0.4), y + random.uniform(0.02, 0.14), colour(random))
    pen.polygon(((-wide, 0.25), (wide, 0.25), (0.98, 0.72), (-0.98, 0.72)), shell)
    pen.box(-0.98, 0.72, 0.98, 0.77, dark(shell, 0.3))
    for row in range(4):
        y, half = 0.3 + row * 0.07, wide * 0.88 + row * 0.02
        for key in range(12):
            x = -half + 2 * half * key / 12
            pen.box(x, y, x + half / 8, y + 0.05, dark(shell, 0.7))
    pen.box(-0.22, 0.6, 0.22, 0.7, dark(shell, 0.15))


def plant(random: Random, pen: Pen) -> None:
    """A plant in a pot."""
    pot = random.choice((colour(random), (186, 104, 70), (230, 228, 222)))
    wide, tall = random.uniform(0.3, 0.45), random.uniform(0.4, 0.6)
    green = colour(random, (0.22, 0.42), (0.3, 0.8), (0.3, 0.75))
    pen.ellipse(0, 0.9 - tall, wide, 0.08, (70, 52, 40))
    slim = random.uniform(0.06, 0.2)
    for _ in range(random.randint(6, 22)):
        lean, reach = random.gauss(0, 40), random.uniform(0.5, 1.1)
        leaf = pen.at(0, 0.9 - tall, reach, lean)
        tone = near(random, green, 28)
        leaf.line(((0, 0), (0, -0.5)), dark(tone, 0.2), 0.02)
        leaf.polygon(
            (
                (0, -0.2),
                (slim, -0.5),
                (slim * 0.8, -0.8),
                (0, -1),
                (-slim, -0.75),
                (-slim * 0.8, -0.45),
            ),
            tone,
        )
        leaf.line(((0, -0.25), (0, -0.9)), light(tone, 0.25), 0.015)
    low = wide * random.uniform(0.6, 0.95)
    pen.polygon(((-wide, 0.9 - tall), (wide, 0.9 - tall), (low, 0.95), (-low, 0.95)), pot)
    pen.box(-wide - 0.04, 0.9 - tall, wide + 0.04, 1.0 - tall, light(pot, 0.12))


def clock(random: Random, pen: Pen) -> None:
    """A round clock with hands."""
    rim, face = colour(random), near(random, random.choice(((246, 244, 238), (40, 42, 48))))
    ink: Colour = (30, 30, 34) if sum(face) > 380 else (236, 236, 230)
    pen.dot(0, 0, 0.95, rim)
    pen.dot(0, 0, random.uniform(0.78, 0.88), face)
    for hour in range(12):
        mark = pen.at(0, 0, 1, 30 * hour)
        mark.box(-0.02, -0.76, 0.02, -0.6 if hour % 3 == 0 else -0.68, ink)
    for reach, width in ((0.4, 0.06), (0.62, 0.04)):
        hand = pen.at(0, 0, 1, random.uniform(0, 360))
        hand.line(((0, 0.08), (0, -reach)), ink, width)
    pen.dot(0, 0, 0.05, rim)


def phone(random: Random, pen: Pen) -> None:
    """A phone, its screen lit or dark, or its back."""
    shell, wide = colour(random, value=(0.1, 0.8)), random.uniform(0.42, 0.5)
    pen.box(-wide, -0.95, wide, 0.95, shell, radius=0.12)
    if random.random() < 0.3:
        pen.box(-wide + 0.08, -0.87, -wide + 0.4, -0.45, dark(shell, 0.3), radius=0.08)
        for y in (-0.76, -0.57):
            pen.dot(-wide + 0.2, y, 0.07, (20, 20, 26))
        return
    screen = random.choice(((14, 14, 18), colour(random), colour(random)))
    pen.box(-wide + 0.04, -0.9, wide - 0.04, 0.9, screen, radius=0.09)
    if screen != (14, 14, 18):
        y = -0.75
        while y < 0.7:
            step = random.uniform(0.06, 0.3)
            pen.box(
                -wide + 0.1,
                y,
                wide * random.uniform(0, 0.8),
                y + step * 0.7,
                near(random, screen, 60),
                radius=0.03,
            )
            y += step
    pen.box(-0.1, -0.87, 0.1, -0.82, (10, 10, 12), radius=0.03)


def ball(random: Random, pen: Pen) -> None:
    """A ball: of one colour, in panels, or with lines."""
    tone, other = colour(random), colour(random)
    pen.dot(0, 0, 0.9, tone)
    form = random.randrange(3)
    if form == 0:
        for turn in range(0, 360, 60):
            part = pen.at(0, 0, 1, turn)
            part.polygon(
                [(0, 0), *((0.9 * math.sin(a / 10), -0.9 * math.cos(a / 10)) for a in range(6))],
                other,
            )
        pen.dot(0, 0, 0.12, mix(tone, other, 0.5))
    elif form == 1:
        for middle in ((-0.95, 0), (0.95, 0)):
            start = -58 if middle[0] < 0 else 122
            pen.arc(middle, (0.62, 0.75), (start, start + 116), other, 0.05)
        pen.line(((-0.88, 0), (0.88, 0)), other, 0.04)
    else:
        for x, y in ((0, 0), (0, -0.7), (0.66, -0.2), (0.4, 0.6), (-0.4, 0.6), (-0.66, -0.2)):
            patch = pen.at(x, y, 0.22)
            patch.polygon(
                [(math.sin(math.tau * n / 5), -math.cos(math.tau * n / 5)) for n in range(5)], other
            )
    pen.ellipse(-0.3, -0.4, 0.16, 0.1, light(tone, 0.5))


def lamp(random: Random, pen: Pen) -> None:
    """A desk lamp whose arm bends at a joint."""
    tone, steel = colour(random), (120, 122, 128)
    pen.ellipse(0, 0.88, random.uniform(0.3, 0.45), 0.09, dark(tone, 0.2))
    joint = random.uniform(-0.5, -0.2), random.uniform(-0.1, 0.15)
    head = random.uniform(0.0, 0.3), random.uniform(-0.8, -0.55)
    pen.line(((0, 0.85), joint, head), steel, 0.05)
    pen.dot(*joint, 0.06, dark(steel, 0.3))
    cone = pen.at(*head, 0.5, random.uniform(-60, -20))
    cone.polygon(((-0.25, -0.3), (0.25, -0.3), (0.75, 0.6), (-0.75, 0.6)), tone)
    cone.ellipse(0, 0.6, 0.75, 0.18, (255, 240, 190))


def cutlery(random: Random, pen: Pen) -> None:
    """A fork, a knife and a spoon, or some of them."""
    steel = near(random, (176, 180, 186), 20)
    chosen = random.sample(("fork", "knife", "spoon"), random.randint(1, 3))
    handle = random.choice((steel, steel, colour(random)))
    for index, piece in enumerate(chosen):
        part = pen.at((index - (len(chosen) - 1) / 2) * 0.5, 0, 1, random.uniform(-5, 5))
        part.box(-0.05, 0.0, 0.05, 0.95, handle, radius=0.05)
        part.box(-0.03, -0.4, 0.03, 0.1, steel)
        if piece == "spoon":
            part.ellipse(0, -0.65, 0.16, 0.28, steel)
            part.ellipse(0, -0.65, 0.11, 0.21, dark(steel, 0.2))
        elif piece == "knife":
            part.polygon(
                ((-0.06, 0.1), (-0.06, -0.9), (0.04, -0.95), (0.1, -0.5), (0.06, 0.1)), steel
            )
        else:
            part.box(-0.14, -0.62, 0.14, -0.36, steel, radius=0.12)
            for x in (-0.12, -0.04, 0.04, 0.12):
                part.line(((x, -0.5), (x, -0.92)), steel, 0.04)


def tool(random: Random, pen: Pen) -> None:
    """A hammer, a screwdriver or a wrench."""
    steel, handle = near(random, (130, 132, 140), 24), colour(random)
    form = random.randrange(3)
    if form == 0:
        pen.box(-0.07, -0.6, 0.07, 0.95, handle, radius=0.06)
        pen.box(-0.45, -0.85, 0.3, -0.58, steel, radius=0.04)
        pen.polygon(((0.3, -0.85), (0.62, -0.62), (0.3, -0.64)), steel)
    elif form == 1:
        pen.box(-0.05, -0.95, 0.05, 0.2, steel)
        pen.box(-0.16, 0.1, 0.16, 0.95, handle, radius=0.12)
        pen.box(-0.03, 0.2, 0.03, 0.85, dark(handle), radius=0.03)
    else:
        pen.box(-0.11, -0.5, 0.11, 0.6, steel, radius=0.04)
        for y, turn in ((-0.65, 0), (0.72, 165)):
            end = pen.at(0, y, 1, turn)
            angles = [math.radians(-60 + 10 * step) for step in range(31)]
            jaws = [(0.27 * math.cos(a), 0.27 * math.sin(a)) for a in angles]
            end.polygon([*jaws, (-0.13, 0.0), (0.13, 0.0)], steel)
