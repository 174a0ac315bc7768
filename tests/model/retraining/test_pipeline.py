"""A whole retraining, in small: what comes of it; the registry is real."""

import io
from dataclasses import replace
from typing import Any

import pytest
import redis
from PIL import Image

from model.common.queue import keys
from model.common.registry.errors import TakenOverError
from model.common.registry.registry import Registry
from model.common.retraining.messages import RetrainProgress
from model.common.settings import Settings
from model.datasets.sources import fashion_mnist
from model.retraining import comparison, gate, pipeline
from model.retraining.gate import Judgement
from model.serving.compiled_network import CompiledNetwork
from tests.helpers.redis import Client
from tests.model.retraining.small import JOB, run


@pytest.mark.usefixtures("corrected", "passing")
def test_a_better_model_is_published_and_serves(
    settings: Settings, client: Client, registry: Registry
) -> None:
    outcome, album, seen = run(settings, client)

    assert (outcome.verdict, outcome.reason) == ("promoted", "better")
    entry = registry.get(registry.current())
    assert outcome.version == entry.version != "tiny-1"
    assert entry.network == "tiny" and entry.config["version"] == entry.version
    assert entry.trained_on["corrections"] == 4 and entry.trained_on["base"] == "tiny-1"
    assert outcome.new and entry.figures["photos"] == outcome.new.photos
    assert outcome.new.counts == {
        "fashion_mnist": 30,
        "photos": 10,
        "things": 2,
        "corrections": 2,
    }
    assert entry.trained_on["things"] == 2 and outcome.missing == []
    promotion = registry.promotion()
    assert promotion and promotion.by == "Ada"
    assert [Image.open(io.BytesIO(picture)).format for picture in album] == ["PNG"] * 4
    shares = [progress.share for progress in seen]
    assert shares == sorted(shares) and shares[0] >= 0.0 and shares[-1] < 1.0
    stages = list(dict.fromkeys(progress.stage for progress in seen))
    assert stages == ["loading", "training", "compiling", "measuring", "drawing", "publishing"]
    assert [each.epoch for each in seen if each.accuracy is not None] == [1, 2]
    # One estimate over all stages, from the first step on: what has passed, over the share of it.
    assert all((each.seconds_left is None) == (each.stage == "loading") for each in seen)


@pytest.mark.usefixtures("corrected", "once", "passing")
def test_an_attempt_that_died_after_publishing_is_not_repeated(
    settings: Settings, client: Client, registry: Registry
) -> None:
    first, _, _ = run(settings, client)
    registry.rollback(by="test")

    second, album, seen = run(settings, client)

    assert (second.verdict, second.version, second.gained) == (
        "promoted",
        first.version,
        ["photos"],
    )
    assert second == first
    assert album == [] and [progress.stage for progress in seen] == ["loading"]
    # An admin who rolled back meanwhile wanted that.
    assert registry.current() == "tiny-1"
    assert len(registry.models()) == 3


@pytest.mark.usefixtures("corrected", "once", "passing")
def test_what_an_admin_chose_meanwhile_stays(
    settings: Settings, client: Client, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolled_back: list[str] = []

    def report(progress: RetrainProgress) -> None:
        if progress.stage == "publishing":
            rolled_back.append(registry.rollback(by="Bea"))

    outcome, _ = pipeline.run(JOB, settings, client, report)

    assert (outcome.verdict, outcome.reason) == ("kept", "changed")
    assert [outcome.detail] == rolled_back == [registry.current()]
    assert registry.aside().keys() == {outcome.version}
    assert registry.get(str(outcome.version)).doubt == "", "the gate let it pass"


@pytest.mark.usefixtures("corrected", "once", "passing")
def test_an_attempt_that_was_taken_for_dead_publishes_nothing(
    settings: Settings, client: Client, registry: Registry
) -> None:
    client.hset(keys.RETRAINING, "token", "another attempt's")

    with pytest.raises(TakenOverError):
        pipeline.run(JOB, settings, client, lambda _: None, "mine")

    assert registry.current() == "tiny-1"
    assert {entry.version for entry in registry.models() if not entry.shipped} == {"tiny-1"}
    client.hset(keys.RETRAINING, "token", "mine")
    outcome, _ = pipeline.run(JOB, settings, client, lambda _: None, "mine")
    assert outcome.verdict == "promoted"


@pytest.mark.usefixtures("corrected", "once", "failing")
def test_a_model_that_loses_is_kept_aside(
    settings: Settings, client: Client, registry: Registry
) -> None:
    outcome, album, seen = run(settings, client)

    assert (outcome.verdict, outcome.reason, outcome.lost) == ("kept", "lost", ["photos"])
    assert len(album) == 4
    assert outcome.old and outcome.new
    assert registry.current() == "tiny-1" and registry.aside().keys() == {outcome.version}
    entry = registry.get(str(outcome.version))
    assert (entry.doubt, entry.outcome) == ("refused", outcome)
    assert CompiledNetwork(registry.read_compiled(entry.version)).branches
    assert "publishing" not in {progress.stage for progress in seen}
    again, _, seen = run(settings, client)
    assert again == outcome and [progress.stage for progress in seen] == ["loading"]


@pytest.mark.usefixtures("corrected", "once")
@pytest.mark.parametrize(
    ("voices", "admins", "reason"),
    [
        ({"somebody"}, [], "one-person"),
        ({"somebody"}, ["another"], "one-person"),
        ({"somebody"}, ["another", "somebody"], "better"),
        ({"somebody", "another"}, [], "better"),
    ],
)
def test_one_persons_corrections_alone_do_not_promote_unless_an_admins(
    settings: Settings,
    client: Client,
    registry: Registry,
    monkeypatch: pytest.MonkeyPatch,
    voices: set[str],
    admins: list[str],
    reason: str,
) -> None:
    monkeypatch.setattr(gate, "judge", lambda *_: Judgement(("corrections",), ()))
    monkeypatch.setattr(comparison, "backers", lambda *_: voices)

    outcome, _, _ = run(settings, client, replace(JOB, admins=admins))

    assert (outcome.reason, outcome.split_by) == (reason, "pictures")
    assert (registry.current() == outcome.version) is (reason == "better")
    assert (outcome.version in registry.aside()) is (reason != "better")


@pytest.mark.usefixtures("corrected", "once", "failing")
def test_without_room_the_verdict_is_told_all_the_same(
    settings: Settings, client: Client, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise redis.OutOfMemoryError("command not allowed when used memory > 'maxmemory'.")

    monkeypatch.setattr(Registry, "set_aside", full)
    outcome, _, _ = run(settings, client)
    assert (outcome.verdict, outcome.reason, outcome.version) == ("kept", "lost", None)


@pytest.mark.usefixtures("corrected", "passing")
def test_without_clothing_photos_it_learns_from_the_rest(
    settings: Settings, client: Client, registry: Registry
) -> None:
    without = settings.model_copy(update={"datasets_dir": None})

    outcome, album, _ = run(without, client)

    assert outcome.verdict == "promoted" and len(album) == 3
    assert outcome.new and outcome.new.photos is None and outcome.new.corrections is not None
    assert registry.get(registry.current()).trained_on["photos"] == 0


@pytest.mark.usefixtures("registry")
def test_without_corrections_there_is_nothing_to_learn(settings: Settings, client: Client) -> None:
    outcome, album, _ = run(settings, client)

    assert (outcome.verdict, outcome.reason, album) == ("kept", "no-corrections", [])


@pytest.mark.usefixtures("corrected")
def test_without_fashion_mnist_nothing_changes(
    settings: Settings, client: Client, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise fashion_mnist.NoFashionMnistError("It could not be downloaded: check the connection.")

    monkeypatch.setattr(fashion_mnist, "arrays", away)

    outcome, _, _ = run(settings, client)

    assert (outcome.verdict, outcome.reason) == ("failed", "no-fashion-mnist")
    assert "check the connection" in outcome.detail
    assert registry.current() == "tiny-1"


@pytest.mark.usefixtures("corrected", "once")
@pytest.mark.parametrize("stage", ["training", "measuring", "publishing"])
def test_whoever_reports_may_end_it_at_any_stage(
    settings: Settings, client: Client, registry: Registry, stage: str, passing: None
) -> None:
    class Ended(Exception):
        pass

    def report(progress: RetrainProgress) -> None:
        if progress.stage == stage:
            raise Ended

    with pytest.raises(Ended):
        pipeline.run(JOB, settings, client, report)

    assert registry.current() == "tiny-1"
    assert len(registry.models()) == 2
