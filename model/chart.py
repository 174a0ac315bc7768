"""The picture that answers a photo: a thumbnail of it beside a bar chart of the ten probabilities.

Pillow draws it, not matplotlib: even in a figure that is kept and blitted, matplotlib spends some
12 ms on the texts. Letters are what costs most here, too, so texts are kept as they were drawn:
there are few. For a photo they are put together as pixels, ready for the PNG. The typeface is
Inter, a free one. tests/bench/bench_chart.py measures it; what is left is the photo's reduction and
the PNG.
"""

from functools import cache, lru_cache

import numpy as np
from fontpkg.pil import truetype
from PIL import Image, ImageChops, ImageDraw, ImageFont

from model import png
from model.labels import LABELS, NONE_OF_THESE
from model.png import Pixels
from model.prediction import Prediction

# px. Telegram keeps a picture at 800 px for its chats, so a larger one is made smaller on the way,
# and costs more: at 1000 px, half as much again.
SIZE = (800, 448)
PHOTO = (32, 32, 320, 416)  # left, upper, right, lower
PHOTO_SIZE = (PHOTO[2] - PHOTO[0], PHOTO[3] - PHOTO[1])
LEFT, RIGHT = 346, 772  # where the chart begins and ends
BARS_LEFT, BARS_RIGHT = 520, 696
KICKER_Y, TITLE_Y = 43, 78  # the middles of the two lines above the bars
FIRST_Y, PITCH = 125.0, 31.5  # the middle of the first bar, and from one to the next
HEIGHT, LINE = 18, 28  # of one bar, and of all that is in its line
HEADING_Y, HEADING_HEIGHT = 28, 78  # of the two lines above the bars
MARGIN = 7  # at both ends of lines: some letters begin a little before their place
NAME_WIDTH, SHARE_WIDTH = BARS_LEFT - LEFT - 2 * MARGIN, RIGHT - BARS_RIGHT - 2 * MARGIN
TITLE_SIZE, KICKER_SIZE, NAME_SIZE = 32, 17, 19  # of the letters
PHOTO_CORNER, BAR_CORNER = 18, 6  # radii
# How many are kept of headings and of other texts: 103 kB each, and 6 or 14.
HEADINGS_KEPT, CELLS_KEPT = 32, 512

BACKGROUND, TRACK, MUTED = "#ffffff", "#eef1f6", "#b9c4d6"
BLUE, RED, INK, GREY = "#2f7de1", "#d9434e", "#1a2233", "#66718a"

WORDS = {
    "en": {
        "sure": "This looks like",
        "unsure": "Not sure",
        "none": "No garment that I know",
        "either": "{0} or {1}?",
        "nothing": "None of the ten",
        "right": "Right",
        "wrong": "Not {0}, but",
        "known": "A garment that I know",
    },
    "es": {
        "sure": "Parece",
        "unsure": "No está claro",
        "none": "Ninguna prenda que yo conozca",
        "either": "¿{0} o {1}?",
        "nothing": "Ninguna de las diez",
        "right": "Correcto",
        "wrong": "No es {0}, sino",
        "known": "Una prenda que conozco",
    },
}
# By this factor at most is a photo larger than its place, and so cropped: enough for 2:3 and 4:5.
MOST_CROPPED = 1.15


class Chart:
    """Draws answers, one after another.

    What comes in: a `Prediction`, the photo that it is about (any size; RGB or what Pillow can turn
    into it) and the language of the names, English where we do not speak it. What goes out: the
    bytes of a PNG of 800 × 448 px. The bars stand by probability, the likeliest above; the
    predicted class is blue, both where the verdict is "unsure", none where it is "none".

    One Chart is not safe to use from several threads at a time: each needs its own.
    """

    def __init__(self) -> None:
        self._still = np.full((SIZE[1], SIZE[0], 3), 255, np.uint8)
        for row in range(len(LABELS)):
            _put(self._still, _bar(TRACK), (BARS_LEFT, _top(row) + (LINE - HEIGHT) // 2))
        self._corners = _outside(PHOTO_SIZE, PHOTO_CORNER)

    def draw(
        self,
        prediction: Prediction,
        photo: Image.Image,
        language: str,
        *,
        truth: int | None = None,
    ) -> bytes:
        """The answer as a PNG.

        With `truth`, the index of the class that the photo really shows or NONE_OF_THESE, that
        class is blue, and the predicted one red where it is another. Where the verdict is "none",
        no class was predicted, so none is red.
        """
        picture = self._still.copy()
        shown = _thumbnail(photo, PHOTO_SIZE)
        for place, corner in self._corners:
            shown.paste(BACKGROUND, place, corner)
        _put(picture, np.asarray(shown), PHOTO[:2])
        _put(picture, _heading(*_headline(prediction, language, truth)), (LEFT - MARGIN, HEADING_Y))
        colours = _colours(prediction, truth)
        for row, (label, probability) in enumerate(prediction.ranked):
            colour = colours.get(label.index)
            ink = GREY if colour is None else INK if truth is None else colour
            name = _cell(label.in_language(language), ink, NAME_WIDTH, bold=colour is not None)
            percent = f"{100 * probability:.0f} %"
            share = _cell(percent, ink, SHARE_WIDTH, bold=colour is not None, right=True)
            bar = _bar(colour or MUTED)[:, : round(probability * (BARS_RIGHT - BARS_LEFT))]
            _put(picture, name, (LEFT - MARGIN, _top(row)))
            _put(picture, bar, (BARS_LEFT, _top(row) + (LINE - HEIGHT) // 2))
            _put(picture, share, (RIGHT - SHARE_WIDTH - MARGIN, _top(row)))
        # In full colour: 256 colours are a third of the bytes, but leave bands in soft shadows.
        return png.encode(picture)


def _put(picture: Pixels, part: Pixels, place: tuple[int, int]) -> None:
    left, upper = place
    picture[upper : upper + part.shape[0], left : left + part.shape[1]] = part


def _headline(prediction: Prediction, language: str, truth: int | None) -> tuple[str, str]:
    """The small line and the large one above the bars."""
    words = WORDS.get(language, WORDS["en"])
    first, second = (label.in_language(language) for label, _ in prediction.ranked[:2])
    if truth is not None:
        if truth == prediction.said:
            kicker = words["right"]
        elif prediction.said == NONE_OF_THESE:
            kicker = words["known"]
        else:
            kicker = words["wrong"].format(first)
        nothing = truth == NONE_OF_THESE
        return kicker, words["nothing"] if nothing else LABELS[truth].in_language(language)
    titles = {"sure": first, "unsure": words["either"].format(first, second)}
    return words[prediction.verdict], titles.get(prediction.verdict, words["nothing"])


def _colours(prediction: Prediction, truth: int | None) -> dict[int, str]:
    """The colours of the bars that stand out, by the index of their class."""
    if truth is not None:
        colours = {prediction.said: RED, truth: BLUE}
        colours.pop(NONE_OF_THESE, None)  # it has no bar
        return colours
    marked = {"sure": 1, "unsure": 2, "none": 0}[prediction.verdict]
    return {label.index: BLUE for label, _ in prediction.ranked[:marked]}


def _top(row: int) -> int:
    return round(FIRST_Y + row * PITCH - LINE / 2)


@lru_cache(HEADINGS_KEPT)
def _heading(kicker: str, title: str) -> Pixels:
    """What stands above the bars."""
    heading = Image.new("RGB", (RIGHT - LEFT + 2 * MARGIN, HEADING_HEIGHT), BACKGROUND)
    pen = ImageDraw.Draw(heading)
    pen.text((MARGIN, KICKER_Y - HEADING_Y), kicker, GREY, typeface(KICKER_SIZE), "lm")
    font = _fitting(title, RIGHT - LEFT)
    pen.text((MARGIN, TITLE_Y - HEADING_Y), title, INK, font, "lm")
    return np.asarray(heading)


@lru_cache(CELLS_KEPT)
def _cell(text: str, ink: str, width: int, *, bold: bool, right: bool = False) -> Pixels:
    """A text of a class's line, at the left or the right of so many px, with margins."""
    cell = Image.new("RGB", (width + 2 * MARGIN, LINE), BACKGROUND)
    place = (MARGIN + width if right else MARGIN, LINE // 2)
    font = typeface(NAME_SIZE, bold=bold)
    ImageDraw.Draw(cell).text(place, text, ink, font, "rm" if right else "lm")
    return np.asarray(cell)


@cache
def _bar(colour: str) -> Pixels:
    """A whole bar; a shorter one is the left part of it."""
    mask = _rounded(BARS_RIGHT - BARS_LEFT, HEIGHT, BAR_CORNER)
    bar = Image.new("RGB", mask.size, BACKGROUND)
    for each in dict.fromkeys((TRACK, colour)):
        bar.paste(each, (0, 0), mask)
    return np.asarray(bar)


@cache
def typeface(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Inter, of a size in pixels."""
    font: ImageFont.FreeTypeFont = truetype("Inter", size, weight=650 if bold else 400)
    return font


def _fitting(title: str, width: int) -> ImageFont.FreeTypeFont:
    """The title's font, smaller where the title would not fit."""
    font = typeface(TITLE_SIZE, bold=True)
    length = font.getlength(title)
    return font if length <= width else typeface(int(TITLE_SIZE * width / length), bold=True)


def _thumbnail(photo: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The photo in `size`: cropped a little to fill it, or whole in front of a blur of itself."""
    photo = photo if photo.mode == "RGB" else photo.convert("RGB")
    fit, cover = sorted((size[0] / photo.width, size[1] / photo.height))
    scale = cover if cover / fit <= MOST_CROPPED else fit
    inner = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
    # Plain means where it gets smaller: a third less time than finer filters take, and as sharp.
    filter_ = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    resized = photo.resize(inner, filter_, reducing_gap=2.0)
    ground = resized if scale == cover else _blur(resized, size)
    left, top = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    if ground is resized:
        return resized.crop((-left, -top, size[0] - left, size[1] - top))
    ground.paste(resized, (left, top))
    return ground


def _blur(photo: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The photo's colours alone, a little darker: shrunk to a few pixels, then stretched."""
    few = photo.resize((6, 8), Image.Resampling.BOX)
    few = ImageChops.multiply(few, Image.new("RGB", few.size, (205, 205, 210)))
    return few.resize(size, Image.Resampling.BICUBIC)


def _outside(size: tuple[int, int], radius: int) -> list[tuple[tuple[int, int], Image.Image]]:
    """What of a picture's corners lies outside once they are round, as four places and masks."""
    width, height = size
    outside = ImageChops.invert(_rounded(width, height, radius))
    return [
        ((x, y), outside.crop((x, y, x + radius, y + radius)))
        for x in (0, width - radius)
        for y in (0, height - radius)
    ]


def _rounded(width: int, height: int, radius: int) -> Image.Image:
    """A mask with round corners, drawn four times larger for smooth edges."""
    mask = Image.new("L", (width * 4, height * 4))
    box = (0, 0, width * 4 - 1, height * 4 - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius * 4, 255)
    return mask.resize((width, height), Image.Resampling.BOX)
