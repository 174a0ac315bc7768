"""The parts of a small retraining: the model that serves, photos, corrections, the gate's word."""

import io
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from model.common.corrections.store import CorrectionStore, KeptCorrection
from model.common.labels import NAMES
from model.common.queue import keys
from model.common.registry.entry import ModelEntry
from model.common.registry.registry import Registry
from model.common.settings import Settings
from model.datasets.sources import clothing_photos, fashion_mnist
from model.evaluation import figures
from model.retraining import candidate, gate
from model.retraining.candidate import Learned
from model.retraining.gate import Judgement
from tests.helpers import drawn_fashion_mnist
from tests.helpers.photo_folders import thing_folder, write_folder
from tests.helpers.redis import KEY, Client
from tests.model.retraining.small import (
    SMALL,
    photo,
    tiny_model,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny model."""
    return tmp_path_factory.mktemp("tiny")


@pytest.fixture(scope="module")
def served(folder: Path) -> ModelEntry:
    """The tiny model's entry."""
    return tiny_model(folder)


@pytest.fixture
def registry(client: Client, folder: Path, served: ModelEntry) -> Registry:
    """The tiny model serves."""
    registry = Registry(client)
    files = ((folder / f"tiny.{suffix}").read_bytes() for suffix in ("keras", "tflite"))
    registry.publish(served, *files)
    registry.promote(served.version, by="test")
    return registry


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data sets; what the first test prepares of them serves all."""
    folder = tmp_path_factory.mktemp("data")
    photos = [
        (split, name, "", photo(number % 10, 100 + number, (80, 100)))
        for split in clothing_photos.SPLITS
        for number, name in enumerate([*NAMES, "none", "none"])
    ]
    write_folder(folder / "datasets" / "clothing-photos", photos)
    thing_folder(folder / "datasets", of_a_kind=3)
    return folder


@pytest.fixture
def settings(data: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch, eager: None) -> Settings:
    for name, few in (("DPI", 20), ("GRID", 2), ("COUNT", 4)):
        monkeypatch.setattr(figures, name, few)
    monkeypatch.setattr(candidate, "Tuning", lambda: SMALL)
    monkeypatch.setattr(fashion_mnist, "HELD_BACK", 30)
    monkeypatch.setattr(fashion_mnist, "arrays", lambda *_: drawn_fashion_mnist.arrays(80, 0))
    return Settings(
        datasets_dir=data / "datasets",
        data_dir=data / "data",
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
        photo(7, 200 + number, (160, 200)).save(file, "JPEG")
        correction = KeptCorrection(
            id=f"c{number}", label=7, predicted=1, model="m", person="somebody", date=number
        )
        assert store.keep(correction, file.getvalue())


@pytest.fixture(scope="module")
def learned() -> list[Learned]:
    """The candidate of the tests that train `once`."""
    return []


@pytest.fixture
def once(learned: list[Learned], monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first such test trains: their candidate is the same, what becomes of it is not."""
    learn = candidate.learn

    def learn_once(*arguments: Any) -> Learned:
        if not learned:
            learned.append(learn(*arguments))
        return learned[0]

    monkeypatch.setattr(candidate, "learn", learn_once)


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "judge", lambda *_: Judgement(("photos",), ()))


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "judge", lambda *_: Judgement(("corrections",), ("photos",)))
