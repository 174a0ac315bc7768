"""What a program draws: charts and codes; and lights out of focus."""

import math
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from model.common.pictograms.style import Colour, mix
from model.datasets.negatives.light import fade
from model.datasets.negatives.perspective import photographed
from model.datasets.negatives.sketch import Pen, Size, colour, doubled, light
from model.datasets.negatives.writing import line, word, words


def chart(random: Random, size: Size) -> Image.Image:
    """Bars, lines, points or a pie, with axes and names."""
    ground, ink = random.choice(
        (
            ((255, 255, 255), (50, 50, 56)),
            ((248, 246, 240), (60, 60, 70)),
            ((28, 32, 44), (210, 214, 220)),
        )
    )
    picture, draw = doubled(Image.new("RGB", size, ground))
    width, height = picture.size
    text = max(8.0, min(width, height) * random.uniform(0.03, 0.05))
    left, right, top, bottom = (
        width * 0.12,
        width * 0.94,
        height * 0.14,
        height * random.uniform(0.6, 0.9),
    )
    line(draw, (left, text * 0.6), words(random, 3), text * 1.5, ink)
    tones = [colour(random, saturation=(0.4, 0.8), value=(0.5, 0.95)) for _ in range(6)]
    form = random.randrange(4)
    if form == 3:
        pen = Pen(draw, (width / 2, (top + height) / 2), min(width, height) * 0.36)
        angle, parts = random.uniform(0, 6), [random.uniform(0.2, 1) for _ in tones]
        for tone, part in zip(tones, parts, strict=True):
            span = math.tau * part / sum(parts)
            rim = [
                (math.cos(angle + span * n / 20), math.sin(angle + span * n / 20))
                for n in range(21)
            ]
            pen.polygon([(0, 0), *rim], tone)
            angle += span
        if random.random() < 0.5:
            pen.dot(0, 0, 0.5, ground)
        return picture.reduce(2)
    for row in range(6):
        y = bottom + (top - bottom) * row / 5
        draw.line((left, y, right, y), mix(ground, ink, 0.15), 2)
        line(draw, (text * 0.4, y - text * 0.6), str(row * 20), text, ink)
    draw.line((left, top, left, bottom, right, bottom), ink, 3)
    count = random.randint(3, 14)
    step = (right - left) / count
    if form == 0:
        for n in range(count):
            x, y = left + (n + 0.5) * step, bottom - (bottom - top) * random.uniform(0.05, 0.95)
            tone = tones[0] if random.random() < 0.8 else tones[1]
            draw.rectangle((x - step * 0.35, y, x + step * 0.35, bottom), tone)
            line(
                draw,
                (x - step * 0.35, bottom + text * 0.4),
                word(random)[: max(1, int(step / text * 1.6))],
                text,
                ink,
            )
    else:
        for tone in tones[: random.randint(1, 4)]:
            y, points = random.uniform(0.2, 0.8), []
            for n in range(count * 3):
                y = min(1.0, max(0.0, y + random.gauss(0, 0.08)))
                points.append((left + n * step / 3, bottom - (bottom - top) * y))
            if form == 1:
                draw.line(points, tone, max(2, round(text / 5)), joint="curve")
            for x, y in points if form == 2 else ():
                draw.ellipse((x - text / 4, y - text / 4, x + text / 4, y + text / 4), tone)
    return picture.reduce(2)


def square_code(random: Random, size: Size) -> Image.Image:
    """A square code to be scanned: three marks in its corners, dots by chance elsewhere."""
    cells = random.choice((21, 25, 29, 33, 41))
    dots = Image.frombytes("L", (cells, cells), random.randbytes(cells * cells))
    dots = dots.point(lambda value: 255 if value > 127 else 0)
    for x, y in ((0, 0), (cells - 7, 0), (0, cells - 7)):
        dots.paste(255, (x - 1, y - 1, x + 8, y + 8))
        dots.paste(0, (x, y, x + 7, y + 7))
        dots.paste(255, (x + 1, y + 1, x + 6, y + 6))
        dots.paste(0, (x + 2, y + 2, x + 5, y + 5))
    whole = Image.new("L", (cells + 8, cells + 8), 255)
    whole.paste(dots, (4, 4))
    side = (cells + 8) * 8
    code = whole.resize((side, side), Image.Resampling.NEAREST).convert("RGB")
    if random.random() < 0.6:
        return photographed(random, code, size)
    picture = Image.new("RGB", size, light(colour(random), random.choice((0, 1))))
    half = round(min(size) * random.uniform(0.25, 0.5))
    small = code.resize((2 * half, 2 * half), Image.Resampling.BOX)
    picture.paste(small, (size[0] // 2 - half, size[1] // 2 - half))
    return picture


def bokeh(random: Random, size: Size) -> Image.Image:
    """Lights far out of focus, round and translucent, in the dark."""
    picture = fade(size, colour(random, value=(0.02, 0.3)), colour(random, value=(0.02, 0.35)))
    warm: Colour = colour(random, saturation=(0.3, 0.8), value=(0.8, 1))
    reach = min(size) * random.uniform(0.03, 0.12)
    for _ in range(random.randint(8, 40)):
        radius = max(2, round(reach * random.uniform(0.5, 1.3)))
        disc = Image.new("L", (4 * radius + 8, 4 * radius + 8))
        pen = Pen(ImageDraw.Draw(disc), (2 * radius + 4, 2 * radius + 4), 2 * radius)
        opacity = random.randint(50, 190)
        pen.draw.ellipse((4, 4, 4 * radius + 4, 4 * radius + 4), opacity, min(255, opacity + 40), 4)
        disc = disc.reduce(2).filter(ImageFilter.BoxBlur(random.choice((0, 1, 2))))
        at = random.randint(-radius, size[0]), random.randint(-radius, size[1])
        tone = warm if random.random() < 0.6 else colour(random, value=(0.7, 1))
        picture.paste(tone, at, disc)
    return picture
