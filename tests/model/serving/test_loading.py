"""A version of the registry as a classifier: what is loaded, and what is refused and why."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

from model.common.queue import keys
from model.common.queue.connection import connect
from model.common.registry.registry import ModelEntry, Registry
from model.networks.architectures import NETWORKS
from model.serving.live_model import RefusedModelError, load


@pytest.fixture
def registry(redis_url: str) -> Iterator[Registry]:
    with connect(redis_url) as client:
        yield Registry(client)


def saved(network: Any, folder: Path) -> bytes:
    file = folder / "saved.keras"
    network.save(file)
    return file.read_bytes()


def publish(registry: Registry, network: bytes, **card: Any) -> None:
    entry = ModelEntry(version="new-1", network="ann", card={"version": "file-7", **card})
    registry.publish(entry, network)


def refused(registry: Registry) -> RefusedModelError:
    with pytest.raises(RefusedModelError) as caught:
        load(registry, "new-1")
    return caught.value


def test_a_version_answers_under_its_own_name(registry: Registry, model: Path) -> None:
    publish(registry, model.read_bytes(), temperatures=[2.0])
    classifier = load(registry, "new-1")
    [prediction] = classifier.classify([Image.new("RGB", (90, 70), "red")])
    assert prediction.model == classifier.version == "new-1"
    assert classifier.card.temperatures == (2.0,)


def test_what_there_is_not_is_refused(registry: Registry) -> None:
    assert refused(registry).reason == "missing"


def test_another_hash_is_refused(registry: Registry, model: Path, redis_url: str) -> None:
    publish(registry, model.read_bytes())
    with connect(redis_url) as client:
        client.hset(keys.MODEL_NETWORKS, "new-1", "something else")
    assert refused(registry).reason == "damaged"


@pytest.mark.parametrize("card", [{"colour": "blue"}, {"temperatures": "warm"}, {"sure": "often"}])
def test_a_card_that_does_not_fit_is_refused(
    registry: Registry, model: Path, card: dict[str, Any]
) -> None:
    publish(registry, model.read_bytes(), **card)
    assert refused(registry).reason in ("unloadable", "unfit")


def zipped(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("network", [b"no zip", zipped("config.json", b"{}"), zipped("a", b"b")])
def test_what_is_no_keras_file_is_refused(registry: Registry, network: bytes) -> None:
    publish(registry, network)
    error = refused(registry)
    assert error.reason == "unloadable"
    assert "modista-model-" not in str(error), "no path of this machine's"


def test_a_file_that_would_run_code_of_its_own_is_refused(
    registry: Registry, tmp_path: Path
) -> None:
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Lambda(lambda pixels: pixels * 2),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    publish(registry, saved(network, tmp_path))
    error = refused(registry)
    assert error.reason == "unloadable"
    assert "Lambda" in str(error)


def named(module: str, name: str, /, **config: Any) -> dict[str, Any]:
    """An object of this class, as a Keras file describes it."""
    return {"module": module, "class_name": name, "config": config, "registered_name": None}


def function(module: str, name: str) -> dict[str, Any]:
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


HOSTILE: dict[str, Callable[[Path], dict[str, Any]]] = {
    "a command": lambda ran: named("os", "system", command=f"touch {ran}"),
    "a process": lambda ran: named("subprocess", "Popen", args=["touch", str(ran)]),
    "a function": lambda _: named(
        "keras.layers", "Dense", name="d", units=3, activation=function("os", "system")
    ),
    "unsafe mode": lambda _: named(
        "keras.layers",
        "Activation",
        name="a",
        activation=function("keras.config", "enable_unsafe_deserialization"),
    ),
    "a download": lambda _: named(
        "keras.layers", "Activation", name="a", activation=function("keras.utils", "get_file")
    ),
    "a file to read": lambda _: named(
        "keras.layers", "StringLookup", name="s", vocabulary="/etc/passwd"
    ),
    "another model": lambda ran: named(
        "keras.layers", "TFSMLayer", name="t", filepath=str(ran.parent)
    ),
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_description_that_names_more_than_layers_is_refused(
    registry: Registry, tmp_path: Path, attack: str
) -> None:
    ran = tmp_path / "ran"
    changed = io.BytesIO()
    whole = zipfile.ZipFile(io.BytesIO(saved(sequential(28, 28, 1), tmp_path)))
    with zipfile.ZipFile(changed, "w") as archive:
        for name in whole.namelist():
            content = whole.read(name)
            if name == "config.json":
                config = json.loads(content)
                config["config"]["layers"].insert(1, HOSTILE[attack](ran))
                content = json.dumps(config).encode()
            archive.writestr(name, content)
    publish(registry, changed.getvalue())
    assert refused(registry).reason == "unloadable"
    assert not ran.exists()


def sequential(*shape: int | None, outputs: int = 10) -> Any:
    return keras.Sequential(
        [keras.Input(shape), keras.layers.Flatten(), keras.layers.Dense(outputs, "softmax")]
    )


def two_inputs() -> Any:
    inputs = [keras.Input((28, 28, 1)), keras.Input((28, 28, 1))]
    together = keras.layers.Flatten()(keras.layers.Concatenate()(inputs))
    return keras.Model(inputs, keras.layers.Dense(10)(together))


def never_a_number() -> Any:
    network = sequential(28, 28, 1)
    network.set_weights([np.full_like(weight, np.nan) for weight in network.get_weights()])
    return network


@pytest.mark.parametrize(
    "build",
    [
        lambda: sequential(28, 28, 1, outputs=5),
        lambda: sequential(784),
        lambda: sequential(28, 28, 4),
        two_inputs,
        never_a_number,
        NETWORKS["litenet"],  # whose card does not say at which sides to show it pictures
    ],
    ids=["classes", "rank", "channels", "inputs", "numbers", "sides"],
)
def test_a_network_that_does_not_fit_is_refused(
    registry: Registry, tmp_path: Path, build: Callable[[], Any]
) -> None:
    publish(registry, saved(build(), tmp_path))
    assert refused(registry).reason == "unfit"
