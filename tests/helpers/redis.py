"""Clients of the tests' Redis, whose contents KEY seals."""

from pydantic import SecretStr

from model.common.redis_tools import connection
from model.common.redis_tools.connection import AsyncClient, Client
from model.common.redis_tools.keyring import Keyring
from model.common.settings import Settings

__all__ = ["KEY", "KEYRING", "AsyncClient", "Client", "connect", "connect_async"]

KEY = "a key of 32 characters or more for tests"
KEYRING = Keyring(KEY)


def connect(url: str) -> Client:
    """A client of the Redis at this address."""
    return connection.connect(_settings(url))


def connect_async(url: str) -> AsyncClient:
    """The same for an event loop."""
    return connection.connect_async(_settings(url))


def _settings(url: str) -> Settings:
    return Settings(_env_file=None, redis_url=url, data_key=SecretStr(KEY))  # type: ignore[call-arg]
