"""The messages between bot and model, and how they look in a stream entry.

An entry has the fields `person`, the keyed hash of whose photo it is, `kind`, "photo" or
"correction"; and, sealed, `meta`, everything small as JSON, and `body`, the bytes as they are.
Redis' own scripts read the first two.
"""

import time
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, Self

from pydantic import Field

from model.common.prediction import LabelIndex, Prediction
from model.common.queue import keys
from model.common.redis_tools.keyring import Keyring
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
    forum's topic, by its message_thread_id; None if there are none. `album` is Telegram's name
    for the album that the photo came in, None if it came alone.
    """

    chat_id: Id
    message_id: Id
    user_id: Id
    language: str
    file_id: str = ""
    topic: Id | None = None
    album: str | None = None

    @property
    def told_in(self) -> str:
        """Where the person is told of refused photos: "chat:person", and ":topic" in a forum."""
        place = f"{self.chat_id}:{self.user_id}"
        return place if self.topic is None else f"{place}:{self.topic}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A person's correction of an answer: its chart is redrawn.

    `answer_id` is the id of the PhotoJob that was answered with `prediction`, by the message
    `edits`. `label` is what the photo shows: 0 to 9, 10 for none of the ten classes, None if the
    correction was taken back. `turn` counts what was said of this answer: a chart of an earlier
    turn is out of date. `keep` asks for the thumbnail to be kept, should the person still consent.
    `made_at` is Unix time in seconds, `by` the name in Redis of the person who made it.
    """

    answer_id: str
    edits: Id
    turn: int
    label: LabelIndex | None
    prediction: Prediction
    keep: bool = False
    made_at: float = field(default_factory=time.time)
    by: str = ""


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

    def to_fields(self, keyring: Keyring) -> Fields:
        """The stream entry."""
        return {
            b"person": keyring.person(self.address.user_id).encode(),
            b"kind": self.kind.encode(),
            b"meta": keyring.seal_record(self, keys.PHOTOS),
            b"body": keyring.seal(self.image, keys.PHOTOS + self.id),
        }

    @classmethod
    def from_fields(cls, entry: Fields, keyring: Keyring) -> Self:
        """Read a stream entry. Raises ValueError if it is not one of ours: see Unsealable."""
        meta, body = _parts(entry)
        job = cls.from_json(keyring.open(meta, keys.PHOTOS))
        return replace(job, image=keyring.open(body, keys.PHOTOS + job.id))


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

    def to_fields(self, keyring: Keyring) -> Fields:
        """The stream entry; without a picture its body is empty."""
        picture = keyring.seal(self.picture, keys.ANSWERS + self.id) if self.picture else b""
        return {
            b"person": keyring.person(self.address.user_id).encode(),
            b"meta": keyring.seal_record(self, keys.ANSWERS),
            b"body": picture,
        }

    @classmethod
    def from_fields(cls, entry: Fields, keyring: Keyring) -> Self:
        """Read a stream entry. Raises ValueError if it is not one of ours: see Unsealable."""
        meta, body = _parts(entry)
        answer = cls.from_json(keyring.open(meta, keys.ANSWERS))
        picture = keyring.open(body, keys.ANSWERS + answer.id) if body else b""
        return replace(answer, picture=picture)

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
