"""The photos that training never sees: clothing photos of other people, and other bags.

The bags are used as they are, on white, and pasted onto corners of those people's photos: three
bags alone would say little.
"""

import io
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageStat

from model.common.settings import CLOTHING_PHOTOS, Settings
from model.datasets import cut_outs
from model.datasets.cut_outs import CutOut
from model.datasets.sources import bags, clothing_photos
from model.datasets.sources.clothing_photos import Row, UnavailableError
from model.photos import decode

PASTED = "pasted bag"  # the category of such a photo
PASTED_EACH = 12  # of one photo of a bag
SEED = 17
SIZE = (360, 480)


def clothes(settings: Settings) -> list[Row]:
    """The clothing photos. Raises UnavailableError if there are none."""
    folder = settings.clothing_photos
    if folder is None or not folder.is_dir():
        raise UnavailableError(
            f"There are no clothing photos: set DATASETS_DIR to a folder with {CLOTHING_PHOTOS}/, "
            "laid out as docs/models/data.md says."
        )
    return clothing_photos.rows(folder, split="validation")


def bags_kept_back(settings: Settings) -> list[Row]:
    """The bags as they are and pasted, always the same ones in the same order.

    Raises UnavailableError if there are no clothing photos, or no bags.
    """
    kept = bags.rows("validation", settings)
    return kept + pasted(cut_outs.of_bags(kept), clothes(settings))


def pasted(cut: Sequence[CutOut], grounds: Sequence[Row]) -> list[Row]:
    """PASTED_EACH photos of each, with the corner of one of the grounds behind it."""
    random = Random(SEED)
    found = []
    for each in cut:
        for number in range(PASTED_EACH):
            picture = _pasted(random, each.picture, _floor(random.choice(grounds)))
            file = io.BytesIO()
            picture.save(file, "JPEG", quality=90)
            path = each.row.path.with_name(f"{each.row.path.stem}-pasted-{number:02}.jpg")
            found.append(Row(path, each.row.split, each.row.garment, None, file.getvalue(), PASTED))
    return found


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
