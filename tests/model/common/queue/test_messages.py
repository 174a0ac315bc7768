import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.common.corrections.answer_record import AnswerSummary, Choice
from model.common.corrections.store import KeptCorrection
from model.common.prediction import Prediction
from model.common.queue import keys
from model.common.queue.heartbeats import TrainerStatus, WorkerStatus
from model.common.queue.messages import Address, Answer, Correction, PhotoJob
from model.common.queue.notices import Notice
from model.common.queue.refusals import RefusedPhotos
from model.common.redis_tools.keyring import Unsealable
from model.common.redis_tools.serialization import Serializable
from model.common.registry.entry import ModelEntry, ModelRefusal, Promotion
from model.common.retraining.messages import Figures, Outcome, RetrainJob, RetrainProgress
from tests.helpers.redis import KEYRING

# A shared machine may stop for a moment.
untimed = settings(deadline=None)

IDS = st.integers(-(2**63), 2**63 - 1)
TIMES = st.floats(0, 1e11)
TEXTS = st.text()
ADDRESSES = st.builds(
    Address, chat_id=IDS, message_id=IDS, user_id=IDS, language=TEXTS, file_id=TEXTS
)
ADDRESSED = {"id": TEXTS, "address": ADDRESSES, "sent_at": TIMES}
PREDICTIONS = st.builds(
    Prediction,
    probabilities=st.lists(st.floats(0, 1), min_size=10, max_size=10).map(tuple),
    garment_score=st.floats(0, 1),
    verdict=st.sampled_from(["sure", "unsure", "none"]),
    model=st.text(),
)
CORRECTIONS = st.none() | st.builds(
    Correction,
    answer_id=st.text(),
    edits=IDS,
    turn=st.integers(0, 2**53),
    label=st.none() | st.integers(0, 10),
    prediction=PREDICTIONS,
    keep=st.booleans(),
    made_at=TIMES,
)
JOBS = st.builds(PhotoJob, **ADDRESSED, image=st.binary(), correction=CORRECTIONS)
ANSWERS = st.builds(
    Answer,
    **ADDRESSED,
    correction=CORRECTIONS,
    prediction=st.none() | PREDICTIONS,
    refusal=st.none() | st.sampled_from(["unreadable", "too_large", "failed"]),
    picture=st.binary(),
)
STATUSES = st.builds(
    WorkerStatus,
    name=st.text(),
    model=st.text(),
    answered=st.integers(0, 2**53),
)


@untimed
@given(JOBS)
def test_a_job_comes_through_the_stream_as_it_was(job: PhotoJob) -> None:
    assert PhotoJob.from_fields(job.to_fields(KEYRING), KEYRING) == job


@untimed
@given(ANSWERS)
def test_an_answer_comes_through_the_stream_as_it_was(answer: Answer) -> None:
    assert Answer.from_fields(answer.to_fields(KEYRING), KEYRING) == answer


def test_nothing_of_a_person_shows_in_an_entry() -> None:
    for message in (replace(JOB, image=b"a photo"), Answer.to(JOB, picture=b"a chart")):
        entry = b"".join(message.to_fields(KEYRING).values())
        for secret in (b"a photo", b"a chart", b"chat_id", b"language", b"garment_score"):
            assert secret not in entry


def test_a_photo_belongs_to_its_own_message() -> None:
    """Nobody can have another's photo answered to them by exchanging the bodies of two entries."""
    ours, other = (PhotoJob(id=name, address=ADDRESS, image=b"photo") for name in "ab")
    exchanged = ours.to_fields(KEYRING) | {b"body": other.to_fields(KEYRING)[b"body"]}
    with pytest.raises(Unsealable):
        PhotoJob.from_fields(exchanged, KEYRING)


@untimed
@given(STATUSES)
def test_a_status_comes_through_the_hash_as_it_was(status: WorkerStatus) -> None:
    assert WorkerStatus.from_json(status.to_json()) == status


@untimed
@given(JOBS)
def test_an_answer_is_addressed_as_its_job_was(job: PhotoJob) -> None:
    answer = Answer.to(job, refusal="failed")
    for name in ADDRESSED:
        assert getattr(answer, name) == getattr(job, name)


@untimed
@given(st.dictionaries(st.sampled_from([b"meta", b"body", b"x"]), st.binary()))
def test_an_entry_that_is_no_message_is_a_value_error(fields: dict[bytes, bytes]) -> None:
    for message in (PhotoJob, Answer):
        with pytest.raises(ValueError):
            message.from_fields(fields, KEYRING)


# Of each message an example in which every field is filled.
PREDICTION = Prediction(
    probabilities=(0.1,) * 10, garment_score=1.0, verdict="unsure", model="stand-in"
)
ADDRESS = Address(chat_id=2, message_id=3, user_id=4, language="en", file_id="file")
CORRECTION = Correction(answer_id="u1", edits=1, turn=1, label=10, prediction=PREDICTION)
JOB = PhotoJob(id="1", address=ADDRESS, correction=CORRECTION)
EXAMPLES: list[Serializable] = [
    JOB,
    Answer.to(JOB, prediction=PREDICTION, refusal="failed"),
    WorkerStatus(name="w", model="m", answered=3),
    TrainerStatus(name="t", photos=(1, 2)),
    Notice(kind="model-refused", values={"version": "a"}),
    RefusedPhotos(
        count=1, message_id=2, language="en", reason="full", limit=3, ahead=4, seconds=5, since=6
    ),
    RetrainJob(id="r", network="ann", epochs=3),
    RetrainProgress(
        stage="training", epoch=1, epochs=2, loss=0.5, accuracy=0.5, accuracy_of="photos"
    ),
    Outcome(
        verdict="kept",
        reason="lost",
        version="a",
        old=Figures(fashion_mnist=0.9, fashion_mnist_ece=0.01, counts={"photos": 3}),
        lost=["photos:5"],
    ),
    AnswerSummary(id="1", address=ADDRESS, prediction=PREDICTION),
    Choice(label=1, by="person", edits=2, made_at=3.0),
    KeptCorrection(id="k", label=1, predicted=2, model="m", person="p", date=1.0),
    ModelEntry(version="a", network="ann", config={"sides": [64]}, figures={"photos": 0.5}),
    Promotion(version="a", by="Ada", at=5.0),
    ModelRefusal(reason="damaged", detail="", at=5.0),
]
# What no field of theirs may be. A list may stand where a list is wanted: not one of lists.
WRONG = st.sampled_from([[[[]]], {"x": [[]]}, float("nan"), float("-inf"), [None]])


def leaves(values: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to everything in a JSON value that is neither an object nor a list."""
    if isinstance(values, dict):
        return [found for name, each in values.items() for found in leaves(each, (*way, name))]
    if isinstance(values, list):
        return [found for n, each in enumerate(values) for found in leaves(each, (*way, n))]
    return [way]


# What may be anything: it is the training's, or read by others.
FREE = {"config", "trained_on"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
def test_a_record_comes_back_as_it_was(example: Serializable) -> None:
    assert type(example).from_json(example.to_json()) == example


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
@untimed
@given(data=st.data())
def test_a_value_of_a_wrong_type_is_refused(example: Serializable, data: st.DataObject) -> None:
    values = json.loads(example.to_json())
    ways = [way for way in leaves(values) if not FREE & set(way)]
    *way, last = data.draw(st.sampled_from(ways))
    inside = values
    for step in way:
        inside = inside[step]
    before = inside[last]
    # A number in place of a text, a text in place of a number.
    swapped = 5 if isinstance(before, str) else "5"
    optional = before is None or (isinstance(example, Notice) and "values" in way)
    inside[last] = data.draw(WRONG if optional else WRONG | st.just(swapped))
    with pytest.raises(ValueError) as raised:
        type(example).from_json(json.dumps(values))
    assert "input_value" not in str(raised.value)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
@pytest.mark.parametrize(
    "text",
    [
        *("", "null", "5", '"id"', "[]", "{}", b"\xff", '{"id": "\\ud800"}'),
        "[" * 100_000,
        '{"id": ' * 100_000,
        '{"newer": ' + "[" * 100_000 + "]" * 100_000 + "}",
    ],
    ids=range(11),
)
def test_anything_else_is_a_value_error(example: Serializable, text: str | bytes) -> None:
    with pytest.raises(ValueError):
        type(example).from_json(text)


@pytest.mark.parametrize("version", ["../evil", "a/b", "", "a" * 65, "a\n", "ä"])
def test_a_versions_name_is_no_path(version: str) -> None:
    entry = ModelEntry(version=version, network="ann", config={})
    with pytest.raises(ValueError):
        ModelEntry.from_json(entry.to_json())
    if version:
        with pytest.raises(ValueError):
            Promotion.from_json(Promotion(version=version, by="Ada", at=5.0).to_json())


def test_a_field_of_a_newer_version_is_passed_over() -> None:
    job = PhotoJob(id="1", address=ADDRESS, image=b"bytes")
    fields = job.to_fields(KEYRING)
    newer = json.loads(job.to_json()) | {"newer": 1}
    fields[b"meta"] = KEYRING.seal(json.dumps(newer).encode(), keys.PHOTOS)
    assert PhotoJob.from_fields(fields, KEYRING) == job


@pytest.mark.parametrize("field", ["chat_id", "message_id", "user_id"])
@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**400, 1.5, True])
def test_an_id_is_one_that_telegram_could_give(field: str, number: float) -> None:
    meta = json.loads(JOB.to_json())
    meta["address"][field] = number
    with pytest.raises(ValueError):
        PhotoJob.from_json(json.dumps(meta))
