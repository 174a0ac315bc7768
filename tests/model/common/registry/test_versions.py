"""Versions are published, read, kept and dropped."""

from hashlib import sha256
from typing import Any

import pytest

from model.common.queue import keys
from model.common.registry import records
from model.common.registry.entry import Promotion, shipped
from model.common.registry.errors import (
    DamagedModelError,
    UncompiledModelError,
    UnknownModelError,
    UnpublishableError,
)
from model.common.registry.history import KEPT
from model.common.registry.registry import Registry
from model.common.registry.serving_config import COMPILED, SHIPPED
from tests.helpers.models import as_earlier_releases_published, entry, names, publish, stored
from tests.helpers.redis import KEYRING, Client

SHIPS = shipped().version


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
    assert not client.hexists(keys.MODELS, SHIPS)


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
    monkeypatch.setattr("model.common.registry.versions.MOST_BYTES", 9)
    for network in (b"", b"x" * 10):
        with pytest.raises(UnpublishableError, match="bytes"):
            registry.publish(entry("new-1"), network, b"compiled")
        with pytest.raises(UnpublishableError, match="bytes"):
            registry.publish(entry("new-1"), b"network", network)


def test_bytes_that_were_changed_are_not_read(registry: Registry, client: Client) -> None:
    publish(registry, "new-1")
    client.hset(keys.MODELS_FILES, stored(registry, "new-1", "network"), "something else")
    with pytest.raises(DamagedModelError):
        registry.read("new-1")


def test_bytes_that_are_gone_are_not_read(registry: Registry, client: Client) -> None:
    publish(registry, "new-1")
    client.hdel(keys.MODELS_FILES, stored(registry, "new-1", "network"))
    with pytest.raises(UnknownModelError):
        registry.read("new-1")


@pytest.mark.parametrize("change", ["hset", "hdel"])
def test_a_compiled_form_that_was_changed_or_is_gone_is_not_read(
    registry: Registry, client: Client, change: str
) -> None:
    publish(registry, "new-1")
    if change == "hset":
        client.hset(keys.MODELS_FILES, stored(registry, "new-1", "compiled"), "something else")
    else:
        client.hdel(keys.MODELS_FILES, stored(registry, "new-1", "compiled"))
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
    client.hset(keys.MODELS_FILES, stored(registry, "new-1", "compiled"), "something else")
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
    there = {version.decode() for version in client.hkeys(keys.MODELS)}  # type: ignore[union-attr]
    assert there == set(kept) - {SHIPS}
    assert registry.read("old-1") == b"old-1"


def test_what_is_published_stays_whatever_the_clock_says(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(registry, *[f"new-{n}" for n in range(KEPT)])
    monkeypatch.setattr("time.time", lambda: 5.0)
    publish(registry, "late")
    assert "late" in names(registry)
