"""Models to publish, and a network like the shipped one in what it takes and says, but tiny."""

from typing import TYPE_CHECKING, Any

from model.common.registry.registry import ModelEntry, Registry

if TYPE_CHECKING:
    import keras


def entry(version: str, **more: Any) -> ModelEntry:
    return ModelEntry(version=version, network="ann", card={"version": version}, **more)


def publish(registry: Registry, *versions: str) -> None:
    for version in versions:
        registry.publish(entry(version), version.encode())


def names(registry: Registry) -> list[str]:
    return [model.version for model in registry.models()]


def tiny() -> "keras.Model":
    """Pictures of any side → eleven logits."""
    import keras  # noqa: PLC0415 - the tests of the bot do without

    images = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(4, 3, strides=2, activation="relu")(images)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(images, keras.layers.Dense(11, dtype="float32")(x))
