"""A version of the registry as a classifier: what is loaded, and what is refused and why."""

from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from model.common.queue import keys
from model.common.registry.entry import ModelEntry
from model.common.registry.errors import UncompiledModelError
from model.common.registry.registry import Registry
from model.common.registry.serving_config import COMPILED
from model.serving.live_model import RefusedModelError, load
from tests.helpers.models import as_earlier_releases_published, stored
from tests.helpers.redis import connect

SHOWN = {"photo_shapes": [[64, 64]], "small_shape": [32, 32]}


@pytest.fixture
def registry(redis_url: str) -> Iterator[Registry]:
    with connect(redis_url) as client:
        yield Registry(client)


def publish(registry: Registry, compiled: bytes, **config: Any) -> None:
    entry = ModelEntry(version="new-1", network="a", config={"version": "file-7", **config})
    registry.publish(entry, b"its Keras file", compiled)


def refused(registry: Registry) -> RefusedModelError:
    with pytest.raises(RefusedModelError) as caught:
        load(registry, "new-1")
    return caught.value


def test_a_version_answers_under_its_own_name(registry: Registry) -> None:
    publish(registry, COMPILED.read_bytes(), photo_temperature=2.0, **SHOWN)
    classifier = load(registry, "new-1")
    [prediction] = classifier.classify([Image.new("RGB", (90, 70), "red")])
    assert prediction.model == classifier.version == "new-1"
    assert classifier.config.photo_temperature == 2.0


def test_a_config_of_an_earlier_release_is_served(registry: Registry) -> None:
    publish(registry, COMPILED.read_bytes(), sides=[64, 128], temperatures=[0.7, 2.0])
    assert load(registry, "new-1").config.photo_temperature == 2.0


def test_what_there_is_not_is_refused(registry: Registry) -> None:
    assert refused(registry).reason == "missing"


def test_another_hash_is_refused(registry: Registry, redis_url: str) -> None:
    publish(registry, COMPILED.read_bytes(), **SHOWN)
    with connect(redis_url) as client:
        client.hset(keys.MODELS_FILES, stored(registry, "new-1", "compiled"), "something else")
    assert refused(registry).reason == "damaged"


def test_what_is_not_compiled_is_not_refused_but_said(registry: Registry, redis_url: str) -> None:
    with connect(redis_url) as client:
        as_earlier_releases_published(client, "new-1")
    with pytest.raises(UncompiledModelError, match="trainer"):
        load(registry, "new-1")


@pytest.mark.parametrize("config", [{"colour": "blue"}, {"sides": "wide"}, {"sure": "often"}])
def test_a_config_that_does_not_fit_is_refused(registry: Registry, config: dict[str, Any]) -> None:
    publish(registry, COMPILED.read_bytes(), **SHOWN, **config)
    assert refused(registry).reason == "unloadable"


@pytest.mark.parametrize("compiled", [b"no network", COMPILED.read_bytes()[:5_000]])
def test_what_is_no_compiled_network_is_refused(registry: Registry, compiled: bytes) -> None:
    publish(registry, compiled, **SHOWN)
    assert refused(registry).reason == "unloadable"


def test_a_network_that_its_config_does_not_fit_is_refused(registry: Registry) -> None:
    publish(registry, COMPILED.read_bytes())
    error = refused(registry)
    assert error.reason == "unfit" and "photo_shapes" in str(error)


def test_answers_that_are_no_numbers_are_refused(registry: Registry) -> None:
    publish(registry, COMPILED.read_bytes(), garment_bias=float("nan"), **SHOWN)
    assert refused(registry).reason in ("unfit", "unloadable")
