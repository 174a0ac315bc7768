import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.common.prediction import Prediction
from model.common.queue.messages import Answer, Correction, PhotoJob, WorkerStatus

# A shared machine may stop for a moment.
untimed = settings(deadline=None)

IDS = st.integers(-(2**63), 2**63 - 1)
TIMES = st.floats(0, 1e11)
ADDRESSES = {
    "id": st.text(),
    "chat_id": IDS,
    "message_id": IDS,
    "user_id": IDS,
    "language": st.text(),
    "file_id": st.text(),
    "album": st.none() | st.text(),
    "sent_at": TIMES,
}
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
JOBS = st.builds(PhotoJob, **ADDRESSES, image=st.binary(), correction=CORRECTIONS)
ANSWERS = st.builds(
    Answer,
    **ADDRESSES,
    correction=CORRECTIONS,
    prediction=st.none() | PREDICTIONS,
    refusal=st.none() | st.sampled_from(["unreadable", "too_large", "failed"]),
    picture=st.binary(),
)
STATUSES = st.builds(
    WorkerStatus,
    name=st.text(),
    model=st.text(),
    started_at=TIMES,
    seen_at=TIMES,
    answered=st.integers(0, 2**53),
)


@untimed
@given(JOBS)
def test_a_job_comes_through_the_stream_as_it_was(job: PhotoJob) -> None:
    assert PhotoJob.from_fields(job.to_fields()) == job


@untimed
@given(ANSWERS)
def test_an_answer_comes_through_the_stream_as_it_was(answer: Answer) -> None:
    assert Answer.from_fields(answer.to_fields()) == answer


@untimed
@given(STATUSES)
def test_a_status_comes_through_the_hash_as_it_was(status: WorkerStatus) -> None:
    assert WorkerStatus.from_json(status.to_json()) == status


@untimed
@given(JOBS)
def test_an_answer_is_addressed_as_its_job_was(job: PhotoJob) -> None:
    answer = Answer.to(job, refusal="failed")
    for name in ADDRESSES:
        assert getattr(answer, name) == getattr(job, name)


@untimed
@given(st.dictionaries(st.sampled_from([b"meta", b"body", b"x"]), st.binary()))
def test_an_entry_that_is_no_message_is_a_value_error(fields: dict[bytes, bytes]) -> None:
    for message in (PhotoJob, Answer):
        with pytest.raises(ValueError):
            message.from_fields(fields)


@pytest.mark.parametrize(
    "meta",
    [
        "[]",
        "null",
        '"id"',
        "{}",
        '{"id": "1"}',
        '{"id": "1", "chat_id": 1, "message_id": 1, "user_id": 1, "language": "en", '
        '"prediction": {"probabilities": null}}',
        '{"id": "1", "chat_id": 1, "message_id": 1, "user_id": 1, "language": "en", '
        '"prediction": {"probabilities": 1, "garment_score": 1, "verdict": "sure", "model": ""}}',
        '{"id": "1", "chat_id": 1, "message_id": 1, "user_id": 1, "language": "en", '
        '"prediction": 5}',
    ],
)
def test_json_that_is_no_answer_is_a_value_error(meta: str) -> None:
    with pytest.raises(ValueError):
        Answer.from_fields({b"meta": meta.encode(), b"body": b""})


def test_a_field_of_a_newer_version_is_passed_over() -> None:
    job = PhotoJob(id="1", chat_id=2, message_id=3, user_id=4, language="en", image=b"bytes")
    fields = job.to_fields()
    fields[b"meta"] = json.dumps(json.loads(fields[b"meta"]) | {"newer": 1}).encode()
    assert PhotoJob.from_fields(fields) == job


@pytest.mark.parametrize("text", ["", "[]", "{}", b"\xff"])
def test_text_that_is_no_status_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError):
        WorkerStatus.from_json(text)
