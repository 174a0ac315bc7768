"""A registry with versions, and a quick way to load them."""

from types import SimpleNamespace
from typing import Any

import pytest

from model.common.registry.registry import Registry
from model.serving import live_model
from model.serving.live_model import RefusedModelError
from tests.helpers.models import publish
from tests.helpers.redis import Client
from tests.model.serving.stand_ins import SHIPS, fake


@pytest.fixture
def registry(client: Client) -> Registry:
    registry = Registry(client)
    publish(registry, "new-1", "new-2", "broken")
    return registry


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The versions that were loaded, by a `load` that is quick and refuses what is broken."""
    versions: list[str] = []

    def load(_: Registry, version: str) -> Any:
        versions.append(version)
        if version == "broken":
            raise RefusedModelError("unfit", "It is broken.")
        return fake(version)

    monkeypatch.setattr(live_model, "load", load)
    monkeypatch.setattr(live_model, "LOOK_EVERY", 0.01)
    shipping = SimpleNamespace(load=lambda: fake(SHIPS))
    monkeypatch.setattr(live_model, "Classifier", shipping)
    return versions
