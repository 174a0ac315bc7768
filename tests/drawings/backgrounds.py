"""Drawn places where a garment may lie, hang or stand.

Each takes its random numbers from the `Random` that it is given, and nothing else.
"""

from collections.abc import Callable
from random import Random

from PIL import Image, ImageChops, ImageDraw

from tests.drawings.style import INK, WHITE, Colour, mix

Size = tuple[int, int]
Background = Callable[[Random, Size], Image.Image]


def noise(random: Random, size: Size, cells: Size) -> Image.Image:
    """Smooth grey noise, mean 128: random cells, stretched to the size."""
    cells = max(1, cells[0]), max(1, cells[1])
    values = Image.frombytes("L", cells, random.randbytes(cells[0] * cells[1]))
    return values.resize(size, Image.Resampling.BICUBIC)


def ridges(random: Random, size: Size, cells: Size) -> Image.Image:
    """Noise with sharp crests, as of folds: bright where smooth noise crosses its mean."""
    return noise(random, size, cells).point(lambda value: 255 - min(255, abs(value - 128) * 4))


def modulate(image: Image.Image, by: Image.Image, strength: float) -> Image.Image:
    """The image, lighter where `by` is above 128 and darker below."""
    grey = by.point(lambda value: 128 + (value - 128) * strength)
    return ImageChops.soft_light(image, Image.merge("RGB", (grey, grey, grey)))


def wood(random: Random, size: Size) -> Image.Image:
    """A floor of planks."""
    side = _turnable(size)
    tone = random.choice(
        [(176, 128, 84), (148, 102, 66), (202, 166, 124), (118, 84, 60), (190, 182, 170)]
    )
    floor = Image.new("RGB", side)
    pen = ImageDraw.Draw(floor)
    width = max(3, round(side[0] / random.uniform(7, 12)))
    for left in range(0, side[0], width):
        top = -random.randrange(side[1])
        while top < side[1]:
            length = round(side[1] * random.uniform(0.5, 0.9))
            shade = mix(tone, random.choice([INK, WHITE]), random.uniform(0, 0.14))
            pen.rectangle((left, top, left + width, top + length), shade)
            pen.line((left, top, left + width, top), mix(tone, INK, 0.5), max(1, width // 50))
            top += length
        pen.line((left, 0, left, side[1]), mix(tone, INK, 0.5), max(1, width // 40))
    floor = modulate(floor, noise(random, side, (side[0] // 3, 8)), 0.28)
    return _turned(floor, random.choice([0, 90]) + random.uniform(-15, 15), size)


def tiles(random: Random, size: Size) -> Image.Image:
    """A tiled floor."""
    side = _turnable(size)
    tone = random.choice([(224, 220, 212), (190, 196, 200), (206, 178, 156), (96, 104, 112)])
    other = mix(tone, INK, random.choice([0, 0, 0.12, 0.35]))
    grout = mix(tone, random.choice([INK, WHITE]), 0.35)
    floor = Image.new("RGB", side, grout)
    pen = ImageDraw.Draw(floor)
    width = max(4, round(side[0] / random.uniform(5, 9)))
    gap = max(1, width // 36)
    for row, top in enumerate(range(0, side[1], width)):
        for column, left in enumerate(range(0, side[0], width)):
            shade = mix((tone, other)[(row + column) % 2], WHITE, random.uniform(0, 0.10))
            pen.rectangle((left + gap, top + gap, left + width - gap, top + width - gap), shade)
    floor = modulate(floor, noise(random, side, (9, 9)), 0.10)
    return _turned(floor, random.uniform(0, 90), size)


def sheet(random: Random, size: Size) -> Image.Image:
    """A bed sheet with folds."""
    side = _turnable(size)
    tone = random.choice(
        [(232, 230, 226), (214, 222, 234), (236, 220, 214), (206, 214, 200), (150, 162, 184)]
    )
    cloth = Image.new("RGB", side, tone)
    cloth = modulate(cloth, noise(random, side, (7, 3)), 0.55)
    cloth = modulate(cloth, ridges(random, side, (6, 3)), 0.30)
    return _turned(cloth, random.uniform(0, 180), size)


def carpet(random: Random, size: Size) -> Image.Image:
    """A carpet with a deep pile."""
    tone = random.choice(
        [(168, 160, 148), (120, 128, 140), (150, 96, 88), (92, 108, 92), (206, 198, 182)]
    )
    pile = Image.new("RGB", size, tone)
    pile = modulate(pile, noise(random, size, (size[0] // 3, size[1] // 3)), 0.42)
    return modulate(pile, noise(random, size, (size[0] // 40, size[1] // 40)), 0.30)


def wall(random: Random, size: Size) -> Image.Image:
    """A painted wall."""
    tone = random.choice(
        [(226, 224, 218), (198, 208, 214), (222, 206, 188), (186, 198, 180), (212, 196, 204)]
    )
    plaster = Image.new("RGB", size, tone)
    plaster = modulate(plaster, noise(random, size, (size[0] // 5, size[1] // 5)), 0.07)
    return modulate(plaster, noise(random, size, (3, 3)), 0.18)


def shelf(random: Random, size: Size, edge: float = 0.72) -> Image.Image:
    """A wall above a wooden board, whose back edge is at `edge` of the height."""
    picture = wall(random, size)
    top = round(size[1] * edge)
    board = Image.new("RGB", (size[0], max(1, size[1] - top)), (164, 118, 78))
    board = modulate(board, noise(random, board.size, (4, max(2, board.height // 3))), 0.35)
    picture.paste(board, (0, top))
    ImageDraw.Draw(picture).line((0, top, size[0], top), (108, 76, 50), max(1, size[1] // 200))
    return picture


def _turnable(size: Size) -> Size:
    """A square so large that it still covers the size when turned."""
    side = round((size[0] ** 2 + size[1] ** 2) ** 0.5) + 2
    return side, side


def _turned(image: Image.Image, degrees: float, size: Size) -> Image.Image:
    image = image.rotate(degrees, Image.Resampling.BILINEAR)
    left, top = (image.width - size[0]) // 2, (image.height - size[1]) // 2
    return image.crop((left, top, left + size[0], top + size[1]))


LYING: tuple[Background, ...] = (wood, tiles, sheet, carpet)
COLOURS: tuple[Colour, ...] = (
    (214, 64, 69), (236, 112, 74), (240, 180, 60), (120, 168, 82), (48, 140, 120), (60, 150, 214),
    (48, 76, 146), (112, 82, 168), (206, 96, 150), (142, 94, 62), (206, 170, 124), (240, 236, 226),
    (168, 172, 178), (98, 102, 112), (48, 50, 58), (98, 122, 150), (122, 36, 56), (88, 100, 62),
)  # fmt: skip
