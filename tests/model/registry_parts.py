"""Models to publish."""

from typing import Any

from model.common.registry.registry import ModelEntry, Registry


def entry(version: str, **more: Any) -> ModelEntry:
    return ModelEntry(version=version, network="ann", card={"version": version}, **more)


def publish(registry: Registry, *versions: str) -> None:
    for version in versions:
        registry.publish(entry(version), version.encode())


def names(registry: Registry) -> list[str]:
    return [model.version for model in registry.models()]
