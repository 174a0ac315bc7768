"""The registry of a test."""

import pytest

from model.common.registry.registry import Registry
from tests.helpers.redis import Client


@pytest.fixture
def registry(client: Client) -> Registry:
    return Registry(client)
