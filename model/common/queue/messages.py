"""The messages between bot and model, and how they look in a stream entry.

An entry has the fields `person`, whose photo it is about; `kind`, "photo" or "correction"; `meta`,
everything small as JSON; and `body`, the bytes as they are. Redis' own scripts read the first two.
"""

import time
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, Self

from pydantic import Field

from model.common.prediction import LabelIndex, Prediction
from model.common.redis_tools.serialization import Id, Serializable

Fields = dict[bytes, bytes]

# Why a photo got no prediction. Each has its sentence in model/common/languages.
RefusalReason = Literal["unreadable", "too_large", "failed", "paused"]
Kind = Literal["photo", "correction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The origin of a photo, and so the destination of its answer.

    The message `message_id` in the chat `chat_id`, of the person `user_id`, who reads `language`.
    `file_id` is Telegram's name for the photo, by which it can be fetched once more. `topic` is the
    forum's topic, by its message_thread_id; None where there are none.
    """

    chat_id: Id
    message_id: Id
    user_id: Id
    language: str
    file_id: str = ""
    topic: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A person's correction of an answer: its chart is redrawn.

    `answer_id` is the id of the PhotoJob that was answered with `prediction`, by the message
    `edits`. `label` is what the photo shows: 0 to 9, 10 for none of the ten classes, None where the
    correction was taken back. `turn` counts what was said of this answer: a chart of an earlier
    turn is out of date. `keep` asks for the thumbnail to be kept, should the person still consent.
    `made_at` is Unix time in seconds.
    """

    answer_id: str
    edits: Id
    turn: int
    label: LabelIndex | None
    prediction: Prediction
    keep: bool = False
    made_at: float = field(default_factory=time.time)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoJob(Serializable):
    """One photo on its way to a worker.

    `id` names the photo from update to reply, in every log line. `image` holds the file's bytes as
    Telegram gave them. `sent_at` is Unix time in seconds. With a `correction` the photo is not
    classified again: its chart is redrawn.
    """

    id: str
    address: Address
    image: Annotated[bytes, Field(exclude=True)] = b""
    sent_at: float = field(default_factory=time.time)
    correction: Correction | None = None

    @property
    def kind(self) -> Kind:
        """The kind of work to do."""
        return "correction" if self.correction else "photo"

    @property
    def person(self) -> str:
        """Whose it is, as Redis knows people."""
        return str(self.address.user_id)

    def to_fields(self) -> Fields:
        """The stream entry."""
        return {
            b"person": self.person.encode(),
            b"kind": self.kind.encode(),
            b"meta": self.to_json().encode(),
            b"body": self.image,
        }

    @classmethod
    def from_fields(cls, entry: Fields) -> Self:
        """Read a stream entry; ValueError where it is not one of ours."""
        meta, body = _parts(entry)
        return replace(cls.from_json(meta), image=body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Serializable):
    """The result of a PhotoJob: a prediction with its picture (JPEG), or a refusal.

    With a `correction` the picture takes the place of the one that the message shows.
    """

    id: str
    address: Address
    prediction: Prediction | None = None
    refusal: RefusalReason | None = None
    picture: Annotated[bytes, Field(exclude=True)] = b""
    sent_at: float = field(default_factory=time.time)
    correction: Correction | None = None

    def to_fields(self) -> Fields:
        """The stream entry."""
        return {
            b"person": str(self.address.user_id).encode(),
            b"meta": self.to_json().encode(),
            b"body": self.picture,
        }

    @classmethod
    def from_fields(cls, entry: Fields) -> Self:
        """Read a stream entry; ValueError where it is not one of ours."""
        meta, body = _parts(entry)
        return replace(cls.from_json(meta), picture=body)

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
            address=job.address,
            sent_at=job.sent_at,
            correction=job.correction,
            prediction=prediction,
            picture=picture,
            refusal=refusal,
        )


def _parts(entry: Fields) -> tuple[bytes, bytes]:
    try:
        return entry[b"meta"], entry[b"body"]
    except KeyError as error:
        raise ValueError("This stream entry is not a message of Modista's.") from error
