"""Promote, roll back, refuse."""

import threading

import pytest
import redis

from model.common.queue import keys
from model.common.queue.notices import Notice
from model.common.redis_tools.connection import SealingPipeline
from model.common.registry import records
from model.common.registry.entry import shipped
from model.common.registry.errors import ChangedError, NothingToRollBackError, UnknownModelError
from model.common.registry.registry import Registry
from model.common.registry.transactions import ATTEMPTS
from tests.helpers.models import publish
from tests.helpers.redis import Client

SHIPS = shipped().version


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


def test_a_change_is_given_up_if_others_never_stop(
    registry: Registry, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(registry, "new-1")
    looks = []

    def aside(pipe: Client | SealingPipeline) -> dict[str, float]:
        looks.append(1)
        client.hset(keys.MODELS_REFUSED, "other", str(len(looks)))
        return {}

    monkeypatch.setattr(records, "aside", aside)
    with pytest.raises(redis.WatchError):
        registry.promote("new-1", by="Ada")
    assert len(looks) == ATTEMPTS
    assert registry.history() == []
