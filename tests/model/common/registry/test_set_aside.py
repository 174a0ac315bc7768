"""What the gate refused is kept for a week, and serves only against a doubt."""

import time

import pytest

from model.common.queue import keys
from model.common.registry.entry import ModelEntry, shipped
from model.common.registry.errors import (
    ChangedError,
    DoubtfulModelError,
    NotAsideError,
    ServesError,
    TakenOverError,
    UnknownModelError,
)
from model.common.registry.history import KEPT, MOST_ASIDE
from model.common.registry.registry import Registry
from model.common.retraining.messages import Outcome
from tests.helpers.models import entry, names, publish
from tests.helpers.redis import Client

SHIPS = shipped().version


def refused(version: str) -> ModelEntry:
    """A candidate that the gate refused."""
    return entry(version, outcome=Outcome(verdict="kept", reason="lost", version=version))


def set_aside(registry: Registry, *versions: str) -> None:
    for version in versions:
        registry.set_aside(refused(version), version.encode(), b"compiled", token=None)


class TestSetAside:
    @pytest.mark.parametrize("until", ["soon", "nan", "inf", "1e300", "-5"])
    def test_a_time_that_is_none_counts_as_over(
        self, registry: Registry, client: Client, until: str
    ) -> None:
        set_aside(registry, "a")
        client.hset(keys.MODELS_ASIDE, "a", until)
        assert registry.aside() == {}
        assert names(registry) == [SHIPS]

    def test_it_is_there_for_a_week_and_does_not_serve(
        self, registry: Registry, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        set_aside(registry, "bad-1")
        assert (names(registry), registry.current()) == (["bad-1", SHIPS], SHIPS)
        week = time.time() + 7 * 24 * 3600
        assert abs(registry.aside()["bad-1"] - week) < 60
        registry.drop_expired()
        assert registry.read("bad-1") == b"bad-1"

        monkeypatch.setattr("time.time", lambda: week + 60)
        assert (names(registry), registry.aside()) == ([SHIPS], {})
        with pytest.raises(UnknownModelError):
            registry.promote("bad-1", by="Ada", anyway=True)
        registry.drop_expired()
        for key in (keys.MODELS, keys.MODELS_FILES, keys.MODELS_ASIDE):
            assert not client.exists(key)

    def test_they_are_few_and_take_no_place_of_others(
        self, registry: Registry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        good = [f"good-{n}" for n in range(KEPT)]
        publish(registry, *good)
        set_aside(registry, *[f"bad-{n}" for n in range(MOST_ASIDE + 1)])
        assert {*good, SHIPS} < set(names(registry))
        assert sorted(registry.aside()) == [f"bad-{n + 1}" for n in range(MOST_ASIDE)]
        monkeypatch.setattr("model.common.registry.history.MOST_ASIDE_BYTES", 30)
        set_aside(registry, "bad-9")
        assert sorted(registry.aside()) == ["bad-3", "bad-9"], "13 bytes each"

    def test_its_week_can_begin_again(
        self, registry: Registry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        set_aside(registry, "bad-1")
        before, now = registry.aside()["bad-1"], time.time()
        monkeypatch.setattr("time.time", lambda: now + 3600)
        assert registry.keep_aside("bad-1") > before + 3000
        with pytest.raises(NotAsideError):
            registry.keep_aside("bad-2")

    def test_it_can_be_discarded(self, registry: Registry, client: Client) -> None:
        set_aside(registry, "bad-1")
        publish(registry, "new-1")
        registry.promote("new-1", by="Ada")
        registry.discard("bad-1")
        assert names(registry) == ["new-1", SHIPS]
        assert not client.hexists(keys.MODELS, "bad-1")
        for serves in ("new-1", SHIPS):
            with pytest.raises(ServesError):
                registry.discard(serves)
        with pytest.raises(UnknownModelError):
            registry.discard("bad-1")

    def test_an_attempt_that_lost_its_job_sets_nothing_aside(
        self, registry: Registry, client: Client
    ) -> None:
        client.hset(keys.RETRAINING, "token", "another's")
        with pytest.raises(TakenOverError):
            registry.set_aside(refused("bad-1"), b"n", b"c", token="mine")
        assert names(registry) == [SHIPS]


@pytest.mark.parametrize(
    ("model", "doubt"),
    [(refused("doubted"), "refused"), (entry("doubted", figures={}), "unmeasured")],
    ids=["refused", "unmeasured"],
)
class TestAgainstADoubt:
    def test_it_takes_a_second_word_and_is_remembered(
        self, registry: Registry, model: ModelEntry, doubt: str
    ) -> None:
        registry.set_aside(model, b"network", b"compiled", token=None)
        with pytest.raises(DoubtfulModelError, match="--anyway"):
            registry.promote("doubted", by="Ada")
        assert (registry.current(), registry.history()) == (SHIPS, [])

        registry.promote("doubted", by="Ada", anyway=True)

        assert (registry.current(), registry.aside()) == ("doubted", {})
        promotion = registry.doubted()["doubted"]
        assert (promotion.by, promotion.doubt) == ("Ada", doubt)
        registry.drop_expired()
        assert registry.read("doubted") == b"network"
        publish(registry, "new-1")
        registry.promote("new-1", by="Bo")
        assert registry.doubted().keys() == {"doubted"}, "it stays in the history"

    def test_only_in_place_of_what_was_seen(
        self, registry: Registry, model: ModelEntry, doubt: str
    ) -> None:
        registry.set_aside(model, b"network", b"compiled", token=None)
        publish(registry, "new-1")
        registry.promote("new-1", by="Bo")
        with pytest.raises(ChangedError, match="new-1"):
            registry.promote("doubted", by="Ada", instead_of=SHIPS, anyway=True)
        assert (registry.current(), registry.doubted()) == ("new-1", {}), doubt
        registry.promote("doubted", by="Ada", instead_of="new-1", anyway=True)
        registry.promote("doubted", by="Ada", instead_of="new-1", anyway=True)
        assert len(registry.history()) == 2, "a second press is none"


def test_what_passed_the_gate_needs_no_second_word(registry: Registry) -> None:
    passed = Outcome(verdict="promoted", reason="better", version="new-1")
    late = Outcome(verdict="kept", reason="changed", version="new-2")
    for outcome in (passed, late):
        version = str(outcome.version)
        registry.publish(entry(version, outcome=outcome), b"network", b"compiled")
        registry.promote(version, by="Ada")
    assert registry.current() == "new-2" and registry.doubted() == {}
    assert shipped().doubt == ""
