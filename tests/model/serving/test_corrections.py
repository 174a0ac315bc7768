"""The worker's part in corrections, with a real worker on real Redis."""

import io
from typing import Any

import pytest
import redis
from PIL import Image

from model.common.corrections.store import CorrectionStore, KeptCorrection
from model.common.queue import keys
from model.common.queue.messages import Address, Answer, Correction, PhotoJob
from model.photos.decode import decode
from model.photos.fingerprint import fingerprint
from model.serving.corrections import SHORTER_SIDE, Corrector, thumbnail
from tests.helpers.corrections import PERSON, prediction
from tests.helpers.model.worker import FakeChart, Running, answers, picture
from tests.helpers.redis import KEYRING, Client

SANDAL, SNEAKER = 5, 7


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.serving.worker.BLOCK_MS", 50)


@pytest.fixture
def store(client: Client) -> CorrectionStore:
    """Where the person consents, and the answer is at its first turn."""
    store = CorrectionStore(client)
    client.hset(keys.CONSENT, store.keyring.person(PERSON), "yes")
    client.hset(keys.ANSWERED + store.keyring.answer("u1"), "turn", "1")
    return store


def correction(label: int | None = SANDAL, *, keep: bool = True, turn: int = 1) -> Correction:
    return Correction(
        answer_id="u1",
        edits=6,
        turn=turn,
        label=label,
        prediction=prediction(),
        keep=keep,
        made_at=123.0,
        by="somebody",
    )


def job(what: Correction, image: bytes = b"") -> PhotoJob:
    return PhotoJob(
        id=f"u1-c{what.turn}",
        address=Address(
            chat_id=PERSON, message_id=5, user_id=PERSON, language="es", file_id="file"
        ),
        image=image or picture(),
        correction=what,
    )


def submit(client: Client, *jobs: PhotoJob) -> None:
    for each in jobs:
        client.xadd(keys.PHOTOS, each.to_fields(KEYRING))  # type: ignore[arg-type]


def test_a_correction_is_drawn_with_the_truth_and_not_classified_again(
    client: Client, store: CorrectionStore
) -> None:
    asked = job(correction())
    submit(client, asked)
    with Running(client) as running:
        [answer] = answers(client, 1)
    assert running.classifier.batches == []
    assert answer == Answer.to(
        asked, prediction=prediction(), picture=b"Sneaker (40, 30) es truth 5"
    )
    [kept] = store.all()
    assert kept == KeptCorrection(
        id=store.keyring.answer("u1"),
        label=SANDAL,
        predicted=SNEAKER,
        model="cnn-1",
        person=store.keyring.person(PERSON),
        date=123.0,
        by="somebody",
        fingerprint=fingerprint(decode(picture())),
    )
    assert decode(store.thumbnails([kept.id])[kept.id]).size == (40, 30)


def test_corrections_and_photos_share_a_batch(client: Client, store: CorrectionStore) -> None:
    plain = PhotoJob(
        id="plain",
        address=Address(chat_id=1, message_id=1, user_id=1, language="en"),
        image=picture(),
    )
    submit(client, job(correction()), plain, job(correction(turn=2), b"no picture"))
    with Running(client) as running:
        answered = {answer.id: answer for answer in answers(client, 3)}
    assert running.classifier.batches == [1]
    assert answered["plain"].correction is None
    assert answered["u1-c2"].refusal == "unreadable"
    assert answered["u1-c2"].correction == correction(turn=2)


@pytest.mark.parametrize(
    "what",
    [
        correction(keep=False),
        correction(SNEAKER),
        correction(None),
        correction(turn=2),
    ],
    ids=["not asked for", "right after all", "taken back", "out of date"],
)
def test_what_is_not_to_be_kept_is_only_drawn(store: CorrectionStore, what: Correction) -> None:
    corrector = Corrector(FakeChart(), store)
    answer = corrector.answer(job(what), what, Image.new("RGB", (40, 30)))
    assert answer.picture
    assert store.all() == []


def test_a_redis_that_takes_no_more_holds_no_answer_up(
    store: CorrectionStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: Any, **__: Any) -> bool:
        raise redis.OutOfMemoryError("command not allowed when used memory > 'maxmemory'")

    monkeypatch.setattr(store, "keep", full)
    corrector = Corrector(FakeChart(), store)
    assert corrector.answer(job(correction()), correction(), Image.new("RGB", (40, 30))).picture
    assert "maxmemory" in caplog.text


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((800, 600), (213, 160)),
        ((600, 800), (160, 213)),
        ((160, 400), (160, 400)),
        ((90, 67), (90, 67)),
        ((800, 1), (800, 1)),
    ],
)
def test_thumbnails_are_as_large_as_training_needs_and_no_larger(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    image = Image.open(io.BytesIO(thumbnail(Image.new("RGB", size, "red"))))
    assert (image.format, image.size) == ("JPEG", expected)
    assert min(image.size) <= SHORTER_SIDE
    assert not image.getexif()
