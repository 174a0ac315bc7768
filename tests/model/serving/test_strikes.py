"""Strikes: a person whose files end the decoder again and again waits, and nobody else does."""

import pytest

from model.common.queue import keys
from model.common.queue.messages import Address, Answer, PhotoJob
from model.photos.decoder import Decoder
from model.photos.refusals import DecoderLost, Refused, too_much
from model.serving.strikes import MOST, SECONDS, Strikes
from tests.helpers.model.worker import Running, answers, picture
from tests.helpers.redis import KEYRING, Client, connect

PERSON, OTHER = 7, 8
HOSTILE = b"a file that ends the decoder"


def is_paused(strikes: Strikes, person: int) -> bool:
    try:
        strikes.check(person)
    except Refused as refused:
        assert refused.reason == "paused"
        return True
    return False


def test_nobody_waits_before_the_third(client: Client) -> None:
    strikes = Strikes(client)
    for _ in range(MOST - 1):
        strikes.add(PERSON)
    assert not is_paused(strikes, PERSON)

    strikes.add(PERSON)

    assert is_paused(strikes, PERSON)
    assert not is_paused(strikes, OTHER)


def test_workers_count_together(client: Client) -> None:
    first, second = Strikes(client), Strikes(client)
    first.add(PERSON)
    first.add(PERSON)
    second.add(PERSON)

    assert is_paused(first, PERSON) and is_paused(second, PERSON)


def test_it_is_over_ten_minutes_after_the_first(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    strikes = Strikes(client)
    for _ in range(MOST):
        strikes.add(PERSON)
    key = keys.STRIKES + KEYRING.person(PERSON)
    assert SECONDS - 5 < client.ttl(key) <= SECONDS  # type: ignore[operator]

    client.delete(key)  # as it expires
    assert not is_paused(strikes, PERSON)


def test_who_never_struck_costs_no_question(client: Client) -> None:
    strikes = Strikes(client)
    before = client.info("commandstats").get("cmdstat_get", {}).get("calls", 0)  # type: ignore[union-attr]

    strikes.check(PERSON)

    after = client.info("commandstats").get("cmdstat_get", {}).get("calls", 0)  # type: ignore[union-attr]
    assert after == before


def test_without_redis_nobody_waits() -> None:
    strikes = Strikes(connect("unix:///nowhere/redis.sock"))
    for _ in range(MOST):
        strikes.add(PERSON)

    assert not is_paused(strikes, PERSON)


def test_a_worker_tells_them_and_answers_the_others(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.serving.worker.BLOCK_MS", 50)
    decode = Decoder.decode

    def losing(decoder: Decoder, data: bytes) -> object:
        if data == HOSTILE:
            raise too_much(DecoderLost)
        return decode(decoder, data)

    monkeypatch.setattr(Decoder, "decode", losing)
    files = [(PERSON, HOSTILE)] * (MOST + 1) + [(OTHER, b"no picture")] * MOST
    files += [(PERSON, picture()), (OTHER, picture())]
    for number, (person, data) in enumerate(files):
        address = Address(chat_id=1, message_id=number, user_id=person, language="en")
        job = PhotoJob(id=f"job-{number}", address=address, image=data)
        client.xadd(keys.PHOTOS, job.to_fields(KEYRING))  # type: ignore[arg-type]

    with Running(client):
        found: list[Answer] = answers(client, len(files))

    refusals = [answer.refusal for answer in sorted(found, key=lambda answer: answer.id)]
    expected = ["too_large"] * MOST + ["paused"] + ["unreadable"] * MOST + ["paused", None]
    assert refusals == expected
