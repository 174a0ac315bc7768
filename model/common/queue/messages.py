"""The messages between bot and model, and how they look in a stream entry.

An entry has two fields: `meta`, everything small as JSON, and `body`, the bytes as they are.
"""

import json
import time
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, Self

from model.common.prediction import Prediction
from model.common.queue.serialization import Record, known

Fields = dict[bytes, bytes]

# Why a photo got no prediction. Each has its sentence in the bot's locales.
RefusalReason = Literal["unreadable", "too_large", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person said of an answer, so that its chart is drawn anew.

    `answer_id` is the id of the PhotoJob that was answered with `prediction`, by the message
    `edits`. `label` is what the photo shows: 0 to 9, 10 for none of the ten classes, None where the
    correction was taken back. `turn` counts what was said of this answer: a chart of an earlier
    turn is out of date. `keep` asks for the thumbnail to be kept, should the person still consent.
    `made_at` is Unix time in seconds.
    """

    answer_id: str
    edits: int
    turn: int
    label: int | None
    prediction: Prediction
    keep: bool = False
    made_at: float = field(default_factory=time.time)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoJob:
    """One photo on its way to a worker.

    `id` names the photo from update to reply, in every log line. `image` holds the file's bytes as
    Telegram gave them, and `file_id` is Telegram's name for it. `language` is the one in which the
    chart is drawn. `sent_at` is Unix time in seconds. `album` is Telegram's media_group_id, if the
    photo came in one. With a `correction` the photo is not classified again: its chart is redrawn.
    """

    id: str
    chat_id: int
    message_id: int
    user_id: int
    language: str
    image: bytes
    file_id: str = ""
    album: str | None = None
    sent_at: float = field(default_factory=time.time)
    correction: Correction | None = None

    def to_fields(self) -> Fields:
        """The stream entry."""
        return _to_fields(self, "image")

    @classmethod
    def from_fields(cls, entry: Fields) -> Self:
        """Read a stream entry; ValueError where it is not one of ours."""
        return cls(**_from_fields(cls, entry, "image"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What becomes of a PhotoJob: a prediction with its picture (JPEG), or a refusal.

    With a `correction` the picture takes the place of the one that the message shows.
    """

    id: str
    chat_id: int
    message_id: int
    user_id: int
    language: str
    prediction: Prediction | None = None
    refusal: RefusalReason | None = None
    picture: bytes = b""
    file_id: str = ""
    album: str | None = None
    sent_at: float = field(default_factory=time.time)
    correction: Correction | None = None

    def to_fields(self) -> Fields:
        """The stream entry."""
        return _to_fields(self, "picture")

    @classmethod
    def from_fields(cls, entry: Fields) -> Self:
        """Read a stream entry; ValueError where it is not one of ours."""
        return cls(**_from_fields(cls, entry, "picture"))

    @classmethod
    def to(
        cls,
        job: PhotoJob,
        *,
        prediction: Prediction | None = None,
        picture: bytes = b"",
        refusal: RefusalReason | None = None,
    ) -> Self:
        """The answer to `job`, addressed as it was."""
        return cls(
            id=job.id,
            chat_id=job.chat_id,
            message_id=job.message_id,
            user_id=job.user_id,
            language=job.language,
            file_id=job.file_id,
            album=job.album,
            sent_at=job.sent_at,
            correction=job.correction,
            prediction=prediction,
            picture=picture,
            refusal=refusal,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerStatus(Record):
    """What a worker says of itself every few seconds. Times are Unix seconds."""

    name: str
    model: str
    started_at: float
    seen_at: float
    answered: int


def _to_fields(message: PhotoJob | Answer, body: str) -> Fields:
    values = {each.name: getattr(message, each.name) for each in fields(message)}
    data = values.pop(body)
    return {b"meta": json.dumps(values, default=asdict).encode(), b"body": data}


def _from_fields(message: type[Any], entry: Fields, body: str) -> dict[str, Any]:
    try:
        values = json.loads(entry[b"meta"])
        image = entry[b"body"]
    except (KeyError, TypeError) as error:
        raise ValueError("This stream entry is not a message of Modista's.") from error
    found = known(message, values, **{body: image})
    for name, read in (("prediction", prediction_from), ("correction", _correction)):
        if found.get(name) is not None:
            found[name] = read(found[name])
    return found


def prediction_from(values: Any) -> Prediction:
    """Read a Prediction that was JSON; ValueError where it is something else."""
    found = known(Prediction, values)
    if not isinstance(found["probabilities"], list):
        raise ValueError("This is not a Prediction: its probabilities are no list.")
    return Prediction(**found | {"probabilities": tuple(found["probabilities"])})


def _correction(values: Any) -> Correction:
    found = known(Correction, values)
    return Correction(**found | {"prediction": prediction_from(found["prediction"])})
