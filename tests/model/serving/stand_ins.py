"""Classifiers of versions, quick ones."""

from typing import Any

from model.common.registry.entry import shipped
from tests.helpers.model.worker import FakeClassifier

SHIPS = shipped().version


def fake(version: str) -> Any:
    classifier = FakeClassifier()
    classifier.version = version
    return classifier
