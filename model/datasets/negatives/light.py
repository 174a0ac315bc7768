"""What a camera and its light do to a picture, and what a thing's light does to its ground."""

import io
import math
from random import Random
from typing import Literal

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from model.common.pictograms.backgrounds import modulate, noise
from model.common.pictograms.style import INK, Colour
from model.datasets.negatives.sketch import Drawing, Pen, Size, colour

Shadow = Literal["lying", "standing", "none"]


def finished(random: Random, picture: Image.Image) -> Image.Image:
    """The picture as it may come from a phone; now and then as it is."""
    if random.random() < 0.2:
        return picture
    size = picture.size
    if random.random() < 0.25:
        picture = _reframed(random, picture)
    if random.random() < 0.7:
        picture = modulate(picture, noise(random, size, (2, 2)), random.uniform(0.1, 0.7))
    if random.random() < 0.08:
        picture = ImageOps.grayscale(picture).convert("RGB")
    if random.random() < 0.5:
        hue = random.choice(((0.06, 0.13), (0.06, 0.13), (0.52, 0.65), (0.0, 1.0)))
        lamp = colour(random, hue, saturation=(0.02, 0.2), value=(0.8, 1.0))
        picture = ImageChops.multiply(picture, Image.new("RGB", size, lamp))
    if random.random() < 0.2:
        picture = _vignette(random, picture)
    if random.random() < 0.35:
        radius = min(size) * random.uniform(0.001, 0.008)
        picture = picture.filter(ImageFilter.GaussianBlur(radius))
    if random.random() < 0.6:
        picture = modulate(picture, noise(random, size, size), random.uniform(0.03, 0.2))
    if random.random() < 0.25:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=random.randint(15, 70))
        picture = Image.open(file).convert("RGB")
    return picture


def put(
    random: Random,
    ground: Image.Image,
    drawing: Drawing,
    *,
    middle: tuple[float, float] = (0.5, 0.5),
    half: float = 0.35,
    turn: float = 0.0,
    shadow: Shadow = "lying",
    mirrored: bool | None = None,
) -> None:
    """Draw a thing on the ground, with some volume, and its shadow under it.

    `middle` is in parts of the ground's width and height, `half` the thing's half side in parts of
    the shorter of both: what (-1, -1) to (1, 1) of the drawing covers.
    """
    unit = max(2.0, min(ground.size) * half)
    side = round(unit * 2.4)
    layer = Image.new("RGBA", (side * 2, side * 2))
    if mirrored is None:
        mirrored = random.random() < 0.5
    drawing(random, Pen(ImageDraw.Draw(layer), (side, side), unit * 2, turn, mirrored))
    layer = layer.reduce(2)
    alpha = layer.getchannel("A")
    thing = modulate(layer.convert("RGB"), _volume(random, alpha), random.uniform(0.3, 0.9))
    thing = modulate(thing, noise(random, thing.size, (side // 4, side // 4)), 0.12)
    corner = (
        round(ground.width * middle[0] - side / 2),
        round(ground.height * middle[1] - side / 2),
    )
    if shadow == "lying":
        _cast(random, ground, alpha, corner)
    elif shadow == "standing":
        _stand(ground, alpha, corner)
    ground.paste(thing, corner, alpha)


def fade(size: Size, top: Colour, bottom: Colour) -> Image.Image:
    """From one colour down to the other."""
    mask = Image.linear_gradient("L").resize(size)
    picture = Image.new("RGB", size, top)
    picture.paste(bottom, (0, 0), mask)
    return picture


def _reframed(random: Random, picture: Image.Image) -> Image.Image:
    """A part of the picture, its camera held a little askew."""
    width, height = picture.size
    zoom, angle = random.uniform(0.55, 0.9), math.radians(random.gauss(0, 5))
    cos, sin = zoom * math.cos(angle), zoom * math.sin(angle)
    x = width / 2 + random.uniform(-0.5, 0.5) * (1 - zoom) * width
    y = height / 2 + random.uniform(-0.5, 0.5) * (1 - zoom) * height
    # Where it leans over the edge, a camera would have seen more of the place: a mirror stands in.
    margin = round(0.12 * max(width, height))
    wide = Image.new("RGB", (width + 2 * margin, height + 2 * margin))
    for column, left in ((-1, margin - width), (0, margin), (1, margin + width)):
        part = ImageOps.mirror(picture) if column else picture
        flipped = ImageOps.flip(part)
        for source, top in ((flipped, margin - height), (part, margin), (flipped, margin + height)):
            wide.paste(source, (left, top))
    start_x = x + margin - cos * width / 2 + sin * height / 2
    start_y = y + margin - sin * width / 2 - cos * height / 2
    form = Image.Transform.AFFINE
    coefficients = (cos, -sin, start_x, sin, cos, start_y)
    return wide.transform(picture.size, form, coefficients, Image.Resampling.BILINEAR)


def _volume(random: Random, alpha: Image.Image) -> Image.Image:
    """Light inside the shape, dark at its rim on the side away from the light."""
    small = alpha.resize((32, 32), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(2.5))
    small = ImageChops.offset(small, random.randint(-2, 2), random.randint(-3, 1))
    small = small.point(lambda value: min(255, max(0, 128 + (value - 190) * 1.6)))
    return small.resize(alpha.size, Image.Resampling.BICUBIC)


def _cast(random: Random, ground: Image.Image, alpha: Image.Image, corner: Size) -> None:
    # A shadow is soft: a small one, made larger, looks the same and costs a tenth.
    small = max(4, alpha.width // 5), max(4, alpha.height // 5)
    opacity = random.uniform(0.3, 0.65)
    shadow = alpha.resize(small, Image.Resampling.BOX)
    shadow = shadow.filter(ImageFilter.GaussianBlur(small[0] * random.uniform(0.01, 0.04)))
    shadow = shadow.point(lambda value: value * opacity)
    shadow = shadow.resize(alpha.size, Image.Resampling.BICUBIC)
    reach = alpha.width * random.uniform(0.01, 0.05)
    offset = round(reach * random.uniform(-1, 1)), round(reach)
    ground.paste(INK, (corner[0] + offset[0], corner[1] + offset[1]), shadow)


def _stand(ground: Image.Image, alpha: Image.Image, corner: Size) -> None:
    box = alpha.getbbox()
    if box is None:
        return
    width, height = box[2] - box[0], max(2, alpha.width // 14)
    shadow = Image.new("L", (width + 4 * height, 4 * height))
    ImageDraw.Draw(shadow).ellipse((2 * height, height, 2 * height + width, 3 * height), 150)
    shadow = shadow.filter(ImageFilter.BoxBlur(height / 2))
    at = corner[0] + box[0] - 2 * height, corner[1] + box[3] - round(2.2 * height)
    ground.paste(INK, at, shadow)


def _vignette(random: Random, picture: Image.Image) -> Image.Image:
    depth = random.uniform(0.15, 0.5)
    mask = Image.radial_gradient("L").point(lambda value: value * depth)
    picture = picture.copy()
    picture.paste(INK, mask=mask.resize(picture.size))
    return picture
