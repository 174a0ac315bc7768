"""What people say of their answers, and what a worker keeps of it."""

from typing import Any

from model.common.corrections.book import CorrectionBook
from model.common.corrections.store import CorrectionStore
from model.common.queue import keys
from tests.helpers.corrections import PERSON, kept
from tests.helpers.redis import Client

SANDAL, SNEAKER, BOOT = 5, 7, 9


async def choose(book: CorrectionBook, label: int, answer: str = "u1", who: int = PERSON) -> int:
    """Say that the photo shows this; at which turn the answer is then."""
    record = await book.choose(answer, label, user_id=who, edits=6)
    assert record and record.choice and record.choice.label == label
    return record.turn


def count(client: Client) -> dict[str, int]:
    found: Any = client.hgetall(keys.CORRECTIONS_COUNT)
    return {key.decode(): int(value) for key, value in found.items()}


def keep(
    book: CorrectionBook, store: CorrectionStore, turn: int | None, answer: str = "u1"
) -> bool:
    """What a worker does with a correction that it has drawn."""
    keyring = store.keyring
    correction = kept(keyring.answer(answer), person=keyring.person(PERSON))
    return store.keep(correction, b"JPEG", turn=turn)
