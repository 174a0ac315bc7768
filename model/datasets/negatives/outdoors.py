"""Outdoors: hills, the sea, roads, trees."""

import math
from random import Random

from PIL import Image

from model.common.pictograms.backgrounds import modulate, noise, ridges
from model.common.pictograms.style import Colour, mix
from model.datasets.negatives import grounds
from model.datasets.negatives.light import fade
from model.datasets.negatives.sketch import Pen, Size, blob, colour, dark, doubled, light, near


def sky(random: Random, size: Size) -> Image.Image:
    """A sky by day, at dusk or under clouds."""
    top, bottom = random.choice(
        (
            ((70, 130, 210), (190, 220, 245)),
            ((40, 60, 110), (240, 160, 100)),
            ((150, 160, 170), (210, 212, 214)),
            ((20, 26, 54), (60, 70, 110)),
            ((110, 170, 230), (230, 240, 250)),
        )
    )
    picture = fade(size, near(random, top), near(random, bottom))
    if random.random() < 0.6:
        cover = noise(random, size, (random.randint(2, 5), random.randint(4, 9)))
        cover = Image.blend(cover, noise(random, size, (12, 20)), 0.3)
        cover = cover.point(lambda value: min(220, max(0, (value - 120) * 4)))
        picture.paste(light(bottom, 0.5), (0, 0), cover)
    return picture


def landscape(random: Random, size: Size) -> Image.Image:
    """Hills or mountains one behind the other, perhaps with a sun."""
    above = sky(random, size)
    haze = above.getpixel((size[0] // 2, size[1] - 1))
    far: Colour = haze if isinstance(haze, tuple) and len(haze) == 3 else (200, 210, 220)
    picture, draw = doubled(above)
    width, height = picture.size
    if random.random() < 0.5:
        reach = min(width, height) * random.uniform(0.03, 0.1)
        x, y = random.uniform(0, width), random.uniform(0, height * 0.5)
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), (255, 244, 200))
    rows = random.randint(2, 5)
    tone = random.choice(((70, 110, 60), (120, 110, 70), (90, 100, 110), (180, 140, 90)))
    start, jagged = random.uniform(0.3, 0.6), random.random() < 0.4
    for row in range(rows):
        base = height * (start + (1 - start) * row / rows)
        rise = height * random.uniform(0.03, 0.16)
        phases = [random.uniform(0, 6.3) for _ in range(3)]
        points = [(0.0, float(height))]
        for step in range(41):
            x = step / 40
            y = sum(
                math.sin(x * f + p) / n
                for n, f, p in zip((1, 2, 4), (4, 9, 21), phases, strict=True)
            )
            if jagged and row < rows - 1:
                y += random.uniform(-0.5, 0.5)
            points.append((x * width, base - rise * y))
        points.append((float(width), float(height)))
        draw.polygon(points, mix(far, near(random, tone), (row + 1.2) / (rows + 0.2)))
    picture = modulate(picture.reduce(2), noise(random, size, (size[0] // 4, size[1] // 3)), 0.25)
    return modulate(picture, noise(random, size, (9, 20)), 0.3)


def sea(random: Random, size: Size) -> Image.Image:
    """Water up to the horizon, perhaps with a beach or an island."""
    picture = sky(random, size)
    width, height = size
    top = round(height * random.uniform(0.25, 0.65))
    water = max(1, height - top)
    tone = colour(random, (0.48, 0.62), (0.3, 0.8), (0.25, 0.8))
    surface = fade((width, water), light(tone, 0.3), dark(tone, 0.3))
    surface = modulate(surface, ridges(random, surface.size, (8, 30)), random.uniform(0.2, 0.6))
    surface = modulate(surface, noise(random, surface.size, (20, 60)), 0.4)
    picture.paste(surface, (0, top))
    picture, draw = doubled(picture)
    pen = Pen(draw, (width, top * 2), width)
    if random.random() < 0.35:
        x, wide = random.uniform(-0.8, 0.8), random.uniform(0.1, 0.4)
        rock = colour(random, (0.1, 0.35), (0.1, 0.4), (0.2, 0.5))
        pen.polygon(
            ((x - wide, 0), (x - wide / 3, -0.1), (x + wide / 4, -0.07), (x + wide, 0)), rock
        )
    if random.random() < 0.4:
        y = (height / width) * random.uniform(0.6, 0.9)
        shore = [(-1 + step / 10, y + 0.05 * math.sin(step / 3)) for step in range(21)]
        pen.polygon([*shore, (1, 4), (-1, 4)], near(random, (222, 200, 160)))
        pen.line(shore, (245, 246, 244), 0.03)
    return picture.reduce(2)


def road(random: Random, size: Size) -> Image.Image:
    """A road that runs to the horizon, straight or in a bend."""
    picture = sky(random, size)
    width, height = size
    top = round(height * random.uniform(0.3, 0.6))
    picture.paste(grounds.grass(random, (width, max(1, height - top))), (0, top))
    picture, draw = doubled(picture)
    pen = Pen(draw, (width * random.uniform(0.6, 1.4), top * 2), width)
    deep, bend, half = (
        (height - top) / width * 2,
        random.uniform(-0.8, 0.8),
        random.uniform(0.4, 1.2),
    )
    tone = near(random, (96, 96, 100))
    near_x = random.uniform(-0.3, 0.3)

    def middle(part: float) -> float:
        return near_x * part + bend * part * (1 - part)

    parts = [(step / 16) ** 2 for step in range(17)]
    for side, fill in ((1.08, (226, 224, 218)), (1.0, tone)):
        left = [(middle(p) - half * side * p, deep * p) for p in parts]
        right = [(middle(p) + half * side * p, deep * p) for p in parts]
        pen.polygon([*left, *right[::-1]], fill)
    for step in range(1, 16, 2):
        a, b = parts[step], parts[step + 1]
        line = ((middle(a) - half * a * 0.03, deep * a), (middle(a) + half * a * 0.03, deep * a))
        end = ((middle(b) + half * b * 0.03, deep * b), (middle(b) - half * b * 0.03, deep * b))
        pen.polygon((*line, *end), (236, 232, 220))
    return modulate(picture.reduce(2), noise(random, size, (size[0] // 2, size[1] // 2)), 0.15)


def trees(random: Random, size: Size) -> Image.Image:
    """A tree, or a wood of firs and leafy trees."""
    picture = sky(random, size)
    width, height = size
    top = round(height * random.uniform(0.6, 0.85))
    picture.paste(grounds.grass(random, (width, max(1, height - top))), (0, top))
    picture, draw = doubled(picture)
    count = random.choice((1, 1, 2, 5, 9))
    for index in range(count):
        tall = height * random.uniform(0.5, 0.8) * (1.2 if count == 1 else random.uniform(0.6, 1))
        x = width * 2 * ((index + random.uniform(0.3, 0.7)) / count)
        pen = Pen(draw, (x, top * 2 + tall * 0.1 * index / count), tall, random.uniform(-4, 4))
        (_fir if random.random() < 0.4 else _leafy)(random, pen)
    return modulate(picture.reduce(2), noise(random, size, (size[0] // 3, size[1] // 3)), 0.5)


def _leafy(random: Random, pen: Pen) -> None:
    bark = colour(random, (0.04, 0.1), (0.2, 0.5), (0.2, 0.5))
    leaves = colour(random, random.choice(((0.2, 0.4), (0.05, 0.15))), (0.3, 0.8), (0.3, 0.7))
    pen.polygon(((-0.06, 0.1), (-0.03, -0.8), (0.03, -0.8), (0.07, 0.1)), bark)
    for _ in range(4):
        x, y = random.uniform(-0.4, 0.4), random.uniform(-1.2, -0.8)
        pen.line(((0, random.uniform(-0.7, -0.4)), (x, y)), bark, 0.03)
    for _ in range(random.randint(20, 60)):
        x, y = random.gauss(0, 0.22), random.gauss(-1.05, 0.2)
        shade = mix(dark(leaves, 0.35), light(leaves, 0.3), min(1, max(0, -y - 0.6)))
        pen.dot(x, y, random.uniform(0.06, 0.16), near(random, shade, 12))


def _fir(random: Random, pen: Pen) -> None:
    needles = colour(random, (0.3, 0.45), (0.3, 0.7), (0.2, 0.5))
    pen.box(-0.04, -0.3, 0.04, 0.1, (84, 62, 46))
    rows = random.randint(6, 11)
    for row in range(rows):
        y, wide = -0.15 - 1.2 * row / rows, 0.42 * (1 - row / rows) + 0.04
        points = [(0.0, y - 0.3)]
        for tip in range(7):
            points.append(
                (wide - 2 * wide * tip / 6, y + random.uniform(-0.04, 0.06) - 0.05 * (tip % 2))
            )
        pen.polygon(points, near(random, light(needles, row / rows * 0.25), 10))


def stones(random: Random, size: Size) -> Image.Image:
    """Pebbles, close together."""
    picture, draw = doubled(grounds.stone(random, size))
    width, height = picture.size
    reach = min(width, height) / random.uniform(6, 20)
    rows, columns = int(height / reach / 1.3) + 2, int(width / reach / 1.5) + 2
    cells = [(row, column) for row in range(rows) for column in range(columns)]
    random.shuffle(cells)
    for row, column in cells[:150]:
        x = (column + random.uniform(-0.2, 0.2)) * reach * 1.5
        y = (row + random.uniform(-0.2, 0.2)) * reach * 1.3
        tone = colour(random, (0.0, 0.7), (0, 0.2), (0.3, 0.9))
        pen = Pen(draw, (x, y), reach * random.uniform(0.7, 1.2), random.uniform(0, 360))
        outline = blob(random, 0, 0, 0.9, 0.3, corners=14)
        pen.polygon([(a + 0.08, b + 0.12) for a, b in outline], dark(tone, 0.6))
        pen.polygon(outline, tone)
    return modulate(picture.reduce(2), noise(random, size, (size[0] // 4, size[1] // 4)), 0.35)
