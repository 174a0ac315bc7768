"""The picture that answers a photo: the photo, and bars for the likeliest classes.

Pillow draws it, not matplotlib: even in a figure that is kept and blitted, matplotlib spends some
12 ms on the texts.
Telegram turns every photo into a JPEG, so this is one already: a quarter of a PNG's bytes for the
same time. tests/bench/pictures/bench_chart.py measures both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw

from model.common.chart_elements import (
    BACKGROUND,
    BLUE,
    EDGE,
    GREY,
    INK,
    MUTED,
    RED,
    SIDE,
    TILE,
    TRACK,
    bar_of,
    encoded,
    rounded,
    text_line,
)
from model.common.labels import LABELS, NONE_OF_THESE
from model.common.languages import words
from model.common.prediction import Prediction, percent
from model.photos.resizing import resized
from model.serving.chart_layout import ABOVE, LEFT, WHOLE, Layout

RIGHT, WRONG = "✓", "✗"  # next to the colours, which not everybody tells apart

WORDS = "chart-"  # begins the ids of the chart's words
# The likeliest classes are shown: this many, and another one from a share of AT_LEAST on.
CLASSES_SHOWN, AT_LEAST = 3, 0.015
# Of an album's tiles, in pixels: the photo, its margin, two lines and their letters. These are
# 12 px on a phone, where three tiles of 320 px are 330 px wide.
TILE_PHOTO, TILE_MARGIN, TILE_LINES, TILE_SIZE = (304, 216), 6, (48, 44), 36
# From this ratio of width to height on, a photo stands above the bars.
WIDE = 1.15
CORNER = 16  # px, the radius of a photo's corners
# A picture that is enlarged more than this has its pixels shown.
MOST_BLURRED = 4


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A line of the chart; `colour` is that of a bar that stands out, `share` None has no bar."""

    text: str
    value: str = ""
    share: float | None = None
    colour: str = ""


class Chart:
    """Draws answers, one after another.

    What comes in: a `Prediction`, the photo that it is about (any size; RGB or what Pillow can turn
    into it) and the language of the names, English where we do not speak it. What goes out: the
    bytes of a JPEG. A photo that is wider than high stands above the bars, any other to the left
    of them, always whole. The likeliest three or four classes have bars, `Others` is the sum of the
    rest. The predicted class is blue, both if the verdict is "unsure". Where it is "none",
    one bar says how much the photo looks like a garment at all.
    """

    def draw(
        self,
        prediction: Prediction,
        photo: Image.Image,
        language: str,
        *,
        truth: int | None = None,
    ) -> bytes:
        """The answer as a JPEG.

        With `truth`, the index of the class that the photo really shows or NONE_OF_THESE, that
        class is blue with a ✓, and the predicted one red with a ✗ where it is another. Where the
        verdict is "none", no class was predicted, so none is red.
        """
        return encoded(self.picture(prediction, photo, language, truth=truth))

    def tile(
        self,
        prediction: Prediction,
        photo: Image.Image,
        language: str,
        *,
        truth: int | None = None,
    ) -> bytes:
        """One photo of an album with what it shows below it, as a JPEG of the size TILE."""
        width, height = TILE
        shown = _thumbnail(photo, TILE_PHOTO)
        tile = Image.new("RGB", TILE, BACKGROUND)
        place = (width - shown.width) // 2, TILE_MARGIN + (TILE_PHOTO[1] - shown.height) // 2
        tile.paste(shown, place)
        lines = _tile_words(prediction, words(language, WORDS), language, truth)
        top = height - TILE_MARGIN // 2 - sum(TILE_LINES)
        for (text, ink), line, bold in zip(lines, TILE_LINES, (True, False), strict=True):
            part = text_line(text, ink, TILE_SIZE, line, TILE_PHOTO[0], bold=bold)
            tile.paste(part, ((width - part.width) // 2, top))
            top += line
        return encoded(tile)

    def picture(
        self,
        prediction: Prediction,
        photo: Image.Image,
        language: str,
        *,
        truth: int | None = None,
        whole: bool = False,
    ) -> Image.Image:
        """The same as an RGB image; `whole`: with all ten classes, for a large screen."""
        rows = _rows(prediction, language, truth, whole=whole)
        above = photo.width >= WIDE * photo.height
        layout = WHOLE if whole else ABOVE if above else LEFT
        shown = _thumbnail(photo, layout.photo)
        text = layout.kicker + layout.title + sum(_height(layout, row) for row in rows)
        if layout is ABOVE:
            height = 2 * layout.margin + shown.height + layout.gap + text
            place = (layout.width - shown.width) // 2, layout.margin
            top = layout.margin + shown.height + layout.gap
        else:
            height = layout.height
            left = layout.margin + (layout.photo[0] - shown.width) // 2
            place, top = (left, (height - shown.height) // 2), (height - text) // 2
        picture = Image.new("RGB", (layout.width, height), BACKGROUND)
        picture.paste(shown, place)
        _write(picture, layout, top, _headline(prediction, language, truth), rows)
        return picture


def _tile_words(
    prediction: Prediction, said: dict[str, str], language: str, truth: int | None
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Two lines, each with its colour: what the photo shows, and how sure that is."""
    (first, likeliest), (second, _) = prediction.ranked[:2]
    names = [label.in_language(language) for label in (first, second)]
    if truth is not None:
        _, title = _headline(prediction, language, truth)
        if truth == prediction.said:
            return (f"{RIGHT} {title}", BLUE), (said["right"], GREY)
        before = {"none": said["none-title"], "unsure": said["unsure-title"]}
        wrong = before.get(prediction.verdict, names[0])
        return (f"{RIGHT} {title}", BLUE), (f"{WRONG} {wrong}", RED)
    if prediction.verdict == "sure":
        return (names[0], INK), (_percent(likeliest, said), GREY)
    doubt = said["perhaps"].replace("{ $garment }", names[0])
    if prediction.verdict == "unsure":
        doubt = " / ".join(names)
    return (said[f"{prediction.verdict}-title"], INK), (doubt, GREY)


def _write(
    picture: Image.Image,
    layout: Layout,
    top: int,
    headline: tuple[str, str],
    rows: Sequence[ChartRow],
) -> None:
    """Put the heading and the rows below each other."""
    kicker, title = headline
    column, end = layout.column, layout.width - layout.margin
    part = text_line(kicker, GREY, layout.kicker_size, layout.kicker, column)
    picture.paste(part, (layout.left - SIDE, top))
    top += layout.kicker
    part = text_line(title, INK, layout.title_size, layout.title, column, bold=True)
    picture.paste(part, (layout.left - SIDE, top))
    top += layout.title
    for row in rows:
        ink, bold = row.colour or (GREY if row.share is None else INK), bool(row.colour)
        value = text_line(row.value, ink, layout.text_size, layout.line, column, bold=bold)
        room = column - value.width - layout.gap + 2 * SIDE
        name = text_line(row.text, ink, layout.text_size, layout.line, room, bold=bold)
        picture.paste(name, (layout.left - SIDE, top))
        picture.paste(value, (end + SIDE - value.width, top))
        if row.share is not None:
            length = round(row.share * column)
            bar = bar_of(row.colour or MUTED, column, layout.bar)
            picture.paste(bar_of(TRACK, column, layout.bar), (layout.left, top + layout.line))
            if length:
                part = bar.crop((0, 0, length, layout.bar))
                picture.paste(part, (layout.left, top + layout.line))
        top += _height(layout, row)


def _height(layout: Layout, row: ChartRow) -> int:
    return layout.line if row.share is None else layout.row


def _headline(prediction: Prediction, language: str, truth: int | None) -> tuple[str, str]:
    """The small line and the large one above the bars."""
    said = words(language, WORDS)
    if truth is not None:
        right = truth == prediction.said
        kicker = f"{RIGHT} {said['right']}" if right else said["corrected"]
        nothing = truth == NONE_OF_THESE
        return kicker, said["nothing"] if nothing else LABELS[truth].in_language(language)
    if prediction.verdict == "sure":
        return said["sure"], prediction.label.in_language(language)
    return said[prediction.verdict], said[f"{prediction.verdict}-title"]


def _rows(
    prediction: Prediction, language: str, truth: int | None, *, whole: bool = False
) -> list[ChartRow]:
    said = words(language, WORDS)
    ranked = prediction.ranked
    if not whole and prediction.verdict == "none" and truth in (None, NONE_OF_THESE):
        score = prediction.garment_score
        return [
            ChartRow(said["garment"], _percent(score, said), score),
            ChartRow(
                said["closest"].replace("{ $garment }", prediction.label.in_language(language))
            ),
        ]
    shown = ranked
    if not whole:
        shown = ranked[: CLASSES_SHOWN + (ranked[CLASSES_SHOWN][1] >= AT_LEAST)]
        if truth is not None and truth not in [label.index for label, _ in shown]:
            shown = shown[:CLASSES_SHOWN]
            shown += [pair for pair in ranked if pair[0].index == truth]
    marked = {"sure": 1, "unsure": 2, "none": 0}[prediction.verdict]
    named = {label.index for label, _ in ranked[:marked]}
    rows = []
    for label, share in shown:
        name, colour = label.in_language(language), BLUE if label.index in named else ""
        if truth is not None:
            right, wrong = label.index == truth, label.index == prediction.said
            colour = BLUE if right else RED if wrong else ""
            name = f"{RIGHT} {name}" if right else f"{WRONG} {name}" if wrong else name
        rows.append(ChartRow(name, _percent(share, said), share, colour))
    others = 100 - sum(percent(share) for _, share in shown)
    if not whole and others > 0:
        rows.append(ChartRow(said["others"], _percent(others / 100, said)))
    return rows


def _percent(share: float, said: dict[str, str]) -> str:
    shown = str(percent(share)) if share >= 0.005 else "<1"
    return said["percent"].replace("{ $percent }", shown)


def _thumbnail(photo: Image.Image, most: tuple[int, int]) -> Image.Image:
    """The whole photo, as large as fits, with round corners and an edge if it is light."""
    photo = photo if photo.mode == "RGB" else photo.convert("RGB")
    scale = min(most[0] / photo.width, most[1] / photo.height)
    size = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
    # Plain means if it gets smaller: faster than a finer filter, and as sharp. So are the few
    # pixels of a tiny picture, which would be a blur otherwise.
    plain = scale < 1 or scale > MOST_BLURRED
    shown = resized(photo, size, "box" if plain else "bilinear")
    box = (0, 0, size[0] - 1, size[1] - 1)
    ImageDraw.Draw(shown).rounded_rectangle(box, CORNER, outline=EDGE)
    for place, corner in _outside(size, min(CORNER, *size)):
        shown.paste(BACKGROUND, place, corner)
    return shown


@lru_cache(64)
def _outside(size: tuple[int, int], radius: int) -> list[tuple[tuple[int, int], Image.Image]]:
    """What of a picture's corners lies outside once they are round, as four places and masks."""
    width, height = size
    outside = ImageChops.invert(rounded(2 * radius, 2 * radius, radius))
    return [
        ((x, y), outside.crop((a, b, a + radius, b + radius)))
        for x, a in ((0, 0), (width - radius, radius))
        for y, b in ((0, 0), (height - radius, radius))
    ]
