"""Bags cut out of their photos on white and pasted onto corners of photos of clothes."""

import io
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageStat

from model.datasets.sources.clothing_photos import Row
from model.photos import decode

PASTED = "pasted bag"  # the category of such a photo
PASTED_EACH = 12  # of one photo of a bag
SEED = 17
SIZE = (360, 480)
LONGEST_SIDE = 320  # px of what is cut out: no network sees more of it
# White paper, the shadow on it included, is at least this light in its darkest channel.
WHITE = 238


def pasted(bags: Sequence[Row], grounds: Sequence[Row]) -> list[Row]:
    """PASTED_EACH photos of each bag, with the corner of one of the grounds behind it."""
    random = Random(SEED)
    found = []
    for row in bags:
        bag = cut_out(row)
        for number in range(PASTED_EACH):
            picture = _pasted(random, bag, _floor(random.choice(grounds)))
            file = io.BytesIO()
            picture.save(file, "JPEG", quality=90)
            path = row.path.with_name(f"{row.path.stem}-pasted-{number:02}.jpg")
            found.append(Row(path, row.split, row.garment, None, file.getvalue(), PASTED))
    return found


def cut_out(row: Row) -> Image.Image:
    """The object on white paper without its background: RGBA, tightly framed."""
    picture = decode.decode(row.read())
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    red, green, blue = picture.split()
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    solid = darkest.point(lambda value: 255 if value < WHITE else 0)
    # Highlights and seams are white, too: gaps of a few pixels are closed.
    closed = solid.filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.MinFilter(5))
    mask = closed.filter(ImageFilter.GaussianBlur(1.2))
    picture.putalpha(mask)
    return picture.crop(mask.getbbox())


def _floor(ground: Row) -> Image.Image:
    """The plainest corner of the photo, where its garment hardly is, as large as a whole one."""
    picture = decode.decode(ground.read())
    width, height = picture.width * 3 // 8, picture.height * 3 // 8
    corners = [
        picture.crop((left, top, left + width, top + height))
        for left in (0, picture.width - width)
        for top in (0, picture.height - height)
    ]
    plainest = min(corners, key=lambda corner: ImageStat.Stat(corner.convert("L")).stddev[0])
    return plainest.resize(SIZE, Image.Resampling.BICUBIC)


def _pasted(random: Random, garment: Image.Image, ground: Image.Image) -> Image.Image:
    """The garment somewhere on the ground, turned by up to a quarter, in another light."""
    garment = garment.rotate(random.uniform(-90, 90), Image.Resampling.BICUBIC, expand=True)
    scale = random.uniform(0.55, 0.95) * min(SIZE) / max(garment.size)
    size = round(garment.width * scale), round(garment.height * scale)
    garment = garment.resize(size, Image.Resampling.LANCZOS)
    alpha = garment.getchannel("A")
    lit = ImageEnhance.Brightness(garment.convert("RGB")).enhance(random.uniform(0.75, 1.15))
    room = SIZE[0] - size[0], SIZE[1] - size[1]
    left, top = (round(side * random.uniform(0.2, 0.8)) for side in room)
    shadow = Image.new("L", SIZE)
    shadow.paste(alpha.point(lambda value: value // 2), (left + 6, top + 6))
    shade = ImageChops.invert(shadow.filter(ImageFilter.GaussianBlur(7)))
    picture = ImageChops.multiply(ground, Image.merge("RGB", (shade, shade, shade)))
    picture.paste(lit, (left, top), alpha)
    return picture
