"""Pictures of no thing at all: noise, colours, patterns that fill the whole picture."""

from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from model.common.pictograms.backgrounds import modulate, noise, ridges
from model.datasets.negatives.light import fade
from model.datasets.negatives.sketch import Pen, Size, blob, colour, doubled


def white_noise(random: Random, size: Size) -> Image.Image:
    """Grey dots, each by chance, fine or coarse, all of them or few."""
    grain = random.choice((1, 1, 2, 3, 6))
    cells = max(1, size[0] // grain), max(1, size[1] // grain)
    grey = Image.frombytes("L", cells, random.randbytes(cells[0] * cells[1]))
    if random.random() < 0.3:
        threshold = random.randint(20, 235)
        grey = grey.point(lambda value: 255 if value > threshold else 0)
    return grey.resize(size, Image.Resampling.NEAREST).convert("RGB")


def coloured_noise(random: Random, size: Size) -> Image.Image:
    """The same in colours, blocky or smooth."""
    grain = random.choice((1, 2, 4, 9, 20, 50))
    cells = max(1, size[0] // grain), max(1, size[1] // grain)
    dots = Image.frombytes("RGB", cells, random.randbytes(3 * cells[0] * cells[1]))
    if random.random() < 0.4:
        dots = Image.blend(dots, Image.new("RGB", cells, colour(random)), random.uniform(0.2, 0.8))
    return dots.resize(size, random.choice((Image.Resampling.NEAREST, Image.Resampling.BICUBIC)))


def gradient(random: Random, size: Size) -> Image.Image:
    """From one colour to another or to several, straight or round."""
    if random.random() < 0.35:
        mask = Image.radial_gradient("L")
    else:
        side = Image.linear_gradient("L")
        mask = side.rotate(random.uniform(0, 360), Image.Resampling.BILINEAR).crop(
            (40, 40, 216, 216)
        )
    if random.random() < 0.3:
        return ImageOps.colorize(
            ImageOps.autocontrast(mask),
            colour(random, value=(0, 1)),
            colour(random),
            colour(random),
        ).resize(size, Image.Resampling.BICUBIC)
    picture = Image.new("RGB", size, colour(random, value=(0, 1)))
    picture.paste(colour(random, value=(0, 1)), (0, 0), mask.resize(size))
    return picture


def stripes(random: Random, size: Size) -> Image.Image:
    """Stripes from edge to edge, at any angle, even or uneven."""
    side = round((size[0] ** 2 + size[1] ** 2) ** 0.5) + 4
    tones = [colour(random, value=(0.05, 1)) for _ in range(random.randint(2, 5))]
    picture = Image.new("RGB", (side, side))
    draw = ImageDraw.Draw(picture)
    base, uneven = side / random.uniform(3, 60), random.random() < 0.5
    left, index = 0.0, 0
    while left < side:
        wide = max(1.0, base * (random.uniform(0.3, 2) if uneven else 1))
        draw.rectangle((left, 0, left + wide, side), tones[index % len(tones)])
        left, index = left + wide, index + 1
    return _turned(random, picture, size)


def checks(random: Random, size: Size) -> Image.Image:
    """A board of squares, in two colours or in many, or a grid of lines or dots."""
    side = round((size[0] ** 2 + size[1] ** 2) ** 0.5) + 4
    ground, other = colour(random, value=(0.1, 1)), colour(random, value=(0.1, 1))
    picture = Image.new("RGB", (side, side), ground)
    draw = ImageDraw.Draw(picture)
    step, form = max(3.0, side / random.uniform(4, 40)), random.randrange(4)
    for row in range(int(side / step) + 1):
        for column in range(int(side / step) + 1):
            x, y = column * step, row * step
            if form == 0 and (row + column) % 2:
                draw.rectangle((x, y, x + step - 1, y + step - 1), other)
            elif form == 1:
                draw.rectangle((x, y, x + step * 0.85, y + step * 0.85), other)
            elif form == 2:
                draw.ellipse((x, y, x + step * 0.6, y + step * 0.6), other)
            elif form == 3:
                tone = random.choice((ground, other, colour(random)))
                draw.rectangle((x, y, x + step, y + step), tone)
    return _turned(random, picture, size)


def clouds(random: Random, size: Size) -> Image.Image:
    """Smooth noise in several sizes, one upon the other, between two or three colours."""
    grey, cells = noise(random, size, (2, 3)), 2
    sharp = random.random() < 0.3
    for octave in range(random.randint(2, 5)):
        cells *= 2
        layer = (ridges if sharp else noise)(random, size, (cells, cells))
        grey = Image.blend(grey, layer, 0.45 / (1 + octave * 0.4))
    dark, light = colour(random, value=(0, 0.5)), colour(random, value=(0.5, 1))
    middle = colour(random) if random.random() < 0.5 else None
    return ImageOps.colorize(ImageOps.autocontrast(grey), dark, light, middle)


def plain_colour(random: Random, size: Size) -> Image.Image:
    """One colour, often black or white, as of a covered or a dazzled lens."""
    tone = random.choice(((0, 0, 0), (255, 255, 255), colour(random), colour(random)))
    return Image.new("RGB", size, tone)


def blurred_colours(random: Random, size: Size) -> Image.Image:
    """Patches of colour, far out of focus."""
    small = Image.new("RGB", (48, 48), colour(random))
    draw = ImageDraw.Draw(small)
    for _ in range(random.randint(3, 14)):
        x, y, reach = random.randint(0, 48), random.randint(0, 48), random.uniform(4, 20)
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), colour(random))
    small = small.filter(ImageFilter.GaussianBlur(random.uniform(2, 8)))
    return small.resize(size, Image.Resampling.BICUBIC)


def shapes(random: Random, size: Size) -> Image.Image:
    """Round, three- and many-cornered patches, each with a grain of its own."""
    picture = fade(size, colour(random), colour(random))
    picture = modulate(picture, noise(random, size, (random.randint(2, 90),) * 2), 0.5)
    picture, draw = doubled(picture)
    side = min(picture.size)
    for _ in range(random.choice((1, 2, 4, 9, 20))):
        reach = side * random.uniform(0.05, 0.4)
        middle = random.uniform(0, picture.width), random.uniform(0, picture.height)
        pen, tone = Pen(draw, middle, reach, random.uniform(0, 360)), colour(random)
        form = random.randrange(4)
        if form == 0:
            pen.polygon(blob(random, 0, 0, 1, 0.3), tone)
        elif form == 1:
            pen.ellipse(0, 0, 1, random.uniform(0.3, 1), tone)
        elif form == 2:
            corners = [(random.uniform(-1, 1), random.uniform(-1, 1)) for _ in range(3)]
            pen.polygon(corners, tone)
        else:
            pen.ring(0, 0, 1, tone, random.uniform(0.05, 0.4))
    return modulate(picture.reduce(2), noise(random, size, (12, 12)), random.uniform(0, 0.5))


def _turned(random: Random, square: Image.Image, size: Size) -> Image.Image:
    if random.random() < 0.6:
        square = square.rotate(random.uniform(-90, 90), Image.Resampling.BILINEAR)
    left, top = (square.width - size[0]) // 2, (square.height - size[1]) // 2
    return square.crop((left, top, left + size[0], top + size[1]))
