"""Photos in files → a line for each answer, as `python -m model classify` prints them."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from model.common.image_files import ENDINGS
from model.common.labels import NAMES
from model.common.prediction import Prediction
from model.photos import decode

if TYPE_CHECKING:
    from model.serving.classifier import Classifier

STDIN = "-"


@dataclass(frozen=True, slots=True)
class ClassifiedPhoto:
    """A photo with its prediction. `number` is its place among the photos asked for, from 1."""

    number: int
    name: str
    image: Image.Image
    prediction: Prediction

    def as_json(self) -> str:
        """One JSON object; `garment` is the likeliest class, even if the verdict is none."""
        label, probability = self.prediction.ranked[0]
        return json.dumps(
            {
                "photo": self.name,
                "garment": label.name,
                "verdict": self.prediction.verdict,
                "probability": probability,
                "probabilities": dict(zip(NAMES, self.prediction.probabilities, strict=True)),
                "garment_score": self.prediction.garment_score,
                "model": self.prediction.model,
            }
        )

    def line(self) -> str:
        """The same for people: "shoe.jpg: 👟 Sneaker, 93%"."""
        (first, probability), (second, next_probability) = self.prediction.ranked[:2]
        name, percent = first.in_language("en"), _percent(probability)
        match self.prediction.verdict:
            case "sure":
                said = f"{first.emoji} {name}, {percent}"
            case "unsure":
                other = second.in_language("en")
                said = f"Not sure: {name} {percent} or {other} {_percent(next_probability)}"
            case "none":
                said = f"None of the ten garments; the nearest is {name}, {percent}"
        return f"{self.name}: {said}"


@dataclass(frozen=True, slots=True)
class Unread:
    """A photo that cannot be read, and the sentence that says why."""

    number: int
    name: str
    error: str

    def as_json(self) -> str:
        """One JSON object."""
        return json.dumps({"photo": self.name, "error": self.error})

    def line(self) -> str:
        """The same for people."""
        return f"{self.name}: {self.error}"


def named(names: Sequence[str]) -> list[str]:
    """The photos that a person names: those in a folder, in order, take the folder's place."""
    found: list[str] = []
    for name in names:
        if name == STDIN or not Path(name).is_dir():
            found.append(name)
            continue
        inside = sorted(path for path in Path(name).rglob("*") if path.suffix.lower() in ENDINGS)
        # An empty folder stays in the list, to be reported.
        found += [str(path) for path in inside] or [name]
    return found


def answer(classifier: "Classifier", names: Sequence[str]) -> Iterator[ClassifiedPhoto | Unread]:
    """The answers to the photos in these files, in their order, a batch at a time."""
    numbered = enumerate(names, start=1)
    while batch := list(islice(numbered, classifier.batch_size)):
        read = [(number, name, _read(name)) for number, name in batch]
        images = [found for _, _, found in read if isinstance(found, Image.Image)]
        predictions = iter(classifier.classify(images))
        for number, name, found in read:
            if isinstance(found, str):
                yield Unread(number, name, found)
            else:
                yield ClassifiedPhoto(number, name, found, next(predictions))


def _read(name: str) -> Image.Image | str:
    """The picture in the file, or why there is none."""
    try:
        data = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
        return decode.decode(data)
    except decode.Refused as refused:
        return str(refused)
    except FileNotFoundError:
        return "There is no such file: check its name."
    except IsADirectoryError:
        return "There are no photos in this folder: name another folder or a photo."
    except (OSError, ValueError) as error:
        # ValueError: a name that no file can have.
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return f"The file cannot be read ({reason}): check its name and its permissions."


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"
