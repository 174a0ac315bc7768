"""Empty rooms: floors, walls, and the furniture that stands in them."""

from random import Random

from PIL import Image, ImageDraw

from model.common.pictograms import backgrounds
from model.common.pictograms.backgrounds import modulate, noise
from model.datasets.negatives import grounds
from model.datasets.negatives.light import fade
from model.datasets.negatives.sketch import Pen, Size, blob, colour, dark, doubled, light, near


def floor(random: Random, size: Size) -> Image.Image:
    """Nothing but a floor or a sheet, the ground of many a photo of clothes."""
    drawn = (*backgrounds.LYING, grounds.stone, grounds.board, grounds.cloth, grounds.grass)
    return random.choice(drawn)(random, size)


def wall(random: Random, size: Size) -> Image.Image:
    """A wall: painted, papered, of bricks, with a frame or a socket, or above a floor."""
    picture = random.choice((backgrounds.wall, backgrounds.wall, _bricks, grounds.plain))(
        random, size
    )
    draw = ImageDraw.Draw(picture)
    width, height = size
    if random.random() < 0.4:
        top = round(height * random.uniform(0.6, 0.9))
        below = random.choice((grounds.board, backgrounds.carpet, grounds.stone))
        picture.paste(below(random, (width, max(1, height - top))), (0, top))
        skirting = max(1, height // 40)
        draw.rectangle((0, top - skirting, width, top), near(random, (236, 234, 230)))
    for _ in range(random.choice((0, 0, 1, 2))):
        wide, tall = width * random.uniform(0.1, 0.35), height * random.uniform(0.1, 0.3)
        x, y = random.uniform(0, width - wide), random.uniform(0, height * 0.6 - tall)
        box = (x, y, x + wide, y + tall)
        draw.rectangle(box, near(random, (244, 242, 236)), colour(random), max(1, width // 60))
        inner = round(x + wide * 0.15), round(y + tall * 0.15)
        art = fade(
            (max(1, round(wide * 0.7)), max(1, round(tall * 0.7))), colour(random), colour(random)
        )
        picture.paste(art, inner)
    return picture


def bed(random: Random, size: Size) -> Image.Image:
    """A made bed: pillows at its head, a blanket at its foot, seen from its foot."""
    picture = backgrounds.wall(random, size)
    bottom = (
        grounds.board(random, size) if random.random() < 0.5 else backgrounds.carpet(random, size)
    )
    edge = random.uniform(0.4, 0.6)
    picture.paste(
        bottom.crop((0, 0, size[0], size[1] - round(size[1] * edge))), (0, round(size[1] * edge))
    )
    picture, draw = doubled(picture)
    unit = picture.width / 2
    pen = Pen(draw, (unit * random.uniform(0.9, 1.1), picture.height * edge), unit)
    wide, depth = random.uniform(0.6, 0.95), random.uniform(0.6, 1.2)
    frame = colour(random, (0.03, 0.12), (0.1, 0.6), (0.25, 0.8))
    linen = near(random, random.choice(((236, 234, 230), (206, 216, 230), (228, 214, 206))))
    cover = colour(random, saturation=(0.05, 0.5), value=(0.4, 0.9))
    pen.box(-wide * 0.9, -random.uniform(0.3, 0.7), wide * 0.9, 0.2, frame, radius=0.06)
    far, close = wide * 0.85, wide * 1.1
    pen.polygon(((-far, 0), (far, 0), (close, depth), (-close, depth)), linen)
    pen.polygon(
        ((-close, depth), (close, depth), (close, depth + 0.3), (-close, depth + 0.3)),
        dark(cover, 0.35),
    )
    start = random.uniform(0.35, 0.6) * depth
    left = far + (close - far) * start / depth
    pen.polygon(((-left, start), (left, start), (close, depth), (-close, depth)), cover)
    pen.polygon(
        ((-left, start), (left, start), (left, start + 0.07), (-left, start + 0.07)),
        light(cover, 0.4),
    )
    for index in range(count := random.choice((1, 2, 2, 3))):
        middle = (index - (count - 1) / 2) * 2 * far / count
        half = far / count * 0.85
        pen.box(middle - half, -0.14, middle + half, 0.2, dark(linen, 0.12), radius=0.1)
        pen.box(middle - half, -0.17, middle + half, 0.16, light(linen, 0.4), radius=0.1)
    picture = picture.reduce(2)
    return modulate(picture, noise(random, size, (8, 8)), random.uniform(0.15, 0.4))


def table(random: Random, size: Size) -> Image.Image:
    """A table before a wall, with little or nothing on it."""
    picture = wall(random, size)
    picture, draw = doubled(picture)
    unit = min(picture.size) / 2
    middle = picture.width / 2, picture.height * random.uniform(0.45, 0.65)
    pen = Pen(draw, middle, unit, random.uniform(-3, 3))
    wood = colour(random, (0.03, 0.12), (0, 0.65), (0.25, 0.95))
    half, deep, tall = (
        random.uniform(0.5, 0.9),
        random.uniform(0.15, 0.35),
        random.uniform(0.5, 0.9),
    )
    leg = random.uniform(0.03, 0.08)
    for x, top in (
        (-half * 0.8, -deep),
        (half * 0.8 - leg, -deep),
        (-half, deep),
        (half - leg, deep),
    ):
        pen.box(x, top, x + leg, top + tall, dark(wood, 0.4 if top < 0 else 0.2))
    pen.polygon(((-half * 0.85, -deep), (half * 0.85, -deep), (half, deep), (-half, deep)), wood)
    pen.box(-half, deep, half, deep + 0.07, dark(wood, 0.25))
    for _ in range(random.choice((0, 1, 2))):
        pen.ellipse(random.uniform(-half, half) * 0.7, 0, 0.12, 0.05, colour(random))
    return picture.reduce(2)


def shelf(random: Random, size: Size) -> Image.Image:
    """Boards with boxes, books and jars, or with nothing."""
    picture = backgrounds.wall(random, size)
    picture, draw = doubled(picture)
    width, height = picture.size
    wood = colour(random, (0.03, 0.12), (0, 0.6), (0.2, 0.95))
    rows = random.randint(2, 6)
    step, thick = height / rows, max(2.0, height * random.uniform(0.01, 0.03))
    if random.random() < 0.6:
        draw.rectangle((0, 0, width, height), dark(wood, 0.45))
    for row in range(rows + 1):
        ground = row * step + step * 0.5
        x = width * random.uniform(0, 0.2)
        while x < width * random.uniform(0.6, 1.1):
            part, tall = random.randrange(4), step * random.uniform(0.3, 0.85)
            wide = step * (random.uniform(0.08, 0.2) if part == 0 else random.uniform(0.25, 0.8))
            tone = colour(random, saturation=(0.05, 0.7))
            box = (x, ground - tall, x + wide, ground)
            if part == 2:
                draw.rounded_rectangle(box, wide * 0.3, tone)
                draw.rectangle(
                    (x + wide * 0.1, ground - tall, x + wide * 0.9, ground - tall * 0.85),
                    dark(tone),
                )
            else:
                draw.rectangle(box, tone, dark(tone))
                draw.rectangle(
                    (x + wide * 0.25, ground - tall * 0.7, x + wide * 0.75, ground - tall * 0.5),
                    light(tone, 0.6),
                )
            x += wide + (step * random.uniform(0.1, 0.9) if random.random() < 0.3 else 2)
        draw.rectangle((0, ground, width, ground + thick), wood)
    if random.random() < 0.6:
        for x in (0.0, width * random.uniform(0.4, 0.6), float(width)):
            draw.rectangle((x - thick, 0, x + thick, height), wood)
    return picture.reduce(2)


def window(random: Random, size: Size) -> Image.Image:
    """A window: panes, a sill, something green or grey behind it."""
    picture = backgrounds.wall(random, size)
    width, height = size
    left, top = round(width * random.uniform(0.05, 0.25)), round(height * random.uniform(0.05, 0.2))
    right, bottom = (
        round(width * random.uniform(0.75, 0.95)),
        round(height * random.uniform(0.6, 0.9)),
    )
    opening = max(1, right - left), max(1, bottom - top)
    view = fade(
        opening, colour(random, (0.5, 0.65), (0.05, 0.5), (0.6, 1)), colour(random, (0.2, 0.4))
    )
    picture.paste(modulate(view, noise(random, opening, (7, 9)), 0.8), (left, top))
    draw = ImageDraw.Draw(picture)
    bar, frame = max(2, width // random.randint(24, 60)), near(random, (240, 238, 232))
    if random.random() < 0.3:
        frame = colour(random, (0.03, 0.12), (0.2, 0.6), (0.2, 0.7))
    draw.rectangle((left - bar, top - bar, right + bar, bottom + bar), None, frame, bar)
    columns, rows = random.randint(1, 3), random.randint(1, 3)
    for column in range(1, columns):
        x = left + opening[0] * column / columns
        draw.rectangle((x - bar / 2, top, x + bar / 2, bottom), frame)
    for row in range(1, rows):
        y = top + opening[1] * row / rows
        draw.rectangle((left, y - bar / 2, right, y + bar / 2), frame)
    draw.rectangle(
        (left - 3 * bar, bottom + bar, right + 3 * bar, bottom + 2.5 * bar), dark(frame, 0.1)
    )
    return picture


def door(random: Random, size: Size) -> Image.Image:
    """A closed door with its panels and its handle."""
    picture = wall(random, size)
    width, height = size
    draw = ImageDraw.Draw(picture)
    wide = width * random.uniform(0.4, 0.8)
    left, top = (width - wide) * random.uniform(0.2, 0.8), height * random.uniform(0.02, 0.12)
    bottom = height * random.uniform(0.88, 1.05)
    tone = colour(random, (0.0, 1.0), (0, 0.6), (0.3, 0.95))
    bar = min(wide, bottom - top) / 16
    draw.rectangle((left - bar, top - bar, left + wide + bar, bottom), light(tone, 0.4))
    draw.rectangle((left, top, left + wide, bottom), tone)
    columns, rows = random.randint(1, 2), random.randint(1, 4)
    across, down = wide / columns, (bottom - top) / rows
    panel, edge, line = dark(tone, 0.12), dark(tone, 0.4), max(1, round(bar / 5))
    for column in range(columns):
        for row in range(rows):
            x, y = left + across * column, top + down * row
            box = (x + bar, y + bar, x + across - bar, y + down - bar)
            draw.rectangle(box, panel, edge, line)
    x, y = left + wide * random.choice((0.08, 0.92)), (top + bottom) / 2
    draw.ellipse(
        (x - bar / 2, y - bar / 2, x + bar / 2, y + bar / 2), (196, 176, 120), (60, 56, 50)
    )
    return picture


def rug(random: Random, size: Size) -> Image.Image:
    """A round rug or a puddle on a floor: a patch with no corners."""
    picture, draw = doubled(random.choice(backgrounds.LYING)(random, size))
    pen = Pen(draw, (picture.width / 2, picture.height / 2), min(picture.size) / 2)
    tone, reach = colour(random, saturation=(0.05, 0.6)), random.uniform(0.6, 0.95)
    wobble = random.choice((0.0, 0.0, 0.3))
    for _ in range(random.randint(1, 6)):
        pen.polygon(blob(random, 0, 0, reach, wobble), near(random, tone, 30))
        reach *= random.uniform(0.7, 0.95)
    return modulate(picture.reduce(2), noise(random, size, (size[0] // 3, size[1] // 3)), 0.3)


def _bricks(random: Random, size: Size) -> Image.Image:
    mortar = colour(random, saturation=(0, 0.1), value=(0.5, 0.9))
    tone = random.choice(((166, 88, 66), (228, 224, 216), (128, 100, 84)))
    picture = Image.new("RGB", size, mortar)
    draw = ImageDraw.Draw(picture)
    tall = max(4.0, size[1] / random.uniform(10, 26))
    wide = tall * random.uniform(2, 3)
    for row in range(int(size[1] / tall) + 1):
        for column in range(-1, int(size[0] / wide) + 1):
            left, top = (column + 0.5 * (row % 2)) * wide, row * tall
            box = (left, top, left + wide * 0.95, top + tall * 0.88)
            shade = random.choice((dark, light))(tone, random.uniform(0, 0.2))
            draw.rectangle(box, near(random, shade, 4))
    return modulate(picture, noise(random, size, (size[0] // 3, size[1] // 3)), 0.4)
