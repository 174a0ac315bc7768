"""The picture of `/stats`: a week's photos day by day, and its answers by class.

Letters of 30 px are 12 px where a phone shows the picture's 800 px at 330 px.
"""

from collections import Counter
from collections.abc import Sequence

from PIL import Image, ImageDraw

from bot.replies.day_counts import Day, answered
from model.common.chart_elements import (
    BACKGROUND,
    BLUE,
    GREY,
    INK,
    MUTED,
    SIDE,
    TRACK,
    bar_of,
    encoded,
    text_line,
    typeface,
)
from model.common.labels import LABELS
from model.common.languages.numbers import number
from model.common.languages.sentences import say

WIDTH, MARGIN = 800, 32  # px
TITLE, TITLE_SIZE = 70, 46
TOP = MARGIN + TITLE  # of the days' bars
DAYS_HEIGHT, DAY_TEXT = 270, 30
LINE, TEXT_SIZE, BAR, GAP = 44, 32, 12, 12
COLUMN = WIDTH - 2 * MARGIN
CLASSES_SHOWN = 6


def picture(days: Sequence[Day], language: str) -> bytes:
    """Draw the days, the oldest first, as a JPEG."""
    total = sum((day.counts for day in days), Counter[str]())
    figures, rows = _figures(total, language), _rows(total, language)
    height = TOP + DAYS_HEIGHT + len(figures) * LINE + len(rows) * (LINE + BAR + GAP)
    image = Image.new("RGB", (WIDTH, height + 3 * MARGIN), BACKGROUND)
    title = text_line(say(language, "stats-title"), INK, TITLE_SIZE, TITLE, COLUMN, bold=True)
    image.paste(title, (MARGIN - SIDE, MARGIN))
    _draw_days(image, days, say(language, "stats-weekdays").split())
    top = TOP + DAYS_HEIGHT + MARGIN // 2
    for name, figure in figures:
        _write(image, top, name, figure)
        top += LINE
    top += MARGIN
    most = max((count for _, count in rows), default=0)
    for name, count in rows:
        _write(image, top, name, str(count))
        image.paste(bar_of(TRACK, COLUMN, BAR), (MARGIN, top + LINE))
        if length := round(COLUMN * count / most) if most else 0:
            image.paste(bar_of(MUTED, COLUMN, BAR).crop((0, 0, length, BAR)), (MARGIN, top + LINE))
        top += LINE + BAR + GAP
    return encoded(image)


def _write(image: Image.Image, top: int, name: str, value: str) -> None:
    """A line: the label on the left, the number on the right."""
    right = text_line(value, INK, TEXT_SIZE, LINE, COLUMN)
    room = COLUMN - right.width
    image.paste(text_line(name, INK, TEXT_SIZE, LINE, room), (MARGIN - SIDE, top))
    image.paste(right, (WIDTH - MARGIN + SIDE - right.width, top))


def _draw_days(image: Image.Image, days: Sequence[Day], weekdays: Sequence[str]) -> None:
    """A bar for each day's photos, its number above, its weekday below; today's in blue."""
    pen, step = ImageDraw.Draw(image), (WIDTH - 2 * MARGIN) / len(days)
    font, floor = typeface(DAY_TEXT), TOP + DAYS_HEIGHT - DAY_TEXT - 16
    most = max(day.counts["photos"] for day in days) or 1
    room = floor - TOP - DAY_TEXT - 16
    for index, day in enumerate(days):
        middle, count = MARGIN + step * (index + 0.5), day.counts["photos"]
        today = index == len(days) - 1
        top = floor - max(4, round(room * count / most))
        colour = BLUE if today else MUTED
        pen.rounded_rectangle((middle - step * 0.34, top, middle + step * 0.34, floor), 6, colour)
        pen.text((middle, top - 8), _short(count), INK, font, "mb")
        name = weekdays[day.date.weekday()]
        pen.text((middle, floor + 10 + DAY_TEXT * 0.8), name, BLUE if today else GREY, font, "ms")


def _figures(total: Counter[str], language: str) -> list[tuple[str, str]]:
    """The figures that do not count answers."""
    seconds = total["milliseconds"] / 1000 / max(1, answered(total))
    return [
        (say(language, "stats-seconds"), f"{number(round(seconds, 1), language)} s"),
        (say(language, "stats-corrected"), str(total["wrong"])),
        (say(language, "stats-refused"), str(total["not_taken"])),
    ]


def _rows(total: Counter[str], language: str) -> list[tuple[str, int]]:
    """The classes answered with their counts, the most frequent first."""
    counts = [(label.in_language(language), total[f"class:{label.index}"]) for label in LABELS]
    classes = sorted(counts, key=lambda row: -row[1])
    others = [
        (say(language, "stats-others"), sum(count for _, count in classes[CLASSES_SHOWN:])),
        *((say(language, f"stats-{name}"), total[name]) for name in ("unsure", "none", "failed")),
    ]
    return [row for row in [*classes[:CLASSES_SHOWN], *others] if row[1]]


def _short(count: int) -> str:
    """A count in four characters at most."""
    return str(count) if count < 10_000 else f"{count // 1000}k"
