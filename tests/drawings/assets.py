"""The pictures that the bot ships: the cards of /classes, and photos to try it with."""

from PIL import Image, ImageDraw, ImageFilter

from model.common.labels import LABELS
from model.common.pictograms import CARD, COLUMNS, GAP, corner
from tests.drawings.drawing import draw
from tests.drawings.style import INK, OWN_STYLES, WHITE, Colour, mix

# The class and the seed of each drawn garment that can be tried.
SAMPLED = ((3, 3), (1, 6), (0, 5))
PICTOGRAM = 190  # px
GROUND: Colour = (238, 242, 248)
# Twice the size, then halved: smooth corners.
ZOOM = 2


def cards() -> Image.Image:
    """The ten pictograms, each on a card with room for its name."""
    width, height = (
        count * side + (count + 1) * GAP
        for count, side in zip((COLUMNS, len(LABELS) // COLUMNS), CARD, strict=True)
    )
    picture = Image.new("RGB", (width, height), GROUND)
    for label in LABELS:
        place = corner(label.index)
        _shadow(picture, place)
        card = _card(label.index)
        picture.paste(card, place, card)
    return picture


def _card(index: int) -> Image.Image:
    width, height = CARD[0] * ZOOM, CARD[1] * ZOOM
    card = Image.new("RGBA", (width, height))
    pen = ImageDraw.Draw(card)
    style = OWN_STYLES[index]
    # A nearly white garment would be lost on a tint of its own.
    tint = mix(style.accent if min(style.colour) > 200 else style.colour, WHITE, 0.86)
    pen.rounded_rectangle((0, 0, width - 1, height - 1), 24 * ZOOM, WHITE)
    inset = 10 * ZOOM
    floor = height - 62 * ZOOM
    pen.rounded_rectangle((inset, inset, width - 1 - inset, floor), 17 * ZOOM, tint)
    garment = draw(index, PICTOGRAM * ZOOM)
    card.alpha_composite(
        garment, ((width - garment.width) // 2, (inset + floor - garment.height) // 2)
    )
    return card.resize(CARD, Image.Resampling.BOX)


def _shadow(picture: Image.Image, place: tuple[int, int]) -> None:
    width, height = CARD
    mask = Image.new("L", (width + 2 * GAP, height + 2 * GAP))
    box = (GAP, GAP + 4, GAP + width - 1, GAP + height + 3)
    ImageDraw.Draw(mask).rounded_rectangle(box, 24, 40)
    mask = mask.filter(ImageFilter.GaussianBlur(GAP // 2 / 2))
    picture.paste(mix(INK, GROUND, 0.2), (place[0] - GAP, place[1] - GAP), mask)
