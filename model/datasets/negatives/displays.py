"""Screens of other sorts than those to learn from: code, a phone's home screen, a map."""

import math
from random import Random

from PIL import Image

from model.common.pictograms.backgrounds import modulate, noise
from model.common.pictograms.style import Colour, mix
from model.datasets.negatives.light import fade
from model.datasets.negatives.sketch import Pen, Size, blob, colour, doubled, light, near
from model.datasets.negatives.writing import line, page, word, words


def code(random: Random, size: Size) -> Image.Image:
    """A program in an editor, its words in colours."""
    ground = random.choice(((30, 30, 34), (12, 18, 32), (40, 44, 52), (252, 250, 244)))
    bright = sum(ground) > 380
    tones = [
        colour(random, saturation=(0.2, 0.7), value=(0.2, 0.6) if bright else (0.65, 1))
        for _ in range(5)
    ]
    screen, draw = page(size, ground)
    text = max(5.0, min(size) * random.uniform(0.025, 0.05))
    side = text * random.choice((0, 0, 8))
    draw.rectangle((0, 0, side, size[1]), mix(ground, (128, 128, 128), 0.15))
    y, depth, row = text * random.choice((0.4, 2.4)), 0, 1
    while y < size[1]:
        if side:
            line(draw, (text * 0.5, y), word(random)[:7], text * 0.9, tones[4])
        line(draw, (side + text * 0.2, y), str(row), text * 0.9, mix(ground, (128, 128, 128), 0.6))
        x = side + text * (2.4 + 1.6 * depth)
        for _ in range(0 if random.random() < 0.12 else random.randint(1, 6)):
            entry = word(random) + random.choice(("", "(", ")", " =", ":", ".", "()", "[0]", ","))
            line(draw, (x, y), entry, text, random.choice(tones))
            x += text * (0.55 * len(entry) + 0.4)
        depth = max(0, min(6, depth + random.choice((-1, 0, 0, 1))))
        y, row = y + text * 1.4, row + 1
    return screen


def home_screen(random: Random, size: Size) -> Image.Image:
    """A phone's home screen: icons in rows above a wallpaper."""
    screen = fade(size, colour(random), colour(random))
    screen = modulate(screen, noise(random, size, (3, 5)), random.uniform(0, 1))
    screen, draw = doubled(screen)
    width, height = screen.size
    columns = random.randint(3, 6)
    step = width / columns
    icon, rounding = step * random.uniform(0.5, 0.72), random.uniform(0.1, 0.5)
    labelled = random.random() < 0.7
    rows = max(1, int(height / (step * random.uniform(1.0, 1.3))))
    for row in range(rows):
        for column in range(columns):
            if random.random() < 0.15:
                continue
            x, y = step * (column + 0.5), height * (row + 0.5) / rows
            tone = random.choice((colour(random), (246, 246, 248), (30, 30, 36)))
            box = (x - icon / 2, y - icon / 2, x + icon / 2, y + icon / 2)
            draw.rounded_rectangle(box, icon * rounding, tone)
            _sign(random, Pen(draw, (x, y), icon / 2))
            if labelled:
                line(
                    draw,
                    (x - icon * 0.4, y + icon * 0.55),
                    word(random)[:7],
                    icon * 0.24,
                    (250, 250, 250),
                )
            if random.random() < 0.12:
                Pen(draw, (x + icon / 2, y - icon / 2), icon * 0.16).dot(0, 0, 1, (230, 50, 46))
    if random.random() < 0.5:
        line(
            draw,
            (width * 0.04, 2),
            f"{random.randint(0, 23)}:{random.randint(10, 59)}",
            width / 24,
            (255, 255, 255),
        )
    return screen.reduce(2)


def _sign(random: Random, pen: Pen) -> None:
    tone, form = colour(random, value=(0.2, 1)), random.randrange(5)
    if form == 0:
        pen.ring(0, 0, 0.6, tone, 0.15)
    elif form == 1:
        pen.polygon(((-0.35, -0.5), (0.55, 0), (-0.35, 0.5)), tone)
    elif form == 2:
        for x in range(3):
            pen.box(-0.5 + x * 0.35, 0.5 - random.uniform(0.2, 1), -0.25 + x * 0.35, 0.5, tone)
    elif form == 3:
        pen.box(-0.55, -0.35, 0.55, 0.35, tone, radius=0.08)
        pen.line(((-0.5, -0.3), (0, 0.1), (0.5, -0.3)), light(tone, 0.6), 0.08)
    else:
        pen.dot(0, 0, 0.5, tone)
        pen.dot(0.15, -0.15, 0.2, light(tone, 0.5))


def city_map(random: Random, size: Size) -> Image.Image:
    """A map: streets, parks, water, names and a marker."""
    land = random.choice(((242, 239, 231), (234, 234, 238), (38, 44, 56)))
    dim = sum(land) < 380
    park: Colour = (46, 66, 58) if dim else (200, 226, 184)
    water: Colour = (24, 40, 70) if dim else (164, 204, 232)
    street: Colour = (84, 92, 108) if dim else (255, 255, 255)
    screen, draw = doubled(Image.new("RGB", size, near(random, land, 4)))
    width, height = screen.size
    side = min(width, height)
    pen = Pen(draw, (width / 2, height / 2), math.hypot(width, height) / 2, random.uniform(0, 90))
    for _ in range(random.randint(1, 4)):
        x, y = random.uniform(-0.8, 0.8), random.uniform(-0.8, 0.8)
        pen.polygon(blob(random, x, y, random.uniform(0.1, 0.3), 0.4), park)
    if random.random() < 0.6:
        y, phase = random.uniform(-0.5, 0.5), random.uniform(0, 6)
        river = [(-1.1 + n * 0.11, y + 0.12 * math.sin(n * 0.5 + phase)) for n in range(21)]
        pen.line(river, water, random.uniform(0.04, 0.15))
    step = random.uniform(0.12, 0.3)
    for wide, tone in ((0.028, mix(street, (120, 120, 120), 0.35)), (0.02, street)):
        for n in range(-8, 9):
            place = n * step + 0.3 * step * math.sin(n * 7.3)
            pen.line(((-1.1, place), (1.1, place + 0.1 * math.sin(n))), tone, wide)
            pen.line(((place * 1.2, -1.1), (place * 1.2, 1.1)), tone, wide)
    main = [
        (-1.1, random.uniform(-0.6, 0.6)),
        (random.uniform(-0.3, 0.3), 0),
        (1.1, random.uniform(-0.6, 0.6)),
    ]
    pen.line(main, near(random, (226, 170, 90)), 0.045)
    for _ in range(random.randint(3, 12)):
        at = random.uniform(0, width * 0.8), random.uniform(0, height * 0.95)
        line(
            draw,
            at,
            words(random, random.randint(1, 2)),
            side * 0.03,
            (200, 200, 206) if dim else (90, 90, 100),
        )
    for _ in range(random.randint(0, 3)):
        at = random.uniform(0.1, 0.9) * width, random.uniform(0.2, 0.9) * height
        pin = Pen(draw, at, side * 0.06)
        tone = colour(random, saturation=(0.6, 0.9), value=(0.6, 0.9))
        pin.polygon(((-0.5, -0.9), (0.5, -0.9), (0, 0)), tone)
        pin.dot(0, -1.1, 0.56, tone)
        pin.dot(0, -1.1, 0.22, (255, 255, 255))
    return screen.reduce(2)
