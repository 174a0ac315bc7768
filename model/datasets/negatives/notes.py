"""Paper of other sorts than those to learn from: a till's slip, and handwriting."""

import math
from random import Random

from PIL import Image

from model.common.pictograms.style import Colour
from model.datasets.negatives.perspective import creased, photographed, seen
from model.datasets.negatives.sketch import Size, near
from model.datasets.negatives.writing import line, page, word, words


def receipt(random: Random, size: Size) -> Image.Image:
    """A till's narrow slip: what was bought, and for how much."""
    across = max(40, round(min(size) * random.uniform(0.35, 0.7)))
    down = round(across * random.uniform(1.5, 3.2))
    paper = near(random, (240, 238, 232), 10)
    sheet, draw = page((across, down), paper)
    ink: Colour = near(random, (70, 70, 84), 24)
    text = max(5.0, across * random.uniform(0.05, 0.08))
    top = text
    for _ in range(random.randint(1, 3)):
        line(draw, (across * random.uniform(0.1, 0.3), top), words(random, 2).upper(), text, ink)
        top += text * 1.4
    while top < down - text * 6:
        top += text * 1.4
        if random.random() < 0.12:
            draw.text((text, top), "- " * int(across / text), ink)
            continue
        line(draw, (text, top), f"{random.randint(1, 4)} {word(random)}"[:12], text, ink)
        line(draw, (across - text * 4, top), f"{random.uniform(0, 60):.2f}", text, ink)
    line(draw, (text, top + text * 1.5), f"TOTAL {random.uniform(5, 300):.2f}", text * 1.3, ink)
    left = text
    while left < across - text * 1.5:
        bar = max(1.0, text * random.uniform(0.05, 0.25))
        draw.rectangle((left, top + text * 3.5, left + bar, down - text), ink)
        left += bar + max(1.0, text * random.uniform(0.1, 0.3))
    return photographed(random, creased(random, sheet), size)


def handwriting(random: Random, size: Size) -> Image.Image:
    """Scribbles on ruled, squared or empty paper."""
    width, height = size
    paper = random.choice(((250, 248, 240), (255, 253, 224), (238, 240, 244)))
    sheet, draw = page(size, paper)
    step = max(5.0, height / random.uniform(12, 26))
    rule: Colour = random.choice(((170, 190, 220), (214, 170, 170), (190, 190, 190)))
    ruling = random.randrange(3)
    tops = [step * (row + 1.5) for row in range(int(height / step))]
    if ruling:
        for y in tops:
            draw.line((0, y, width, y), rule)
    if ruling == 2:
        for column in range(int(width / step) + 1):
            draw.line((column * step, 0, column * step, height), rule)
    ink: Colour = random.choice(((24, 40, 120), (30, 30, 34), (120, 30, 40), (60, 60, 70)))
    slant, pixels = random.uniform(-0.2, 0.6), max(1, round(step / 12))
    for y in tops[: random.randint(3, max(3, len(tops)))]:
        x, end = width * random.uniform(0.05, 0.12), width * random.uniform(0.4, 0.95)
        while x < end:
            points, length = [], random.randint(4, 14)
            phase, pitch = random.uniform(0, 6), step * random.uniform(0.13, 0.2)
            for stroke in range(length * 3):
                rise = step * (0.18 + 0.16 * math.sin(stroke * 1.9 + phase))
                rise *= random.choice((1, 1, 1, 1, 2.2, -0.7))
                points.append((x + stroke * pitch / 1.6 + slant * rise, y - rise))
            draw.line(points, ink, pixels, joint="curve")
            x = points[-1][0] + step * random.uniform(0.5, 1.1)
    return seen(random, sheet, size)
