"""The record of an answer, kept for a week so that it can be corrected."""

from dataclasses import dataclass
from typing import Self

from model.common.prediction import LabelIndex, Prediction
from model.common.queue import keys
from model.common.queue.messages import Address, Answer
from model.common.redis_tools.keyring import Keyring
from model.common.redis_tools.serialization import Id, Serializable


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSummary(Serializable):
    """An answer as it was sent: whose photo it was about, and what it said.

    `id` is the id of the PhotoJob. `album` holds the ids of all photos that the same message
    answers, in their order; nothing if it answers this one alone.
    """

    id: str
    address: Address
    prediction: Prediction
    album: tuple[str, ...] = ()

    @classmethod
    def of(cls, answer: Answer, album: tuple[str, ...] = ()) -> Self | None:
        """What to remember of this answer; None if there is nothing in it to correct."""
        if answer.prediction is None or answer.correction or not answer.address.file_id:
            return None
        return cls(id=answer.id, address=answer.address, prediction=answer.prediction, album=album)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Serializable):
    """A person's verdict on an answer.

    `label` is 0 to 9 or NONE_OF_THESE, `by` the person's name in Redis, `edits` the answer's
    message, `made_at` Unix time in seconds.
    """

    label: LabelIndex
    by: str
    edits: Id
    made_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRecord:
    """An answer, what was said of it, and how often that changed.

    The first one of an album also knows which photo's buttons are open, `selected` from 1 on, or 0;
    and `sheet`, Telegram's name for the picture that the message shows.
    """

    answered: AnswerSummary
    choice: Choice | None = None
    turn: int = 0
    menu_open: bool = False
    selected: int = 0
    sheet: str = ""
    # The choice as stored in Redis: a change must name the choice that it replaces.
    sealed_choice: bytes = b""

    @classmethod
    def opened(cls, keyring: Keyring, fields: dict[bytes, bytes]) -> Self | None:
        """Read the hash; None if there is none. Raises Unsealable."""
        if b"answer" not in fields:
            return None
        sealed, sheet = fields.get(b"choice", b""), fields.get(b"sheet", b"")
        return cls(
            answered=keyring.open_as(AnswerSummary, fields[b"answer"], keys.ANSWERED),
            choice=keyring.open_as(Choice, sealed, keys.ANSWERED) if sealed else None,
            turn=int(fields.get(b"turn", 0)),
            menu_open=b"menu" in fields,
            selected=int(fields.get(b"selected", 0)),
            sheet=keyring.open(sheet, keys.ANSWERED).decode() if sheet else "",
            sealed_choice=sealed,
        )

    @property
    def verdict(self) -> str:
        """Which count the choice is in: "right", "wrong", or "" without one."""
        return "" if self.choice is None else verdict(self.answered, self.choice.label)


def verdict(answered: AnswerSummary, label: int) -> str:
    """Whether the answer was "right" or "wrong", if the photo shows `label`."""
    return "right" if label == answered.prediction.said else "wrong"
