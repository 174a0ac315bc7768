"""Answers and corrections, and all that Redis holds."""

from typing import Any

from model.common.corrections.answer_record import AnswerSummary
from model.common.corrections.store import KeptCorrection
from model.common.labels import LABELS
from model.common.prediction import Prediction, Verdict
from model.common.queue.messages import Address
from tests.helpers.redis import Client

PERSON = 1001
ADMIN = 1002


def prediction(verdict: Verdict = "sure", first: int = 7, second: int = 5) -> Prediction:
    """Class `first` with 93%, `second` with the rest."""
    probabilities = [0.0] * len(LABELS)
    probabilities[first], probabilities[second] = 0.93, 0.07
    return Prediction(
        probabilities=tuple(probabilities), garment_score=0.9, verdict=verdict, model="cnn-1"
    )


def answered(
    answer_id: str = "u1", user_id: int = PERSON, said: Prediction | None = None
) -> AnswerSummary:
    return AnswerSummary(
        id=answer_id,
        address=Address(
            chat_id=PERSON,
            message_id=5,
            user_id=user_id,
            language="en",
            file_id=f"file of {answer_id}",
        ),
        prediction=said or prediction(),
    )


def kept(name: str, label: int = 5, person: str = "person", date: float = 1.0) -> KeptCorrection:
    return KeptCorrection(
        id=name, label=label, predicted=7, model="cnn-1", person=person, date=date
    )


def all_in(client: Client) -> bytes:
    """All that lies in Redis: each key, field, member and value, on lines of their own."""
    found: list[bytes] = []
    listed: Any = client.keys("*")
    for key in listed:
        content: Any = {
            b"hash": client.hgetall,
            b"zset": lambda key: client.zrange(key, 0, -1),
            b"stream": client.xrange,
            b"list": lambda key: client.lrange(key, 0, -1),
            b"string": client.get,
        }[client.type(key)](key)  # type: ignore[index]
        found += [key, *_flat(content)]
    return b"\n".join(found)


def _flat(content: Any) -> list[bytes]:
    if isinstance(content, dict):
        content = [*content.keys(), *content.values()]
    if isinstance(content, list | tuple):
        return [part for each in content for part in _flat(each)]
    return [content]
