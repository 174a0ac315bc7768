"""Places of other sorts than those to learn from: a city's houses, and flowers close by."""

import math
from random import Random

from PIL import Image

from model.common.pictograms.backgrounds import modulate, noise
from model.common.pictograms.style import mix
from model.datasets.negatives import grounds
from model.datasets.negatives.light import fade
from model.datasets.negatives.sketch import Pen, Size, colour, dark, doubled, light, near


def city(random: Random, size: Size) -> Image.Image:
    """A skyline by day or at night, its windows in rows."""
    night = random.random() < 0.4
    top = colour(random, (0.55, 0.7), (0.2, 0.7), (0.05, 0.3) if night else (0.6, 0.95))
    low = colour(
        random,
        random.choice(((0.05, 0.1), (0.55, 0.65))),
        (0.1, 0.5),
        (0.2, 0.5) if night else (0.8, 1),
    )
    picture, draw = doubled(fade(size, top, low))
    width, height = picture.size
    street = height * random.uniform(0.8, 1.0)
    wall = colour(random, saturation=(0, 0.35), value=(0.25, 0.8))
    for row in range(rows := random.randint(1, 3)):
        x = -width * random.uniform(0, 0.1)
        while x < width:
            wide = width * random.uniform(0.08, 0.28)
            tall = height * random.uniform(0.2, 0.7) * (1 - 0.25 * row)
            tone = mix(low, near(random, dark(wall, 0.5 if night else 0.0), 30), (row + 1) / rows)
            draw.rectangle((x, street - tall, x + wide, height), tone)
            if random.random() < 0.3:
                draw.polygon(
                    (
                        (x, street - tall),
                        (x + wide / 2, street - tall - wide / 2),
                        (x + wide, street - tall),
                    ),
                    dark(tone, 0.2),
                )
            elif random.random() < 0.3:
                draw.line(
                    (x + wide / 2, street - tall - wide * 0.6, x + wide / 2, street - tall), tone, 4
                )
            pane = max(4.0, width * random.uniform(0.015, 0.035))
            y = street - tall + pane
            while y < street and row == rows - 1:
                for column in range(int((wide - pane) / (pane * 1.8))):
                    left = x + pane * (0.8 + 1.8 * column)
                    lit = random.random() < (0.4 if night else 0.05)
                    glass = (250, 220, 140) if lit else dark(tone, 0.3)
                    draw.rectangle((left, y, left + pane, y + pane * 1.2), glass)
                y += pane * 2.2
            x += wide * random.uniform(0.9, 1.2)
    if street < height:
        draw.rectangle((0, street, width, height), near(random, (80, 82, 86)))
    return modulate(picture.reduce(2), noise(random, size, (size[0] // 3, size[1] // 3)), 0.2)


def flowers(random: Random, size: Size) -> Image.Image:
    """One flower close by, or a bed of them."""
    if random.random() < 0.5:
        picture = grounds.blurred(random, size)
        picture = Image.blend(picture, Image.new("RGB", size, (70, 120, 60)), 0.6)
    else:
        picture = grounds.grass(random, size)
    picture, draw = doubled(picture)
    width, height = picture.size
    count = random.choice((1, 1, 3, 8, 25))
    tones = [
        colour(random, (0.75, 1.2), (0.3, 0.95), (0.6, 1)) for _ in range(random.randint(1, 3))
    ]
    petals, slim = random.randint(5, 16), random.uniform(0.12, 0.34)
    for _ in range(count):
        reach = (
            min(width, height)
            * (0.42 if count == 1 else 0.6 / math.sqrt(count))
            * random.uniform(0.6, 1)
        )
        middle = width * random.uniform(0.3, 0.7), height * random.uniform(0.25, 0.6)
        if count > 1:
            middle = width * random.uniform(0, 1), height * random.uniform(0, 1)
        pen = Pen(draw, middle, reach, random.uniform(0, 360))
        stem = Pen(draw, middle, reach)
        stem.strokes("M 500 500 Q 520 1000 470 2500", (74, 120, 52), 0.07)
        leaf = stem.at(0, 1.3, 0.7, random.uniform(-50, 50))
        leaf.ellipse(0.6, 0, 0.6, 0.2, (84, 136, 60))
        tone = near(random, random.choice(tones))
        for petal in range(petals):
            part = pen.at(0, 0, 1, 360 * petal / petals)
            part.ellipse(0.58, 0, 0.42, slim, near(random, tone, 14))
            part.line(((0.25, 0), (0.8, 0)), dark(tone, 0.15), 0.02)
        heart = colour(random, (0.08, 0.16), (0.6, 0.9), (0.4, 0.95))
        pen.dot(0, 0, 0.26, dark(heart, 0.2))
        for _ in range(16):
            pen.dot(
                random.gauss(0, 0.09),
                random.gauss(0, 0.09),
                0.035,
                light(heart, random.uniform(0, 0.4)),
            )
    return modulate(picture.reduce(2), noise(random, size, (size[0] // 4, size[1] // 4)), 0.1)
