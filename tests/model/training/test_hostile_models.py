"""Keras files that others made: they are opened in safe mode, or not at all."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import pytest

from model.training import compiler
from model.training.compiler import UncompilableError


def refused(content: bytes, folder: Path) -> UncompilableError:
    file = folder / "given.keras"
    file.write_bytes(content)
    with pytest.raises(UncompilableError, match="not a Keras model") as caught:
        compiler.load(file)
    return caught.value


def saved(network: keras.Model, folder: Path) -> bytes:
    file = folder / "saved.keras"
    network.save(file)
    return file.read_bytes()


def zipped(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("network", [b"no zip", zipped("config.json", b"{}"), zipped("a", b"b")])
def test_what_is_no_keras_file_is_refused(tmp_path: Path, network: bytes) -> None:
    refused(network, tmp_path)


def test_a_file_that_would_run_code_of_its_own_is_refused(tmp_path: Path) -> None:
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Lambda(lambda pixels: pixels * 2),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    assert "Lambda" in str(refused(saved(network, tmp_path), tmp_path).__cause__)


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
def test_a_description_that_names_more_than_layers_is_refused(tmp_path: Path, attack: str) -> None:
    ran = tmp_path / "ran"
    changed = io.BytesIO()
    network = keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")]
    )
    whole = zipfile.ZipFile(io.BytesIO(saved(network, tmp_path)))
    with zipfile.ZipFile(changed, "w") as archive:
        for name in whole.namelist():
            content = whole.read(name)
            if name == "config.json":
                config = json.loads(content)
                config["config"]["layers"].insert(1, HOSTILE[attack](ran))
                content = json.dumps(config).encode()
            archive.writestr(name, content)
    refused(changed.getvalue(), tmp_path)
    assert not ran.exists()
