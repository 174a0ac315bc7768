"""A whole retraining, in small: a tiny network, drawn data, a few steps; the registry is real."""

import io
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import redis
from keras.models import clone_model
from numpy.typing import NDArray
from PIL import Image
from pydantic import SecretStr

from model.common.corrections.store import CorrectionStore, KeptCorrection
from model.common.labels import NAMES
from model.common.queue import keys
from model.common.registry.registry import ModelEntry, Registry, TakenOverError
from model.common.registry.serving_config import ServingConfig
from model.common.retraining.messages import Outcome, RetrainJob, RetrainProgress
from model.common.settings import Settings
from model.datasets.distillation import Teacher, lesson
from model.datasets.labelled_pictures import drawn
from model.datasets.sources import clothing_builder, fashion_mnist
from model.evaluation import figures
from model.networks.architectures import NETWORKS
from model.networks.ensemble import Weights, ensemble
from model.retraining import candidate, comparison, gate, pipeline
from model.retraining.gate import Judgement
from model.serving.compiled_network import CompiledNetwork
from model.training import batches, compiler
from model.training.config import Recipe, Shares, Stage, Tuning
from model.training.loop import Schedule
from tests.drawings import scene
from tests.helpers import drawn_fashion_mnist
from tests.helpers.models import tiny
from tests.helpers.photo_folders import thing_folder, write_folder
from tests.helpers.redis import KEY, Client

COMPILED = compiler.compiled
JOB = RetrainJob(id="r1", user_name="Ada")
SHARES = Shares(
    garment_photos=3,
    other_photos=1,
    pasted=2,
    things=1,
    empty=1,
    plain=4,
    source_side=24,
    side=16,
    plain_side=8,
)
SCHEDULE = Schedule(epochs=2, steps=3, learning_rate=3e-4, warm_up=1, ema_momentum=0.99)
SMALL = Tuning(schedule=SCHEDULE, things=2, shares=SHARES, most_corrected=2)


def tiny_model(folder: Path) -> ModelEntry:
    """A network of the shipped one's kind, and its entry; the file is tiny.keras."""
    keras.utils.set_random_seed(0)
    model = tiny()
    model.save(folder / "tiny.keras")
    config = ServingConfig(
        version="tiny-1", network="tiny", photo_shapes=((16, 16),), small_shape=(8, 8)
    )
    compiled = compiler.compiled(model, config, drawn(range(0, 40, 5)))
    (folder / "tiny.tflite").write_bytes(compiled.content)
    values = compiled.config.as_json()
    return ModelEntry(version="tiny-1", network="tiny", config=values, figures={"photos": 0.5})


@pytest.fixture
def registry(client: Client, tmp_path: Path) -> Registry:
    """The tiny model serves."""
    registry = Registry(client)
    entry = tiny_model(tmp_path)
    files = ((tmp_path / f"tiny.{suffix}").read_bytes() for suffix in ("keras", "tflite"))
    registry.publish(entry, *files)
    registry.promote(entry.version, by="test")
    return registry


@pytest.fixture
def settings(
    tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch, eager: None
) -> Settings:
    for name, few in (("DPI", 20), ("GRID", 2), ("COUNT", 4)):
        monkeypatch.setattr(figures, name, few)
    monkeypatch.setattr(candidate, "Tuning", lambda: SMALL)
    monkeypatch.setattr(candidate, "Shares", lambda: SHARES)
    monkeypatch.setattr(fashion_mnist, "HELD_BACK", 30)
    monkeypatch.setattr(fashion_mnist, "arrays", lambda *_: drawn_fashion_mnist.arrays(80, 0))
    photos = [
        (split, name, "", scene(number % 10, 100 + number, (80, 100)))
        for split in clothing_builder.SPLITS
        for number, name in enumerate([*NAMES, "none", "none"])
    ]
    write_folder(tmp_path / "datasets" / "clothing-photos", photos)
    thing_folder(tmp_path / "datasets", of_a_kind=3)
    return Settings(
        datasets_dir=tmp_path / "datasets",
        data_dir=tmp_path / "data",
        redis_url=redis_url,
        data_key=SecretStr(KEY),
    )


@pytest.fixture
def corrected(client: Client) -> None:
    """Somebody corrected six photos."""
    client.hset(keys.CONSENT, "somebody", "yes")
    store = CorrectionStore(client)
    for number in range(6):
        file = io.BytesIO()
        scene(7, 200 + number, (160, 200)).save(file, "JPEG")
        correction = KeptCorrection(
            id=f"c{number}", label=7, predicted=1, model="m", person="somebody", date=number
        )
        assert store.keep(correction, file.getvalue())


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "judge", lambda *_: Judgement(("photos",), ()))


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "judge", lambda *_: Judgement(("corrections",), ("photos",)))


def run(
    settings: Settings, client: Client, job: RetrainJob = JOB
) -> tuple[Outcome, list[bytes], list[RetrainProgress]]:
    seen: list[RetrainProgress] = []
    outcome, album = pipeline.run(job, settings, client, seen.append)
    return outcome, album, seen


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
    assert entry.trained_on["things"] == 6 and outcome.missing == []
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


@pytest.mark.usefixtures("corrected", "passing")
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


@pytest.mark.usefixtures("corrected", "passing")
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


@pytest.mark.usefixtures("corrected", "passing")
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


@pytest.mark.usefixtures("corrected", "failing")
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


@pytest.mark.usefixtures("corrected")
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


@pytest.mark.usefixtures("corrected", "failing")
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


@pytest.mark.usefixtures("registry")
def test_an_unknown_network_is_said_so(settings: Settings, client: Client) -> None:
    outcome, _, _ = run(settings, client, replace(JOB, network="resnet"))

    assert (outcome.reason, outcome.detail) == ("unknown-network", "resnet")


@pytest.mark.usefixtures("corrected")
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


@pytest.mark.usefixtures("corrected", "failing", "registry")
def test_from_scratch_the_model_that_serves_teaches_the_photos(
    settings: Settings, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(schedule=SCHEDULE, shares=SHARES)
    small = Recipe(network="tiny", pretrained=False, things=2, from_labels=stage)
    monkeypatch.setattr(candidate, "Recipe", lambda: small)
    monkeypatch.setattr(candidate, "Tuning", partial(Tuning, most_corrected=2))
    monkeypatch.setitem(NETWORKS, "tiny", tiny)
    teachers: list[Teacher] = []

    def noticed(teacher: Teacher, *arguments: Any) -> Any:
        teachers.append(teacher)
        return lesson(teacher, *arguments)

    monkeypatch.setattr(batches, "lesson", noticed)

    outcome, _, seen = run(settings, client, replace(JOB, network="litenet", epochs=1))

    assert outcome.trained_on["photos"] == 12 and outcome.trained_on["corrections"] == 4
    assert {each.epochs for each in seen if each.epochs} == {1}
    serves = keras.saving.load_model(tmp_path / "tiny.keras").get_weights()
    assert {teacher.side for teacher in teachers} == {SHARES.side}
    for own, served in zip(teachers[0].networks[0].get_weights(), serves, strict=True):
        assert (own == served).all()


@pytest.mark.usefixtures("failing")
def test_the_exercises_network_is_trained_on_what_is_not_held_back(
    settings: Settings, client: Client, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tensorflow as tf  # noqa: PLC0415 - only this test needs it

    images, labels = drawn_fashion_mnist.arrays(80, 0)
    examples = tf.data.Dataset.from_tensor_slices((images[..., None], labels))
    monkeypatch.setattr(fashion_mnist, "load", lambda *_: ({"train": examples}, None))

    outcome, album, seen = run(settings, client, replace(JOB, network="ann", epochs=2))

    assert outcome.verdict == "kept" and outcome.trained_on["fashion_mnist"] == 50
    assert "corrections" not in outcome.trained_on
    assert len(album) == 4
    epochs = [(each.epoch, each.epochs) for each in seen if each.accuracy is not None]
    assert epochs == [(1, 2), (2, 2)]
    assert registry.current() == "tiny-1"


def ensemble_serves(registry: Registry, folder: Path) -> Path:
    """An ensemble of three tiny networks serves; its Keras file."""
    keras.utils.set_random_seed(1)
    parts = [clone_model(tiny()) for _ in range(3)]
    small = keras.Input((28, 28, 3))
    litenet = keras.Model(parts[0].input, parts[0].output, name="litenet")
    model = ensemble(
        litenet,
        keras.Model(parts[1].input, parts[1].output, name="lite2"),
        keras.Model(small, parts[2](small), name="smallnet"),
        Weights(
            litenet_classes=1.0,
            litenet_garment=0.5,
            photo_branch_classes=0.8,
            photo_branch_garment=1.0,
        ),
    )
    file = folder / "both.keras"
    model.save(file)
    config = ServingConfig(
        version="both-1",
        network="ensemble",
        photo_shapes=((16, 16), (24, 12)),
        small_shape=(28, 28),
    )
    compiled = compiler.compiled(model, config, drawn(range(0, 40, 5)))
    entry = ModelEntry(version="both-1", network="ensemble", config=compiled.config.as_json())
    registry.publish(entry, file.read_bytes(), compiled.content)
    registry.promote("both-1", by="test", anyway=True)
    return file


def weights_of(file: Path, part: str) -> list[NDArray[np.float32]]:
    network = keras.saving.load_model(file, compile=False)
    return list(network.get_layer(part).get_weights())


@pytest.mark.usefixtures("corrected", "passing")
@pytest.mark.parametrize("asked", [None, "litenet"], ids=["fine-tuned", "from scratch"])
def test_of_an_ensemble_litenet_learns_and_the_photo_branch_stays(
    asked: str | None,
    settings: Settings,
    client: Client,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = ensemble_serves(registry, tmp_path)
    stage = Stage(schedule=SCHEDULE, shares=SHARES)
    recipe = Recipe(network="tiny", pretrained=False, things=2, from_labels=stage)
    monkeypatch.setattr(candidate, "Recipe", lambda: recipe)
    monkeypatch.setitem(NETWORKS, "tiny", tiny)
    if asked:
        monkeypatch.setattr(candidate, "Tuning", partial(Tuning, most_corrected=2))

    outcome, _, _ = run(settings, client, replace(JOB, network=asked, epochs=1))

    assert outcome.verdict == "promoted" and outcome.trained_on["base"] == "both-1"
    entry = registry.get(registry.current())
    assert (entry.network, entry.config["small_shape"]) == ("ensemble", [28, 28])
    assert entry.config["photo_shapes"] == [[16, 16], [24, 12]]
    new = tmp_path / "new.keras"
    new.write_bytes(registry.read(entry.version))
    for before, after in zip(weights_of(old, "lite2"), weights_of(new, "lite2"), strict=True):
        # A published file keeps its weights in float16.
        np.testing.assert_array_equal(before.astype(np.float16), after)
    pairs = zip(weights_of(old, "litenet"), weights_of(new, "litenet"), strict=True)
    assert any((before != after).any() for before, after in pairs)


@pytest.mark.usefixtures("corrected", "passing")
def test_a_candidate_that_int8_would_spoil_is_served_in_float16(
    settings: Settings, client: Client, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    current = registry.get(registry.current())
    config = current.config | {"precision": "int8", "version": "tiny-2"}
    files = registry.read("tiny-1"), registry.read_compiled("tiny-1")
    registry.publish(replace(current, version="tiny-2", config=config), *files)
    registry.promote("tiny-2", by="test")
    tried: list[str] = []

    def refused(*arguments: Any, precision: Any, **more: Any) -> compiler.Compiled:
        tried.append(precision)
        if precision == "int8":
            raise compiler.UncompilableError("The compiled form is right less often.")
        return COMPILED(*arguments, precision=precision, **more)

    monkeypatch.setattr(compiler, "compiled", refused)

    outcome, _, _ = run(settings, client)

    assert outcome.verdict == "promoted" and tried == ["int8", "float16"]
    assert registry.get(registry.current()).config["precision"] == "float16"
