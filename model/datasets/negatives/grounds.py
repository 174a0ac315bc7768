"""Empty places on which things lie, or in which they stand."""

from random import Random

from PIL import Image, ImageDraw, ImageFilter

from model.common.pictograms import backgrounds
from model.common.pictograms.backgrounds import modulate, noise
from model.datasets.negatives.light import fade
from model.datasets.negatives.sketch import Size, colour, dark, light, near


def lying(random: Random, size: Size) -> Image.Image:
    """A ground seen from above."""
    return random.choice((random.choice(backgrounds.LYING), stone, board, plain, cloth))(
        random, size
    )


def standing(random: Random, size: Size) -> tuple[Image.Image, float]:
    """A place seen from the front, and how far down, of its height, a thing stands in it."""
    edge = random.uniform(0.58, 0.76)
    place = random.randrange(3)
    if place == 0:
        return backgrounds.shelf(random, size, edge), edge + 0.1
    if place == 1:
        tone = colour(random, saturation=(0, 0.25), value=(0.55, 1))
        picture = fade(size, light(tone, random.uniform(0, 0.4)), dark(tone, 0.15))
        return modulate(picture, noise(random, size, (3, 3)), 0.3), edge + 0.1
    picture = blurred(random, size)
    top = round(size[1] * edge)
    table = board(random, (size[0], max(1, size[1] - top)))
    picture.paste(table, (0, top))
    return picture, edge + 0.12


def outside(random: Random, size: Size) -> tuple[Image.Image, float]:
    """A street or a yard before a wall or under a sky, and how far down a thing stands in it."""
    edge = random.uniform(0.55, 0.75)
    if random.random() < 0.5:
        above = colour(random, (0.5, 0.65), (0.05, 0.5), (0.5, 1))
        picture = fade(size, above, light(above, 0.6))
        picture = modulate(picture, noise(random, size, (4, 7)), 0.5)
    else:
        picture = backgrounds.wall(random, size)
    top = round(size[1] * edge)
    below = random.choice((grass, stone))(random, (size[0], max(1, size[1] - top)))
    picture.paste(below, (0, top))
    return picture, edge + 0.12


def paper(random: Random, size: Size) -> Image.Image:
    """White or tinted paper."""
    tone = colour(random, saturation=(0, 0.12), value=(0.85, 1))
    picture = Image.new("RGB", size, tone)
    picture = modulate(picture, noise(random, size, (size[0] // 2, size[1] // 2)), 0.08)
    return modulate(picture, noise(random, size, (3, 4)), random.uniform(0, 0.3))


def air(random: Random, size: Size) -> Image.Image:
    """A sky, or a place out of focus: for what stands or flies on nothing."""
    if random.random() < 0.4:
        return blurred(random, size)
    above = colour(random, (0.5, 0.65), (0.05, 0.6), (0.5, 1))
    picture = fade(size, above, light(above, random.uniform(0, 0.7)))
    return modulate(picture, noise(random, size, (4, 9)), random.uniform(0.1, 0.7))


def plain(random: Random, size: Size) -> Image.Image:
    """One colour in uneven light, often white."""
    tone = colour(random, saturation=(0, 0.6), value=(0.3, 1))
    if random.random() < 0.4:
        tone = near(random, (246, 246, 246), 8)
    picture = Image.new("RGB", size, tone)
    return modulate(picture, noise(random, size, (3, 3)), random.uniform(0, 0.5))


def stone(random: Random, size: Size) -> Image.Image:
    """Stone, concrete or marble."""
    tone = colour(random, (0.0, 0.7), (0, 0.14), (0.25, 0.95))
    picture = Image.new("RGB", size, tone)
    fine = max(1, size[0] // random.randint(1, 5)), max(1, size[1] // 3)
    picture = modulate(picture, noise(random, size, fine), random.uniform(0.1, 0.5))
    for cells in (5, 12):
        picture = modulate(picture, noise(random, size, (cells, cells)), 0.3)
    if random.random() < 0.5:
        picture = modulate(picture, backgrounds.ridges(random, size, (4, 5)), 0.35)
    return picture


def board(random: Random, size: Size) -> Image.Image:
    """A wooden table top, its grain across."""
    tone = colour(random, (0.04, 0.12), (0.15, 0.65), (0.3, 0.9))
    picture = Image.new("RGB", size, tone)
    for rows, strength in ((60, 0.35), (16, 0.3)):
        picture = modulate(picture, noise(random, size, (4, rows)), strength)
    return picture


def cloth(random: Random, size: Size) -> Image.Image:
    """A table cloth in checks or plain."""
    tone = colour(random, saturation=(0.1, 0.8), value=(0.5, 0.95))
    picture = Image.new("RGB", size, light(tone, 0.75))
    width = max(2, min(size) // random.randint(6, 16))
    bands = Image.new("L", size)
    pen = ImageDraw.Draw(bands)
    for left in range(0, size[0], 2 * width):
        pen.rectangle((left, 0, left + width, size[1]), 110)
    picture.paste(tone, (0, 0), bands)
    bands.paste(0, (0, 0, *size))
    for top in range(0, size[1], 2 * width):
        pen.rectangle((0, top, size[0], top + width), 110)
    picture.paste(tone, (0, 0), bands)
    return modulate(picture, noise(random, size, (size[0] // 2, size[1] // 2)), 0.15)


def grass(random: Random, size: Size) -> Image.Image:
    """A meadow, sand or earth."""
    tone = random.choice(((86, 128, 58), (110, 140, 70), (196, 176, 132), (112, 88, 66)))
    picture = Image.new("RGB", size, near(random, tone))
    picture = modulate(picture, noise(random, size, (size[0] // 2, size[1] // 4)), 0.7)
    return modulate(picture, noise(random, size, (6, 8)), 0.35)


def blurred(random: Random, size: Size) -> Image.Image:
    """A room out of focus."""
    small = Image.new("RGB", (40, 50), colour(random, saturation=(0, 0.4)))
    pen = ImageDraw.Draw(small)
    for _ in range(random.randint(4, 12)):
        x, y, w, h = (random.randint(-8, 44) for _ in range(4))
        pen.rectangle((x, y, x + abs(w) // 2, y + abs(h)), colour(random, saturation=(0, 0.6)))
    small = small.filter(ImageFilter.GaussianBlur(random.uniform(1.5, 4)))
    return small.resize(size, Image.Resampling.BICUBIC)
