"""Publish, promote, roll back; what is kept, and what is refused."""

import threading
import time
from hashlib import sha256
from typing import Any

import pytest

from model.common.queue import keys
from model.common.queue.notices import Notice
from model.common.registry import records
from model.common.registry.entry import ModelEntry
from model.common.registry.history import KEPT, MOST_ASIDE
from model.common.registry.registry import (
    ChangedError,
    DamagedModelError,
    DoubtfulModelError,
    NotAsideError,
    NothingToRollBackError,
    Promotion,
    Registry,
    ServesError,
    TakenOverError,
    UncompiledModelError,
    UnknownModelError,
    UnpublishableError,
    shipped,
)
from model.common.registry.serving_config import COMPILED, SHIPPED
from model.common.retraining.messages import Outcome
from tests.helpers.models import as_earlier_releases_published, entry, names, publish
from tests.helpers.redis import KEYRING, Client

SHIPS = shipped().version


@pytest.fixture
def registry(client: Client) -> Registry:
    return Registry(client)


def test_at_first_the_shipped_model_serves(registry: Registry) -> None:
    assert (registry.current(), registry.since(), registry.history()) == (SHIPS, 0.0, [])
    assert registry.models() == [shipped()]
    assert registry.get(SHIPS).shipped
    assert registry.read(SHIPS) == SHIPPED.read_bytes()
    assert registry.read_compiled(SHIPS) == COMPILED.read_bytes()


def test_what_is_published_comes_back_whole(registry: Registry, client: Client) -> None:
    published = registry.publish(
        entry("new-1", trained_on={"corrections": 20}, figures={"photos": 0.9}),
        b"network",
        b"compiled form",
    )
    assert published == registry.get("new-1")
    assert published.sha256 == sha256(b"network").hexdigest()
    assert (published.size, published.figures) == (7, {"photos": 0.9})
    assert published.created_at > 0
    assert published.compiled_sha256 == sha256(b"compiled form").hexdigest()
    assert published.compiled_size == 13
    assert registry.read("new-1") == b"network"
    assert registry.read_compiled("new-1") == b"compiled form"
    assert names(registry) == ["new-1", SHIPS]
    assert registry.current() == SHIPS, "it serves only once it is promoted"
    assert not client.hexists(keys.MODEL_NETWORKS, SHIPS)


@pytest.mark.parametrize("version", ["", "a" * 65, "a/b", "../up", "ñ", "a b", "a\n"])
def test_a_version_has_a_plain_name(registry: Registry, version: str) -> None:
    with pytest.raises(UnpublishableError, match="1 to 64 letters"):
        registry.publish(entry(version), b"network", b"compiled")


@pytest.mark.parametrize("version", ["new-1", SHIPS])
def test_a_version_is_never_replaced(registry: Registry, version: str) -> None:
    publish(registry, "new-1")
    with pytest.raises(UnpublishableError, match="another name"):
        registry.publish(entry(version), b"other", b"compiled")
    assert registry.read("new-1") == b"new-1"


def test_an_empty_or_huge_file_is_no_model(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.common.registry.registry.MOST_BYTES", 9)
    for network in (b"", b"x" * 10):
        with pytest.raises(UnpublishableError, match="bytes"):
            registry.publish(entry("new-1"), network, b"compiled")
        with pytest.raises(UnpublishableError, match="bytes"):
            registry.publish(entry("new-1"), b"network", network)


def test_bytes_that_were_changed_are_not_read(registry: Registry, client: Client) -> None:
    publish(registry, "new-1")
    client.hset(keys.MODEL_NETWORKS, "new-1", "something else")
    with pytest.raises(DamagedModelError):
        registry.read("new-1")


def test_bytes_that_are_gone_are_not_read(registry: Registry, client: Client) -> None:
    publish(registry, "new-1")
    client.hdel(keys.MODEL_NETWORKS, "new-1")
    with pytest.raises(UnknownModelError):
        registry.read("new-1")


@pytest.mark.parametrize("change", ["hset", "hdel"])
def test_a_compiled_form_that_was_changed_or_is_gone_is_not_read(
    registry: Registry, client: Client, change: str
) -> None:
    publish(registry, "new-1")
    if change == "hset":
        client.hset(keys.MODELS_COMPILED, "new-1", "something else")
    else:
        client.hdel(keys.MODELS_COMPILED, "new-1")
    with pytest.raises(DamagedModelError if change == "hset" else UnknownModelError):
        registry.read_compiled("new-1")


class TestVersionsOfReleasesThatDidNotCompile:
    def test_they_are_listed_until_they_are_compiled(
        self, registry: Registry, client: Client
    ) -> None:
        publish(registry, "new-1")
        as_earlier_releases_published(client, "old-1", b"old network")
        assert [each.version for each in registry.uncompiled()] == ["old-1"]
        assert registry.read("old-1") == b"old network"
        with pytest.raises(UncompiledModelError, match="old-1 is not compiled"):
            registry.read_compiled("old-1")

        registry.refuse("old-1", "uncompiled")
        registry.add_compiled("old-1", {"version": "old-1", "parameters": 5}, b"compiled now")

        assert registry.uncompiled() == [] and registry.refused() == {}
        assert registry.read_compiled("old-1") == b"compiled now"
        whole = registry.get("old-1")
        assert (whole.config["parameters"], whole.compiled_size) == (5, 12)
        assert (whole.size, whole.published_at) == (11, 2.0), "all else is as it was"

    def test_one_that_could_not_be_compiled_is_not_listed(
        self, registry: Registry, client: Client
    ) -> None:
        as_earlier_releases_published(client, "old-1")
        registry.refuse("old-1", "uncompilable")
        assert registry.uncompiled() == []

    def test_a_compiled_form_is_never_replaced(self, registry: Registry) -> None:
        publish(registry, "new-1")
        registry.add_compiled("new-1", {}, b"another")
        assert registry.read_compiled("new-1") == b"new-1 compiled"

    def test_what_there_is_not_cannot_be_compiled(self, registry: Registry) -> None:
        with pytest.raises(UnknownModelError):
            registry.add_compiled("new-1", {}, b"compiled")


def test_an_entry_that_cannot_be_read_hides_itself_alone(
    registry: Registry, client: Client
) -> None:
    publish(registry, "new-1", "new-2")
    client.hset(keys.MODELS, "new-1", "no JSON")
    client.hset(keys.MODELS, "new-3", '{"version": "new-3", "network": 5, "card": []}')
    assert names(registry) == ["new-2", SHIPS]
    for version in ("new-1", "new-3"):
        with pytest.raises(UnknownModelError):
            registry.get(version)


def test_an_entry_cannot_pass_for_the_shipped_one(registry: Registry, client: Client) -> None:
    sealed: Any = records.sealed(KEYRING, entry("new-1", shipped=True, sha256="0" * 64))
    client.hset(keys.MODELS, "new-1", sealed)
    client.hset(keys.MODEL_NETWORKS, "new-1", "network")
    with pytest.raises(DamagedModelError):
        registry.read("new-1")


def test_a_newer_programs_entry_is_read(registry: Registry, client: Client) -> None:
    text = entry("new-1").to_json().replace("{", '{"colour": "blue", ', 1)
    sealed: Any = KEYRING.seal(text.encode(), keys.MODELS + "new-1")
    client.hset(keys.MODELS, "new-1", sealed)
    assert registry.get("new-1") == entry("new-1")


def test_who_can_write_to_redis_cannot_have_a_model_loaded(
    registry: Registry, client: Client
) -> None:
    """Not by an entry of their own, by another's, by a file, nor by a promotion."""
    publish(registry, "new-1", "new-2")
    registry.promote("new-1", by="Ada")
    forged = entry("new-3", sha256=sha256(b"network").hexdigest()).to_json()
    client.hset(keys.MODELS, "new-3", forged)
    ours: Any = client.hget(keys.MODELS, "new-1")
    client.hset(keys.MODELS, "new-4", ours)
    client.lpush(keys.MODEL_HISTORY, Promotion(version="new-2", by="Eve", at=1.0).to_json())
    client.hset(keys.MODELS_COMPILED, "new-1", "something else")
    assert names(registry) == ["new-2", "new-1", SHIPS]
    assert registry.current() == "new-1"
    for version in ("new-3", "new-4"):
        with pytest.raises(UnknownModelError):
            registry.get(version)
    with pytest.raises(DamagedModelError):
        registry.read_compiled("new-1")


def test_what_an_earlier_release_published_is_adopted_by_a_person(
    registry: Registry, client: Client
) -> None:
    client.hset(keys.MODELS, "old-1", entry("old-1").to_json())
    assert names(registry) == [SHIPS]
    registry.adopt("old-1")
    assert names(registry) == ["old-1", SHIPS]
    client.hset(keys.MODELS, "old-2", entry("old-1").to_json())
    for version in ("old-1", "old-2", "none"):
        with pytest.raises(UnknownModelError):
            registry.adopt(version)


def test_promotions_are_remembered(registry: Registry) -> None:
    publish(registry, "new-1")
    registry.promote("new-1", by="Ada")
    promotion = registry.promotion()
    assert promotion
    assert (promotion.version, promotion.by, promotion.rollback) == ("new-1", "Ada", False)
    assert registry.current() == "new-1"
    assert registry.since() == promotion.at


def test_what_there_is_not_cannot_be_promoted(registry: Registry) -> None:
    with pytest.raises(UnknownModelError, match="no model new-1"):
        registry.promote("new-1", by="Ada")
    assert registry.history() == []


def test_promoting_what_serves_changes_nothing(registry: Registry) -> None:
    publish(registry, "new-1")
    registry.promote("new-1", by="Ada")
    registry.promote("new-1", by="Bo")
    assert [promotion.by for promotion in registry.history()] == ["Ada"]


def test_rolling_back_goes_further_each_time(registry: Registry) -> None:
    publish(registry, "new-1", "new-2")
    registry.promote("new-1", by="Ada")
    registry.promote("new-2", by="Ada")
    assert registry.before() == ["new-1", SHIPS]
    assert registry.rollback(by="Bo") == "new-1"
    assert registry.current() == "new-1"
    assert registry.rollback(by="Bo") == SHIPS
    assert registry.current() == SHIPS
    with pytest.raises(NothingToRollBackError, match="nothing to roll back"):
        registry.rollback(by="Bo")
    assert [each.rollback for each in registry.history()] == [True, True, False, False]


def test_after_a_rollback_a_promotion_goes_on_from_there(registry: Registry) -> None:
    publish(registry, "new-1", "new-2", "new-3")
    for version in ("new-1", "new-2"):
        registry.promote(version, by="Ada")
    registry.rollback(by="Ada")
    registry.promote("new-3", by="Ada")
    assert registry.before() == ["new-1", SHIPS]


def test_the_shipped_model_can_be_promoted_and_left_again(registry: Registry) -> None:
    publish(registry, "new-1")
    registry.promote("new-1", by="Ada")
    registry.promote(SHIPS, by="Ada")
    assert registry.current() == SHIPS
    assert registry.rollback(by="Ada") == "new-1"


def test_a_later_release_serves_the_model_that_it_ships(registry: Registry, client: Client) -> None:
    publish(registry, "new-1")
    registry.promote("new-1", by="Ada")
    registry.rollback(by="Ada")
    assert SHIPS not in str(client.lrange(keys.MODEL_HISTORY, 0, -1))


def test_a_rollback_passes_over_what_was_refused_or_dropped(
    registry: Registry, client: Client
) -> None:
    publish(registry, "good", "dropped", "broken", "new")
    for version in ("good", "dropped", "broken", "new"):
        registry.promote(version, by="Ada")
    registry.refuse("broken", "damaged")
    client.hdel(keys.MODELS, "dropped")
    assert registry.rollback(by="Ada") == "good"


def test_a_rollback_of_another_version_is_none(registry: Registry) -> None:
    publish(registry, "new-1", "new-2")
    registry.promote("new-1", by="Ada")
    registry.promote("new-2", by="Bo")
    with pytest.raises(ChangedError, match="new-2"):
        registry.rollback(by="Ada", of="new-1")
    assert registry.rollback(by="Ada", of="new-2") == "new-1"


def test_two_rollbacks_at_once_of_one_version_are_one(registry: Registry) -> None:
    publish(registry, "new-1", "new-2")
    registry.promote("new-1", by="Ada")
    registry.promote("new-2", by="Ada")
    done: list[str] = []

    def back() -> None:
        try:
            done.append(registry.rollback(by="Ada", of="new-2"))
        except ChangedError:
            done.append("changed")

    threads = [threading.Thread(target=back) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["changed"] * 3 + ["new-1"]


def test_the_last_five_are_kept_and_what_serves_or_served(
    registry: Registry, client: Client
) -> None:
    publish(registry, "old-1", "old-2", "old-3")
    registry.promote("old-1", by="Ada")
    registry.promote("old-2", by="Ada")
    publish(registry, *[f"new-{n}" for n in range(7)])
    kept = ["new-6", "new-5", "new-4", "new-3", "new-2", "old-2", "old-1", SHIPS]
    assert names(registry) == kept
    assert len(kept[:5]) == KEPT
    stored = {version.decode() for version in client.hkeys(keys.MODEL_NETWORKS)}  # type: ignore[union-attr]
    assert stored == set(kept) - {SHIPS}
    assert registry.read("old-1") == b"old-1"


def test_what_is_published_stays_whatever_the_clock_says(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(registry, *[f"new-{n}" for n in range(KEPT)])
    monkeypatch.setattr("time.time", lambda: 5.0)
    publish(registry, "late")
    assert "late" in names(registry)


def test_the_history_has_an_end(registry: Registry, client: Client) -> None:
    publish(registry, "new-1")
    for _ in range(60):
        registry.promote("new-1", by="Ada")
        registry.promote(SHIPS, by="Ada")
    assert client.llen(keys.MODEL_HISTORY) == 100


def test_the_first_refusal_of_a_version_tells_the_admins(
    registry: Registry, client: Client
) -> None:
    assert registry.refuse("new-1", "damaged", "at length")
    assert not registry.refuse("new-1", "unfit")
    assert registry.refused()["new-1"].reason == "damaged"
    [(_, fields)] = client.xrange(keys.NOTICES)  # type: ignore[misc]
    notice = Notice.from_json(fields[b"notice"])
    assert (notice.kind, notice.values) == (
        "model-refused",
        {"version": "new-1", "reason": "damaged"},
    )


def test_a_refused_version_is_tried_again_once_it_is_promoted_again(registry: Registry) -> None:
    publish(registry, "new-1")
    registry.promote("new-1", by="Ada")
    before = registry.promotion()
    registry.refuse("new-1", "damaged")
    registry.promote("new-1", by="Ada")
    assert registry.refused() == {}
    assert registry.promotion() != before
    assert registry.refuse("new-1", "damaged"), "and the admins hear of it again"


def refused(version: str) -> ModelEntry:
    """A candidate that the gate refused."""
    return entry(version, outcome=Outcome(verdict="kept", reason="lost", version=version))


def set_aside(registry: Registry, *versions: str) -> None:
    for version in versions:
        registry.set_aside(refused(version), version.encode(), b"compiled", token=None)


class TestSetAside:
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
        for key in (keys.MODELS, keys.MODEL_NETWORKS, keys.MODELS_COMPILED, keys.MODELS_ASIDE):
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
        assert not client.hexists(keys.MODEL_NETWORKS, "bad-1")
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
