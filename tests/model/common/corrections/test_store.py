"""Corrections kept for training: with consent, encrypted, bounded."""

import logging
from typing import Any

import pytest

from model.common.corrections import store as module
from model.common.corrections.store import CorrectionStore
from model.common.labels import NONE_OF_THESE
from model.common.queue import keys
from model.common.redis_tools.keyring import Keyring
from tests.helpers.corrections import all_in, kept
from tests.helpers.redis import Client


def consent(client: Client, state: str = "yes", person: str = "person") -> None:
    client.hset(keys.CONSENT, person, state)


def test_what_is_kept_comes_back_the_oldest_first(client: Client, store: CorrectionStore) -> None:
    consent(client)
    second, first = kept("b", NONE_OF_THESE, date=2.5), kept("a", 3, date=1.5)
    assert store.keep(second, b"JPEG b") and store.keep(first, b"JPEG a")
    assert store.all() == [first, second]
    assert store.thumbnails(["b", "gone", "a"]) == {"b": b"JPEG b", "a": b"JPEG a"}
    assert store.thumbnails([]) == {}


@pytest.mark.parametrize("state", [None, "asked", "no"])
def test_without_a_yes_nothing_is_kept(
    client: Client, store: CorrectionStore, state: str | None
) -> None:
    if state:
        consent(client, state)
    consent(client, person="somebody else")
    assert not store.keep(kept("a"), b"JPEG")
    assert store.all() == [] and store.thumbnails(["a"]) == {}
    assert client.keys(keys.CORRECTIONS_OF + "*") == []


def test_a_later_correction_of_the_same_answer_takes_the_place(
    client: Client, store: CorrectionStore
) -> None:
    consent(client)
    store.keep(kept("a", 3), b"JPEG")
    store.keep(kept("a", 4), b"JPEG")
    assert [correction.label for correction in store.all()] == [4]
    assert client.zcard(keys.CORRECTIONS_OF + "person") == 1


@pytest.mark.parametrize(("turn", "is_kept"), [(3, True), (2, False)])
def test_what_somebody_thought_better_of_is_not_kept(
    client: Client, store: CorrectionStore, turn: int, is_kept: bool
) -> None:
    consent(client)
    client.hset(keys.ANSWERED + "a", "turn", "3")
    assert store.keep(kept("a"), b"JPEG", turn=turn) is is_kept
    assert not store.keep(kept("forgotten"), b"JPEG", turn=turn)
    assert bool(store.all()) is is_kept


def test_nobody_can_fill_redis(
    client: Client, store: CorrectionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_OF_ONE", 2)
    consent(client)
    consent(client, person="other")
    store.keep(kept("other", person="other", date=0), b"JPEG")
    for number in range(4):
        store.keep(kept(f"{number}", date=number + 1), b"JPEG")
    assert [correction.id for correction in store.all()] == ["other", "2", "3"]
    assert store.thumbnails(["0", "1", "2", "3", "other"]).keys() == {"2", "3", "other"}


def test_nothing_lies_in_the_clear(client: Client, store: CorrectionStore) -> None:
    consent(client)
    store.keep(kept("a", 3, date=1795524197.5), b"\xff\xd8JPEG")
    everything = all_in(client)
    for secret in (b"JPEG", b"cnn-1", b"label", b"predicted"):
        assert secret not in everything
    scores: Any = client.zrange(keys.CORRECTIONS_OF + "person", 0, -1, withscores=True)
    assert scores == [(b"a", 1.0)], "not even its date"


def test_what_another_key_sealed_is_left_out_with_a_line_in_the_log(
    client: Client, store: CorrectionStore, caplog: pytest.LogCaptureFixture
) -> None:
    consent(client)
    store.keep(kept("a"), b"JPEG")
    client.keyring = Keyring("another key of more than 32 characters")
    other = CorrectionStore(client)
    with caplog.at_level(logging.WARNING):
        assert other.all() == []
        assert other.thumbnails(["a"]) == {}
    assert "1 corrections were sealed with another DATA_KEY" in caplog.text
