"""Paper with writing on it: scanned, or photographed where it lies."""

from random import Random

from PIL import Image

from model.common.pictograms.style import Colour, mix
from model.datasets.negatives.perspective import seen
from model.datasets.negatives.sketch import Size, colour, near
from model.datasets.negatives.writing import line, number, page, paragraph, word, words


def letter(random: Random, size: Size) -> Image.Image:
    """A typed page."""
    measure, paper, ink = _sheet(random, size)
    sheet, draw = page(measure, paper)
    width, height = measure
    text = max(5.0, width * random.uniform(0.02, 0.05))
    margin = width * random.uniform(0.06, 0.16)
    top = margin
    if random.random() < 0.5:
        draw.rectangle((margin, top, margin + text * 4, top + text * 3), colour(random))
    for _ in range(random.randint(0, 4)):
        line(draw, (width * 0.6, top), words(random, 2), text, ink)
        top += text * 1.4
    top += text * 2
    if random.random() < 0.7:
        line(draw, (margin, top), words(random, 3), text * random.uniform(1.2, 2), ink)
        top += text * 3
    end = height * random.uniform(0.7, 1.0) - margin
    while top < end:
        low = min(end, top + text * random.uniform(4, 14))
        top = paragraph(random, draw, (margin, top, width - margin, low), text, ink) + text * 1.4
    return seen(random, sheet, size)


def form(random: Random, size: Size) -> Image.Image:
    """A form: fields with names, boxes to tick, a table."""
    measure, paper, ink = _sheet(random, size)
    sheet, draw = page(measure, paper)
    width, height = measure
    text = max(5.0, width * random.uniform(0.022, 0.04))
    margin = width * random.uniform(0.05, 0.12)
    rule, tint = mix(paper, ink, 0.5), mix(paper, colour(random), 0.2)
    line(draw, (margin, margin), words(random, 3), text * 1.8, ink)
    top = margin + text * 3.5
    while top < height - margin:
        part = random.randrange(3)
        if part == 0:
            fields = random.randint(1, 3)
            wide = (width - 2 * margin) / fields
            for field in range(fields):
                left = margin + field * wide
                box = (left, top + text * 1.3, left + wide - text, top + text * 3.3)
                line(draw, (left, top), word(random), text, ink)
                draw.rectangle(box, tint, rule)
            top += text * 4.4
        elif part == 1:
            for _ in range(random.randint(1, 4)):
                draw.rectangle((margin, top, margin + text, top + text), None, ink)
                line(draw, (margin + 2 * text, top - 1), words(random, 5), text, ink)
                top += text * 1.8
        else:
            columns, rows = random.randint(2, 6), random.randint(2, 8)
            wide = (width - 2 * margin) / columns
            for row in range(rows):
                for column in range(columns):
                    left = margin + column * wide
                    box = (left, top, left + wide, top + text * 1.7)
                    draw.rectangle(box, tint if row == 0 else None, rule)
                    entry = word(random) if row == 0 else number(random)
                    line(draw, (left + 3, top + 2), entry[: max(1, int(wide / text))], text, ink)
                top += text * 1.7
            top += text
    return seen(random, sheet, size)


def text_block(random: Random, size: Size) -> Image.Image:
    """Large letters that fill the picture: a sign, a headline, a poster."""
    ground, ink = colour(random), colour(random, value=(0, 1))
    if random.random() < 0.5:
        ground, ink = (248, 248, 244), (20, 20, 24)
    picture, draw = page(size, ground)
    text = max(6.0, min(size) * random.uniform(0.05, 0.3))
    box = (text * 0.3, text * 0.2, float(size[0]), size[1] + text)
    paragraph(random, draw, box, text, ink)
    return picture


def _sheet(random: Random, size: Size) -> tuple[Size, Colour, Colour]:
    """About a letter's proportions, and the colours of its paper and its ink."""
    across = max(48, round(min(size) * random.uniform(0.85, 1.1)))
    proportion = random.choice((1.414, 1.294, 1.414, 0.75))
    paper = near(random, random.choice(((248, 247, 243), (236, 230, 214), (226, 232, 240))), 6)
    ink = near(random, random.choice(((30, 30, 36), (60, 60, 72), (30, 44, 90))), 12)
    return (across, round(across * proportion)), paper, ink
