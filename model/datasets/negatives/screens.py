"""What stands on a screen: as a screenshot, or photographed with the device around it."""

from random import Random

from PIL import Image, ImageDraw

from model.common.pictograms.backgrounds import modulate, noise
from model.common.pictograms.style import Colour, mix
from model.datasets.negatives.light import fade
from model.datasets.negatives.perspective import photographed
from model.datasets.negatives.sketch import Size, colour, dark, light
from model.datasets.negatives.writing import line, number, page, paragraph, word, words


def shown(random: Random, screen: Image.Image, size: Size) -> Image.Image:
    """The screenshot itself, or a photo of the screen."""
    if random.random() < 0.55:
        return screen
    edge = max(2, min(size) // random.randint(14, 40))
    frame = Image.new("RGB", (size[0] + 2 * edge, size[1] + 2 * edge), dark((90, 90, 96), 0.7))
    frame.paste(screen, (edge, edge))
    return photographed(random, frame, size)


def themed(random: Random) -> tuple[Colour, Colour, Colour]:
    """A screen's ground, its ink and its accent: light or dark."""
    accent = colour(random, saturation=(0.4, 0.9), value=(0.5, 0.9))
    ground = colour(random, saturation=(0, 0.1), value=(0.92, 1))
    ink = colour(random, saturation=(0, 0.3), value=(0.1, 0.35))
    return (ink, ground, accent) if random.random() < 0.35 else (ground, ink, accent)


def chat(random: Random, size: Size) -> Image.Image:
    """A chat with bubbles on both sides."""
    ground, ink, accent = themed(random)
    screen, draw = page(size, mix(ground, accent, random.uniform(0, 0.3)))
    if random.random() < 0.4:
        screen.paste(fade(size, mix(ground, accent, 0.2), mix(ground, accent, 0.5)))
    width, height = size
    text = max(5.0, min(size) * random.uniform(0.028, 0.06))
    theirs, mine = ground, mix(accent, ground, random.choice((0, 0.6)))
    top = text * random.uniform(1, 5)
    while top < height:
        right = random.random() < 0.5
        wide = width * random.uniform(0.25, 0.72)
        tall = text * (random.randint(1, 5) * 1.45 + 0.8)
        if random.random() < 0.1:
            tall = wide * random.uniform(0.5, 0.9)
        left = width - wide - text if right else text * (3 if random.random() < 0.3 else 1)
        box = (left, top, left + wide, top + tall)
        draw.rounded_rectangle(box, text * 0.8, mine if right else theirs)
        inside = (left + text * 0.7, top + text * 0.4, left + wide - text * 0.5, top + tall)
        paragraph(random, draw, inside, text, ink)
        top += tall + text * random.choice((0.4, 0.8, 2.4))
    draw.rectangle((0, 0, width, text * 2.8), mix(accent, ground, random.choice((0, 0.8))))
    draw.ellipse((text, text * 0.5, text * 2.8, text * 2.3), colour(random))
    line(draw, (text * 3.4, text * 0.7), words(random, 2), text * 1.1, ink)
    draw.rectangle((0, height - text * 2.6, width, height), mix(ground, ink, 0.06))
    field = (text, height - text * 2.1, width - text * 3, height - text * 0.5)
    draw.rounded_rectangle(field, text, mix(ground, ink, 0.16))
    return shown(random, screen, size)


def spreadsheet(random: Random, size: Size) -> Image.Image:
    """Rows and columns of words and numbers, with rules between them."""
    ground, ink, accent = themed(random)
    screen, draw = page(size, ground)
    width, height = size
    text = max(5.0, min(size) * random.uniform(0.025, 0.05))
    row, rule = text * random.uniform(1.3, 2.2), mix(ground, ink, 0.2)
    head = text * random.uniform(0, 6)
    draw.rectangle((0, 0, width, head), mix(accent, ground, random.choice((0, 0.7))))
    lefts, left = [], 0.0
    while left < width:
        lefts.append(left)
        left += text * random.uniform(3, 9)
    banded = random.random() < 0.4
    for index in range(int((height - head) / row) + 1):
        top = head + index * row
        if index == 0 or (banded and index % 2):
            draw.rectangle((0, top, width, top + row), mix(ground, accent, 0.15))
        draw.line((0, top, width, top), rule)
        for column, left in enumerate(lefts):
            if random.random() < 0.05:
                box = (left, top, left + text * 4, top + row)
                draw.rectangle(box, mix(ground, colour(random), 0.4))
            if random.random() < 0.75:
                entry = word(random) if index == 0 or column == 0 else number(random)
                line(draw, (left + text * 0.3, top + row * 0.1), entry[:8], text, ink)
    for left in lefts:
        draw.line((left, head, left, height), rule)
    return shown(random, screen, size)


def web_page(random: Random, size: Size) -> Image.Image:
    """A heading, a menu, columns of text, and pictures of nothing in particular."""
    ground, ink, accent = themed(random)
    screen, draw = page(size, ground)
    width, height = size
    text = max(5.0, min(size) * random.uniform(0.022, 0.045))
    top = text * 2.6
    draw.rectangle((0, 0, width, top), random.choice((accent, mix(ground, ink, 0.1))))
    for index in range(5):
        line(draw, (text + index * text * 5, text * 0.7), word(random), text, ground)
    if random.random() < 0.6:
        banner = height * random.uniform(0.15, 0.35)
        _picture(random, screen, (0, top, width, top + banner))
        top += banner
    line(draw, (text, top + text), words(random, 3), text * random.uniform(2, 3), ink)
    top += text * 4.5
    columns = random.randint(1, 3)
    gap = text * 1.2
    wide = (width - gap) / columns
    for column in range(columns):
        left, y = gap + column * wide, top
        while y < height:
            part = random.randrange(4)
            if part == 0:
                tall = wide * random.uniform(0.3, 0.7)
                _picture(random, screen, (left, y, left + wide - gap, y + tall))
                y += tall + gap
            elif part == 1:
                box = (left, y, left + text * 7, y + text * 2)
                draw.rounded_rectangle(box, text * 0.5, accent)
                line(draw, (left + text, y + text * 0.4), word(random), text, ground)
                y += text * 3
            else:
                line(draw, (left, y), words(random, 2), text * 1.3, mix(ink, accent, 0.5))
                y += text * 2
                low = y + text * random.uniform(3, 12)
                y = gap + paragraph(random, draw, (left, y, left + wide - gap, low), text, ink)
    return shown(random, screen, size)


def _picture(random: Random, screen: Image.Image, box: tuple[float, float, float, float]) -> None:
    """A colourful something in the box."""
    left, top, right, bottom = (round(edge) for edge in box)
    size = max(1, right - left), max(1, bottom - top)
    picture = fade(size, colour(random), light(colour(random)))
    draw = ImageDraw.Draw(picture)
    for _ in range(random.randint(0, 5)):
        x, y = random.randint(0, size[0]), random.randint(0, size[1])
        reach = random.uniform(0.1, 0.4) * min(size)
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), colour(random))
    screen.paste(modulate(picture, noise(random, size, (6, 6)), 0.5), (left, top))
