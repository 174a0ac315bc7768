"""Drawn garments in drawn places: synthetic photos that need only our own code."""

from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from model.common.labels import NAMES
from tests.drawings import backgrounds
from tests.drawings.backgrounds import COLOURS, Size, modulate, noise, ridges
from tests.drawings.drawing import draw
from tests.drawings.style import INK, Pattern, Style

SHOES_AND_BAG = frozenset(map(NAMES.index, ("Sandal", "Sneaker", "Bag", "Ankle boot")))
WITH_SHOULDERS = frozenset(map(NAMES.index, ("T-shirt/top", "Pullover", "Dress", "Coat", "Shirt")))
# Plain as often as all the others together, as in a wardrobe.
CLOTHES_PATTERNS: tuple[Pattern, ...] = (
    *("plain", "plain", "plain", "plain"),
    *("stripes", "pinstripes", "dots", "checks"),
)
SHELF_EDGE, SHELF_DEPTH = 0.72, 0.08  # of the height


def scene(label_index: int, seed: int, size: Size = (640, 800)) -> Image.Image:
    """The garment, varied, set on a drawn background in soft light: RGB, of `size` (width, height).

    The same arguments give the same picture. Raises IndexError for a class that there is not.
    """
    random = Random(f"{label_index}-{seed}")
    if label_index in SHOES_AND_BAG and random.random() < 0.4:
        picture = _standing(random, label_index, size)
    elif label_index in WITH_SHOULDERS and random.random() < 0.3:
        picture = _hanging(random, label_index, size)
    else:
        picture = _lying(random, label_index, size)
    return _lit(random, picture)


def random_style(random: Random, label_index: int, turn: float) -> Style:
    """A style as a wardrobe may hold it, turned by at most `turn` degrees to either side."""
    colour, accent = random.sample(COLOURS, 2)
    accessory = label_index in SHOES_AND_BAG
    return Style(
        colour=_varied(random, colour),
        accent=_varied(random, accent),
        pattern="plain" if accessory else random.choice(CLOTHES_PATTERNS),
        rotation=random.uniform(-turn, turn),
        scale=1.0,
        stretch=random.uniform(0.88, 1.14),
        flare=random.uniform(-0.08, 0.10),
        mirrored=random.random() < 0.5,
    )


def _lying(random: Random, label_index: int, size: Size) -> Image.Image:
    picture = random.choice(backgrounds.LYING)(random, size)
    side = round(min(size) * random.uniform(0.66, 0.96))
    garment = _garment(random, label_index, side, turn=24)
    corner = _placed(random, size, side)
    _cast_shadow(picture, garment, corner, reach=0.012)
    picture.paste(garment, corner, garment)
    return picture


def _hanging(random: Random, label_index: int, size: Size) -> Image.Image:
    picture = backgrounds.wall(random, size)
    side = round(min(size) * random.uniform(0.70, 0.92))
    garment = _garment(random, label_index, side, turn=2)
    left, top = _placed(random, size, side)
    top = max(top, round(side * 0.16))
    _cast_shadow(picture, garment, (left, top), reach=0.03)
    neck = garment.getbbox() or (0, 0, side, side)
    _hook(picture, left + side / 2, top + neck[1] + side * 0.06, side)
    picture.paste(garment, (left, top), garment)
    return picture


def _standing(random: Random, label_index: int, size: Size) -> Image.Image:
    picture = backgrounds.shelf(random, size, SHELF_EDGE)
    side = round(min(size) * random.uniform(0.60, 0.90))
    garment = _garment(random, label_index, side, turn=0)
    left, _ = _placed(random, size, side)
    box = garment.getbbox() or (0, 0, side, side)
    ground = round(size[1] * (SHELF_EDGE + SHELF_DEPTH))
    top = ground - box[3]
    shadow = Image.new("L", size)
    reach = side * 0.03
    ellipse = (left + box[0], ground - reach, left + box[2], ground + reach)
    ImageDraw.Draw(shadow).ellipse(ellipse, 150)
    picture.paste(INK, mask=shadow.filter(ImageFilter.GaussianBlur(side * 0.015)))
    picture.paste(garment, (left, top), garment)
    return picture


def _garment(random: Random, label_index: int, side: int, turn: float) -> Image.Image:
    """The garment with the soft creases and the grain of cloth or leather."""
    garment = draw(label_index, side, random_style(random, label_index, turn))
    alpha = garment.getchannel("A")
    cloth = garment.convert("RGB")
    depth = 0.16 if label_index in SHOES_AND_BAG else 0.34
    cloth = modulate(cloth, noise(random, cloth.size, (4, 5)), depth * 1.2)
    cloth = modulate(cloth, ridges(random, cloth.size, (3, 4)), depth * 0.7)
    cloth = modulate(cloth, noise(random, cloth.size, (side // 3, side // 3)), depth * 0.4)
    cloth.putalpha(alpha)
    return cloth


def _placed(random: Random, size: Size, side: int) -> tuple[int, int]:
    """The upper left corner of a square of this side, somewhere inside the picture."""
    return random.randint(0, max(0, size[0] - side)), random.randint(0, max(0, size[1] - side))


def _cast_shadow(
    picture: Image.Image, garment: Image.Image, corner: tuple[int, int], reach: float
) -> None:
    """A soft shadow, and a narrow dark one where the garment touches the ground."""
    side = garment.width
    alpha = garment.getchannel("A")
    for distance, opacity in ((reach * 2, 0.30), (reach * 0.5, 0.35)):
        shadow = Image.new("L", picture.size)
        offset = round(side * distance)
        shadow.paste(
            alpha.point(lambda value, o=opacity: value * o),
            (corner[0] + offset // 2, corner[1] + offset),
        )
        shadow = shadow.filter(ImageFilter.GaussianBlur(max(0.5, side * distance)))
        picture.paste(INK, mask=shadow)


def _hook(picture: Image.Image, x: float, y: float, side: int) -> None:
    """The hook of a hanger whose lower end stands at (x, y)."""
    pen = ImageDraw.Draw(picture)
    wire, steel = max(1, round(side * 0.012)), (120, 122, 128)
    radius = side * 0.04
    rise = side * 0.10
    pen.line((x, y, x, y - rise), steel, wire)
    box = (x - radius, y - rise - 2 * radius, x + radius, y - rise)
    pen.arc(box, 180, 450, steel, wire)
    nail = wire * 1.1
    top = y - rise - 2 * radius + wire
    pen.ellipse((x - nail, top - nail, x + nail, top + nail), (70, 66, 64))


def _lit(random: Random, picture: Image.Image) -> Image.Image:
    """Light from somewhere, a lamp's colour, and the grain of a small sensor."""
    picture = modulate(picture, noise(random, picture.size, (2, 2)), random.uniform(0.2, 0.7))
    warm = random.uniform(-1, 1)
    lamp = 255 - round(max(0.0, -warm) * 24), 248, 255 - round(max(0.0, warm) * 32)
    picture = ImageChops.multiply(picture, Image.new("RGB", picture.size, lamp))
    return modulate(picture, noise(random, picture.size, picture.size), 0.08)


def _varied(random: Random, colour: tuple[int, int, int]) -> tuple[int, int, int]:
    red, green, blue = (min(255, max(0, c + random.randint(-14, 14))) for c in colour)
    return red, green, blue
