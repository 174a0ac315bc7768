"""Contact sheets of the photos that a model got wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from model.common.chart_elements import BACKGROUND, BLUE, GREY, INK, RED, TRACK, typeface
from model.common.labels import NAMES
from model.datasets.sources.clothing_photos import Row
from model.evaluation.evaluate import AnsweredPhotos
from model.evaluation.metrics import Floats
from model.photos import decode as photos

COLUMNS, ROWS = 6, 4
PHOTO = (224, 252)  # px
CELL = (240, 352)
MARGIN, HEAD = 24, 72
FIRST_LINE, PITCH = 18, 24  # of the middles of the lines below a photo
TITLE_SIZE, TEXT_SIZE, NOTE_SIZE = 28, 17, 14  # of the letters


@dataclass(frozen=True, slots=True)
class Failure:
    """A photo, what it shows (`truth`), and what was `said` of it; `note` stands below, small."""

    photo: Row
    truth: str
    said: str
    note: str


@dataclass(frozen=True, slots=True)
class Failures:
    """Failures of one sort, the worst first; `stem` begins the names of their files."""

    stem: str
    title: str
    found: tuple[Failure, ...]

    def sheets(self) -> list[Image.Image]:
        """Pictures of 24 photos each, the last of what is left; none if nothing failed."""
        size = COLUMNS * ROWS
        pages = [self.found[start : start + size] for start in range(0, len(self.found), size)]
        return [
            _sheet(self.title, f"blue: true, red: said     {number} / {len(pages)}", page)
            for number, page in enumerate(pages, start=1)
        ]


def failures(answered: AnsweredPhotos) -> list[Failures]:
    """Wrong names, garments turned away, and other garments taken for one of the ten.

    The most confident mistakes come first: by the probability of the wrong name, by how low the
    garment score is, and by how high.
    """
    answers, shown = answered.answers, answered.shown
    accepted = np.zeros_like(answers.probabilities, bool)
    accepted[shown] = answered.right
    hits = accepted[np.arange(len(answers)), answers.probabilities.argmax(axis=1)]
    none = answers.verdicts == "none"
    wrong = np.where(shown & ~none & ~hits, answers.confidences, np.nan)
    away = np.where(shown & none, -answers.scores, np.nan)
    taken = np.where(~shown & ~none, answers.scores, np.nan)
    garments, others = f"{shown.sum():,} garments", f"{(~shown).sum():,} other garments and shoes"
    return [
        _sort(answered, "wrong", f"{garments} named wrongly", wrong),
        _sort(answered, "turned-away", f"{garments} answered “none of the ten”", away),
        _sort(answered, "others", f"{others} taken for one of the ten", taken),
    ]


def _sort(answered: AnsweredPhotos, stem: str, what: str, badness: Floats) -> Failures:
    """The photos with a badness [n] that is not NaN, the worst first."""
    places = [int(place) for place in np.argsort(-badness, kind="stable")]
    found = tuple(_failure(answered, place) for place in places if not np.isnan(badness[place]))
    return Failures(stem, f"{len(found):,} of {what}", found)


def _failure(answered: AnsweredPhotos, place: int) -> Failure:
    row, answers = answered.rows[place], answered.answers
    probabilities = answers.probabilities[place]
    first, second = (
        f"{NAMES[index]} {100 * probabilities[index]:.0f}%"
        for index in np.argsort(-probabilities, kind="stable")[:2]
    )
    texts = {"sure": first, "unsure": f"{first}, {second}", "none": f"none ({first})"}
    accepted = [NAMES[index] for index in (row.garment, row.also_accepted) if index is not None]
    return Failure(
        photo=row,
        truth=" or ".join(accepted) or "none of the ten",
        said=texts[str(answers.verdicts[place])],
        note=f"garment {100 * answers.scores[place]:.0f}%  {row.path.stem[:8]}",
    )


def _sheet(title: str, legend: str, found: Sequence[Failure]) -> Image.Image:
    rows = -(-len(found) // COLUMNS)
    size = 2 * MARGIN + COLUMNS * CELL[0], HEAD + MARGIN + rows * CELL[1]
    sheet = Image.new("RGB", size, BACKGROUND)
    pen = ImageDraw.Draw(sheet)
    pen.text((MARGIN + 8, HEAD / 2), title, INK, typeface(TITLE_SIZE, bold=True), "lm")
    pen.text((size[0] - MARGIN - 8, HEAD / 2), legend, GREY, typeface(TEXT_SIZE), "rm")
    for number, failure in enumerate(found):
        row, column = divmod(number, COLUMNS)
        _cell(sheet, pen, (MARGIN + column * CELL[0], HEAD + row * CELL[1]), failure)
    return sheet


def _cell(
    sheet: Image.Image, pen: ImageDraw.ImageDraw, corner: tuple[int, int], failure: Failure
) -> None:
    left, top = corner[0] + (CELL[0] - PHOTO[0]) // 2, corner[1]
    image = photos.decode(failure.photo.read())
    sheet.paste(ImageOps.pad(image, PHOTO, color=TRACK), (left, top))
    y = top + PHOTO[1] + FIRST_LINE
    for text, colour, size, bold in (
        (failure.truth, BLUE, TEXT_SIZE, True),
        (failure.said, RED, TEXT_SIZE, True),
        (failure.note, GREY, NOTE_SIZE, False),
    ):
        font = typeface(size, bold=bold)
        if (length := font.getlength(text)) > PHOTO[0]:
            font = typeface(int(size * PHOTO[0] / length), bold=bold)
        pen.text((left, y), text, colour, font, "lm")
        y += PITCH
