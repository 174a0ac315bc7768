"""Versions of releases that did not compile: a trainer compiles them, or they are refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from model.common.queue import keys
from model.common.registry.registry import Registry
from model.common.registry.serving_config import ServingConfig
from model.common.settings import Settings
from model.datasets import labelled_pictures
from model.retraining import older_versions
from model.serving.classifier import Classifier
from tests.helpers.models import as_earlier_releases_published
from tests.helpers.redis import Client


@pytest.fixture
def registry(client: Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.setattr(labelled_pictures, "DRAWN", 4)
    yield Registry(client)


def test_they_are_compiled_and_can_serve(registry: Registry, client: Client, model: Path) -> None:
    as_earlier_releases_published(client, "old-1", model.read_bytes())

    older_versions.compile_all(registry, Settings(datasets_dir=None))

    assert registry.uncompiled() == []
    entry = registry.get("old-1")
    assert entry.config["version"] == "old-1" and entry.config["parameters"] > 0
    assert Classifier.of(registry.read_compiled("old-1"), ServingConfig.read(entry.config))


def test_one_that_cannot_be_compiled_is_refused_once(registry: Registry, client: Client) -> None:
    as_earlier_releases_published(client, "old-1", b"no Keras file")

    for _ in range(2):
        older_versions.compile_all(registry, Settings(datasets_dir=None))

    refusal = registry.refused()["old-1"]
    assert (refusal.reason, "not a Keras model" in refusal.detail) == ("uncompilable", True)
    assert client.xlen(keys.NOTICES) == 1
