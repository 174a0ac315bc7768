"""Files of versions as differences from a base: small, whole again, never without their base."""

import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.common.queue import keys
from model.common.registry import files, records
from model.common.registry.entry import ModelEntry, shipped
from model.common.registry.errors import DamagedModelError, UnknownModelError
from model.common.registry.history import KEPT
from model.common.registry.registry import Registry
from tests.helpers.models import as_earlier_releases_published, entry, names
from tests.helpers.redis import KEYRING, Client

LAYERS = 8


def network(*changed: int, seed: int = 0) -> bytes:
    """A file of eight layers, those named unlike any other file's."""
    numbers = random.Random(seed)
    layers = [numbers.randbytes(5_000) for _ in range(LAYERS)]
    for layer in changed:
        layers[layer] = random.Random().randbytes(5_000)
    return b"".join(layers)


def publish(registry: Registry, version: str, network: bytes) -> ModelEntry:
    return registry.publish(entry(version), network, network[::-1])


def read(registry: Registry, version: str) -> bytes:
    content = registry.read(version)
    assert registry.read_compiled(version) == content[::-1]
    return content


def in_redis(client: Client) -> set[str]:
    return {name.decode() for name in client.hkeys(keys.MODELS_FILES)}  # type: ignore[union-attr]


class TestWhatAVersionTakes:
    def test_the_first_is_stored_whole_and_the_next_by_what_changed(
        self, registry: Registry, client: Client
    ) -> None:
        first = publish(registry, "new-1", network())
        second = publish(registry, "new-2", network(7))
        third = publish(registry, "new-3", network(0, 5))
        assert first.stored_size > 2 * 40_000
        assert second.stored_size < 2 * 5_300
        assert third.stored_size < 2 * 10_300
        base = first.stored["network"].sha256
        assert second.stored["network"].base == third.stored["network"].base == base
        kept: list[bytes] = client.hvals(keys.MODELS_FILES)  # type: ignore[assignment]
        assert sum(map(len, kept)) == sum(each.stored_size for each in registry.models()[:-1])

    def test_what_shares_too_little_is_a_base_of_its_own(self, registry: Registry) -> None:
        publish(registry, "new-1", network())
        most = publish(registry, "new-2", network(0, 1, 2, 3, 4))
        other = publish(registry, "new-3", network(seed=1))
        assert {stored.base for each in (most, other) for stored in each.stored.values()} == {""}
        again = publish(registry, "new-4", network(2, seed=1))
        assert again.stored["compiled"].base == other.stored["compiled"].sha256

    def test_one_file_twice_is_stored_once(self, registry: Registry, client: Client) -> None:
        for version in ("new-1", "new-2", "new-3"):
            publish(registry, version, network())
        assert len(in_redis(client)) == 3, "two bases, and no difference from either"
        registry.discard("new-2")
        assert read(registry, "new-3") == network()


class TestABaseStays:
    def test_while_a_version_refers_to_it(self, registry: Registry, client: Client) -> None:
        first = publish(registry, "new-1", network())
        second = network(3)
        publish(registry, "new-2", second)
        registry.discard("new-1")
        assert names(registry) == ["new-2", shipped().version]
        assert read(registry, "new-2") == second
        assert {each.sha256 for each in first.stored.values()} < in_redis(client)
        registry.discard("new-2")
        assert in_redis(client) == set()

    def test_while_the_newest_push_its_version_out(
        self, registry: Registry, client: Client
    ) -> None:
        contents = {f"new-{n}": network(n % LAYERS) for n in range(2 * KEPT)}
        for version, content in contents.items():
            publish(registry, version, content)
        there = names(registry)[:-1]
        assert there == [f"new-{n}" for n in reversed(range(KEPT, 2 * KEPT))]
        assert {version: read(registry, version) for version in there} == {
            version: contents[version] for version in there
        }
        assert len(in_redis(client)) == 2 * (KEPT + 1)

    def test_while_what_was_set_aside_refers_to_it(
        self, registry: Registry, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish(registry, "new-1", network())
        content = network(1)
        aside = registry.set_aside(entry("bad-1"), content, content[::-1], token=None)
        registry.discard("new-1")
        assert read(registry, "bad-1") == content
        over = registry.aside()["bad-1"] + 1
        monkeypatch.setattr("time.time", lambda: over)
        registry.drop_expired()
        assert in_redis(client) == set() and aside.stored["network"].base

    def test_for_a_version_that_the_shipped_one_hides(
        self, registry: Registry, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is there again after a step back to the release before."""
        publish(registry, "new-1", network())
        content = network(1)
        publish(registry, "new-2", content)
        later = ModelEntry(version="new-2", network="ann", config={}, shipped=True)
        with monkeypatch.context() as updated:
            for module in ("records", "versions", "history"):
                updated.setattr(f"model.common.registry.{module}.shipped", lambda: later)
            registry.discard("new-1")
        assert read(registry, "new-2") == content

    def test_and_what_lost_it_meanwhile_is_stored_whole(
        self, registry: Registry, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish(registry, "new-1", network())
        content, packed = network(1), files.packed

        def slowly(*given: object) -> object:
            done = packed(*given)  # type: ignore[arg-type]
            registry.discard("new-1")
            return done

        monkeypatch.setattr(files, "packed", slowly)
        assert publish(registry, "new-2", content).stored["network"].base == ""
        assert read(registry, "new-2") == content


def test_a_rollback_goes_back_over_versions_of_several_bases(registry: Registry) -> None:
    contents = {
        "new-1": network(),
        "new-2": network(2),
        "other-1": network(seed=1),
        "other-2": network(4, seed=1),
        "new-3": network(5),
    }
    for version, content in contents.items():
        publish(registry, version, content)
        registry.promote(version, by="Ada")
    for version in reversed(list(contents)[:-1]):
        assert registry.rollback(by="Ada") == version
        assert read(registry, version) == contents[version]


class TestWhatSomebodyChangedInRedis:
    @pytest.fixture
    def version(self, registry: Registry) -> ModelEntry:
        publish(registry, "new-1", network())
        return publish(registry, "new-2", network(7))

    @pytest.mark.parametrize("which", ["sha256", "base"])
    @pytest.mark.parametrize(
        "change",
        [
            lambda content: content[:-1],
            lambda content: content[:50] + bytes([content[50] ^ 1]) + content[51:],
            lambda content: files.pack(network(7)).content,
            lambda content: b"",
        ],
        ids=["shorter", "a bit", "another file", "empty"],
    )
    def test_is_refused_before_it_is_decompressed(
        self,
        registry: Registry,
        client: Client,
        version: ModelEntry,
        monkeypatch: pytest.MonkeyPatch,
        which: str,
        change: Callable[[bytes], bytes],
    ) -> None:
        unpacked: list[bytes] = []
        unpack = files._unpacked

        def noted(packed: bytes, base: bytes) -> bytes:
            unpacked.append(packed)
            return unpack(packed, base)

        monkeypatch.setattr(files, "_unpacked", noted)
        for stored in version.stored.values():
            name = getattr(stored, which)
            content: bytes = client.hget(keys.MODELS_FILES, name)  # type: ignore[assignment]
            client.hset(keys.MODELS_FILES, name, change(content))  # type: ignore[arg-type]
        for reading in (registry.read, registry.read_compiled):
            with pytest.raises(DamagedModelError, match="new-2 is damaged: publish it again"):
                reading("new-2")
        assert unpacked == []

    def test_nor_is_a_version_read_whose_base_is_gone(
        self, registry: Registry, client: Client, version: ModelEntry
    ) -> None:
        client.hdel(keys.MODELS_FILES, version.stored["network"].base)
        with pytest.raises(DamagedModelError):
            registry.read("new-2")
        with pytest.raises(UnknownModelError):
            registry.read("new-1")
        assert registry.read_compiled("new-2"), "the other file has a base of its own"

    def test_nor_one_whose_entry_names_another_base(
        self, registry: Registry, client: Client, version: ModelEntry
    ) -> None:
        other = publish(registry, "new-3", network(seed=1)).stored["network"]
        text = version.to_json().replace(version.stored["network"].base, other.sha256)
        sealed = KEYRING.seal(text.encode(), keys.MODELS + "new-2")
        client.hset(keys.MODELS, "new-2", sealed)  # type: ignore[arg-type]
        with pytest.raises(DamagedModelError):
            registry.read("new-2")

    def test_no_version_is_stored_by_a_damaged_base(
        self, registry: Registry, client: Client, version: ModelEntry
    ) -> None:
        for stored in version.stored.values():
            client.hset(keys.MODELS_FILES, stored.base, "something else")
        content = network(1)
        assert publish(registry, "new-3", content).stored["network"].base == ""
        assert read(registry, "new-3") == content


def test_files_of_an_earlier_release_are_read_and_go_with_their_version(
    registry: Registry, client: Client
) -> None:
    as_earlier_releases_published(client, "old-1", network())
    registry.add_compiled("old-1", {"version": "old-1"}, network()[::-1])
    new = publish(registry, "new-1", network())
    assert client.hkeys(keys.MODEL_NETWORKS) == client.hkeys(keys.MODELS_COMPILED) == [b"old-1"]
    assert new.stored["network"].base == ""
    assert registry.get("old-1").stored_size == 80_000
    assert read(registry, "old-1") == read(registry, "new-1") == network()
    registry.promote("old-1", by="Ada", anyway=True)
    registry.promote("new-1", by="Ada")
    assert registry.rollback(by="Ada") == "old-1"
    registry.promote("new-1", by="Ada")
    registry.discard("old-1")
    assert not client.exists(keys.MODEL_NETWORKS, keys.MODELS_COMPILED)
    assert read(registry, "new-1") == network()


# Of a few networks, some with layers that they share, and of any bytes.
CONTENTS = st.one_of(
    st.binary(min_size=1, max_size=200),
    st.builds(
        lambda seed, changed, end: network(*changed, seed=seed) + end,
        st.integers(0, 2),
        st.sets(st.integers(0, LAYERS - 1), max_size=4),
        st.binary(max_size=9),
    ),
)


@given(st.lists(st.tuples(st.sampled_from(["publish", "aside", "discard"]), CONTENTS), max_size=12))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_and_goes_every_version_that_is_there_is_whole(
    client: Client, steps: list[tuple[str, bytes]]
) -> None:
    client.flushdb()
    registry, contents = Registry(client), dict[str, bytes]()
    for number, (step, content) in enumerate(steps):
        there = names(registry)[:-1]
        if step == "discard" and there:
            registry.discard(there[len(content) % len(there)])
        elif step == "aside":
            registry.set_aside(entry(f"v-{number}"), content, content[::-1], token=None)
        else:
            publish(registry, f"v-{number}", content)
        contents[f"v-{number}"] = content
        there = names(registry)[:-1]
        assert {name: read(registry, name) for name in there} == {
            name: contents[name] for name in there
        }
        assert in_redis(client) == files.referred(records.readable(client).values())
