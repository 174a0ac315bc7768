"""The picture that answers a photo: a thumbnail of it beside a bar chart of the ten probabilities.

What stands still is drawn once; bars and texts are drawn over a copy of it for each photo. Pillow
does that, not matplotlib: even in a figure that is kept and blitted, matplotlib spends some 12 ms
on the texts, and Pillow less than 1 ms in the same typeface, the DejaVu Sans that matplotlib
brings. tests/bench/bench_chart.py measures it; most of what is left is the PNG.
"""

import io
from functools import cache
from importlib.resources import files

from PIL import Image, ImageChops, ImageDraw, ImageFont

from model import png
from model.labels import LABELS, NONE_OF_THESE
from model.prediction import Prediction

SIZE = (1000, 560)  # px
PHOTO = (40, 40, 400, 520)  # left, upper, right, lower
LEFT, RIGHT = 432, 964  # where the chart begins and ends
BARS_LEFT, BARS_RIGHT = 648, 872
KICKER_Y, TITLE_Y = 54, 98  # the middles of the two lines above the bars
FIRST_Y, PITCH = 156.0, 39.4  # the middle of the first bar, and from one to the next
HEIGHT = 22  # of one bar
TITLE_SIZE, KICKER_SIZE, NAME_SIZE = 40, 21, 23  # of the letters
PHOTO_CORNER, BAR_CORNER = 22, 7  # radii

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
    bytes of a PNG of 1000 × 560 px. The bars stand by probability, the likeliest above; the
    predicted class is blue, both where the verdict is "unsure", none where it is "none".

    One Chart is not safe to use from several threads at a time: each needs its own.
    """

    def __init__(self) -> None:
        self._corners = _rounded(PHOTO[2] - PHOTO[0], PHOTO[3] - PHOTO[1], PHOTO_CORNER)
        self._bar = _rounded(BARS_RIGHT - BARS_LEFT, HEIGHT, BAR_CORNER)
        self._still = Image.new("RGB", SIZE, BACKGROUND)
        for row in range(len(LABELS)):
            self._still.paste(TRACK, (BARS_LEFT, _top(row)), self._bar)

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
        picture.paste(_thumbnail(photo, self._corners.size), PHOTO[:2], self._corners)
        pen = ImageDraw.Draw(picture)
        kicker, title = _headline(prediction, language, truth)
        pen.text((LEFT, KICKER_Y), kicker, GREY, typeface(KICKER_SIZE), "lm")
        pen.text((LEFT, TITLE_Y), title, INK, _fitting(title, RIGHT - LEFT), "lm")
        colours = _colours(prediction, truth)
        for row, (label, probability) in enumerate(prediction.ranked):
            colour = colours.get(label.index)
            length = round(probability * self._bar.width)
            if length > 0:
                bar = self._bar.crop((0, 0, length, HEIGHT))
                picture.paste(colour or MUTED, (BARS_LEFT, _top(row)), bar)
            font = typeface(NAME_SIZE, bold=colour is not None)
            ink = GREY if colour is None else INK if truth is None else colour
            middle = _top(row) + HEIGHT / 2
            pen.text((LEFT, middle), label.in_language(language), ink, font, "lm")
            pen.text((RIGHT, middle), f"{100 * probability:.0f} %", ink, font, "rm")
        # In full colour: 256 colours are a third of the bytes, but leave bands in soft shadows.
        return png.encode(picture)


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
    return round(FIRST_Y + row * PITCH - HEIGHT / 2)


@cache
def typeface(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """DejaVu Sans, of a size in pixels."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    data = (files("matplotlib") / "mpl-data" / "fonts" / "ttf" / name).read_bytes()
    return ImageFont.truetype(io.BytesIO(data), size)


def _fitting(title: str, width: int) -> ImageFont.FreeTypeFont:
    """The title's font, smaller where the title would not fit."""
    font = typeface(TITLE_SIZE, bold=True)
    length = font.getlength(title)
    return font if length <= width else typeface(int(TITLE_SIZE * width / length), bold=True)


def _thumbnail(photo: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The photo in `size`: cropped a little to fill it, or whole in front of a blur of itself."""
    photo = photo.convert("RGB")
    fit, cover = sorted((size[0] / photo.width, size[1] / photo.height))
    scale = cover if cover / fit <= MOST_CROPPED else fit
    inner = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
    resized = photo.resize(inner, Image.Resampling.BILINEAR, reducing_gap=2.0)
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


def _rounded(width: int, height: int, radius: int) -> Image.Image:
    """A mask with round corners, drawn four times larger for smooth edges."""
    mask = Image.new("L", (width * 4, height * 4))
    box = (0, 0, width * 4 - 1, height * 4 - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius * 4, 255)
    return mask.resize((width, height), Image.Resampling.BOX)
