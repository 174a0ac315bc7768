"""Which kinds of picture there are, and the one way to draw any of them."""

from collections.abc import Callable, Sequence
from random import Random

from PIL import Image

from model.common.pictograms import backgrounds
from model.datasets.negatives import (
    animals,
    diagrams,
    displays,
    documents,
    faces,
    food,
    grounds,
    notes,
    outdoors,
    places,
    rooms,
    screens,
    textures,
    things,
    wheels,
)
from model.datasets.negatives.light import finished, put
from model.datasets.negatives.sketch import Drawing, Size

Drawer = Callable[[Random, Size], Image.Image]
Place = Callable[[Random, Size], tuple[Image.Image, float]]
# Below this many pixels nothing can be drawn that is still to be known: drawn larger, then reduced.
SMALLEST = 64


def lying(drawing: Drawing, *, turn: float = 180.0) -> Drawer:
    """The thing seen from above, anywhere, turned by at most this much, once or a few times."""

    def draw(random: Random, size: Size) -> Image.Image:
        picture = grounds.lying(random, size)
        for half, middle in _places(random):
            put(
                random, picture, drawing, middle=middle, half=half, turn=random.uniform(-turn, turn)
            )
        return picture

    return draw


def alone(drawing: Drawing, *places: Drawer, turn: float = 6.0) -> Drawer:
    """The thing upright on one of these grounds, without a shadow."""

    def draw(random: Random, size: Size) -> Image.Image:
        picture = random.choice(places)(random, size)
        half, lean = random.uniform(0.2, 0.6), random.gauss(0, turn)
        middle = random.uniform(0.35, 0.65), random.uniform(0.4, 0.6)
        put(random, picture, drawing, middle=middle, half=half, turn=lean, shadow="none")
        return picture

    return draw


def standing(drawing: Drawing, place: Place = grounds.standing) -> Drawer:
    """The thing upright in a place, or shown alone on one colour."""

    def draw(random: Random, size: Size) -> Image.Image:
        half = random.uniform(0.22, 0.5)
        x, turn = random.uniform(0.3, 0.7), random.gauss(0, 3)
        if random.random() < 0.3:
            picture = grounds.plain(random, size)
            put(random, picture, drawing, middle=(x, 0.5), half=half, turn=turn, shadow="none")
            return picture
        picture, ground = place(random, size)
        y = ground - half * 0.95 * min(size) / size[1]
        put(random, picture, drawing, middle=(x, y), half=half, turn=turn, shadow="standing")
        return picture

    return draw


def _places(random: Random) -> list[tuple[float, tuple[float, float]]]:
    """Half sides and middles: one thing as a rule, now and then two to four smaller ones."""
    if random.random() < 0.75:
        middle = random.uniform(0.35, 0.65), random.uniform(0.35, 0.65)
        return [(random.uniform(0.2, 0.55), middle)]
    spots = random.sample(
        [(x, y) for x in (0.27, 0.73) for y in (0.27, 0.73)], random.randint(2, 4)
    )
    half = random.uniform(0.14, 0.24)
    return [
        (
            half * random.uniform(0.9, 1.1),
            (x + random.uniform(-0.05, 0.05), y + random.uniform(-0.05, 0.05)),
        )
        for x, y in spots
    ]


_TRAINING: dict[str, Drawer] = {
    "chat": screens.chat,
    "spreadsheet": screens.spreadsheet,
    "web page": screens.web_page,
    "letter": documents.letter,
    "form": documents.form,
    "lettering": documents.text_block,
    "floor": rooms.floor,
    "rug": rooms.rug,
    "wall": rooms.wall,
    "bed": rooms.bed,
    "table": rooms.table,
    "shelf": rooms.shelf,
    "window": rooms.window,
    "door": rooms.door,
    "landscape": outdoors.landscape,
    "sea": outdoors.sea,
    "road": outdoors.road,
    "trees": outdoors.trees,
    "stones": outdoors.stones,
    "mug": standing(things.mug),
    "bottle": standing(things.bottle),
    "chair": standing(things.chair),
    "laptop": standing(things.laptop),
    "plant": standing(things.plant),
    "lamp": standing(things.lamp),
    "book": lying(things.book),
    "clock": lying(things.clock, turn=10),
    "phone": lying(things.phone),
    "ball": lying(things.ball),
    "cutlery": lying(things.cutlery),
    "tool": lying(things.tool),
    "white noise": textures.white_noise,
    "coloured noise": textures.coloured_noise,
    "gradient": textures.gradient,
    "stripes": textures.stripes,
    "checks": textures.checks,
    "clouds": textures.clouds,
    "plain colour": textures.plain_colour,
    "blurred colours": textures.blurred_colours,
    "shapes": textures.shapes,
}
_HELD_OUT: dict[str, Drawer] = {
    "code": displays.code,
    "home screen": displays.home_screen,
    "map": displays.city_map,
    "receipt": notes.receipt,
    "handwriting": notes.handwriting,
    "chart": diagrams.chart,
    "square code": diagrams.square_code,
    "bokeh": diagrams.bokeh,
    "city": places.city,
    "flowers": places.flowers,
    "bicycle": standing(wheels.bicycle, grounds.outside),
    "car": standing(wheels.car, grounds.outside),
    "keys": lying(wheels.keys),
    "cartoon face": alone(faces.cartoon, grounds.plain, grounds.air, backgrounds.wall),
    "sketched face": alone(faces.sketched, grounds.paper),
    "pizza": lying(food.pizza),
    "plate": lying(food.plate),
    "fruit": lying(food.fruit),
    "coffee": lying(food.coffee),
    "burger": standing(food.burger),
    "cake": standing(food.cake),
    "cat": standing(animals.cat),
    "dog": standing(animals.dog, grounds.outside),
    "fish": lying(animals.fish, turn=30),
    "perched bird": standing(animals.perched, grounds.outside),
    "flying bird": alone(animals.flying, grounds.air, turn=20),
}
_DRAWERS = _TRAINING | _HELD_OUT

TRAINING_KINDS: tuple[str, ...] = tuple(_TRAINING)
HELD_OUT_KINDS: tuple[str, ...] = tuple(_HELD_OUT)


def picture(kind: str, seed: int, size: Size = (320, 400)) -> Image.Image:
    """A picture of this kind without any garment: RGB, of `size` (width, height).

    The same arguments give the same picture. Raises ValueError for a kind that there is not, or a
    size without pixels.
    """
    if kind not in _DRAWERS:
        raise ValueError(f"There is no kind {kind!r}: they are {', '.join(_DRAWERS)}.")
    if min(size) < 1:
        raise ValueError("A picture is at least one pixel wide and high.")
    random = Random(f"{kind}-{seed}")
    drawn = max(SMALLEST, size[0]), max(SMALLEST, size[1])
    image = finished(random, _DRAWERS[kind](random, drawn))
    return image if drawn == size else image.resize(size, Image.Resampling.BOX)


def pictures(
    kinds: Sequence[str], count: int, seed: int, size: Size = (320, 400)
) -> tuple[list[Image.Image], list[str]]:
    """`count` pictures, going round the kinds, and the kind of each.

    The same arguments give the same pictures. Raises ValueError for a kind that there is not, or
    where pictures are asked for of no kind.
    """
    if count > 0 and not kinds:
        raise ValueError("Pictures are of a kind: name at least one.")
    order = [kinds[n % len(kinds)] for n in range(count)]
    return [picture(kind, seed * 1_000_003 + n, size) for n, kind in enumerate(order)], order
