"""Models to publish, and a network like the shipped one in what it takes and says, but tiny."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.common.queue import keys
from model.common.registry.entry import FileKind, ModelEntry
from model.common.registry.registry import Registry
from model.common.registry.serving_config import ServingConfig
from tests.helpers.redis import KEYRING, Client

if TYPE_CHECKING:
    import keras


def entry(version: str, **more: Any) -> ModelEntry:
    values = {"network": "ann", "config": {"version": version}, "figures": {"photos": 0.9}}
    return ModelEntry(version=version, **values | more)


def publish(registry: Registry, *versions: str) -> None:
    for version in versions:
        registry.publish(entry(version), version.encode(), f"{version} compiled".encode())


def as_earlier_releases_published(
    client: Client, version: str, network: bytes = b"network", **card: Any
) -> None:
    """A version as releases left it in Redis that did not compile, adopted since."""
    values = {
        "version": version,
        "network": "ann",
        "card": {"version": version, "sides": [], "mirrored": [], "temperatures": [1.0]} | card,
        "trained_on": {},
        "figures": {},
        "created_at": 1.0,
        "published_at": 2.0,
        "sha256": sha256(network).hexdigest(),
        "size": len(network),
        "shipped": False,
    }
    sealed: Any = KEYRING.seal(json.dumps(values).encode(), keys.MODELS + version)
    client.hset(keys.MODELS, version, sealed)
    client.hset(keys.MODEL_NETWORKS, version, network)  # type: ignore[arg-type]


def compile_next_to(file: Path) -> None:
    """Compile FILE.keras to FILE.tflite, with few pictures to compare by."""
    from model.datasets import labelled_pictures  # noqa: PLC0415 - the tests of the bot do without
    from model.training import compiler  # noqa: PLC0415

    config = ServingConfig.next_to(file)
    pictures = labelled_pictures.drawn(range(0, 40, 5))
    done = compiler.compiled(compiler.load(file), config, pictures)
    origin = sha256(file.read_bytes()).hexdigest()
    replace(done, config=replace(done.config, compiled_from=origin)).write_next_to(file)


def stored(registry: Registry, version: str, kind: FileKind) -> str:
    """Where in `keys.MODELS_FILES` a version's file is."""
    return registry.get(version).stored[kind].sha256


def names(registry: Registry) -> list[str]:
    return [model.version for model in registry.models()]


def tiny() -> "keras.Model":
    """Pictures of any side → eleven logits."""
    import keras  # noqa: PLC0415 - the tests of the bot do without

    images = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(4, 3, strides=2, activation="relu")(images)
    x = keras.layers.GlobalAveragePooling2D()(x)
    # The compiler leaves out a bias of zeros.
    logits = keras.layers.Dense(
        11, dtype="float32", name="logits", bias_initializer=keras.initializers.Constant(0.01)
    )
    return keras.Model(images, logits(x))
