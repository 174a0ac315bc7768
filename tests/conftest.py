"""A real Redis for every test, empty at its start."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest
import redis

from tests.helpers.redis import KEY, Client, connect
from tests.helpers.servers import persistent

# Where each core has its process, more threads of TensorFlow only wait for each other.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
    os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

# For all programs that a test starts; without it they would make a key in the person's own folder.
os.environ["DATA_KEY"] = KEY

# On a busy machine one example may take long; how long says nothing about the code.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: some tests wait for other processes."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def redis_socket() -> Iterator[Path]:
    """The Unix socket of a real redis-server that lives as long as the test session."""
    with (
        TemporaryDirectory(prefix="modista-") as folder,
        persistent(Path(folder), "--appendfsync", "no"),
    ):
        yield Path(folder) / "redis.sock"


@pytest.fixture
def redis_url(redis_socket: Path) -> Iterator[str]:
    """The address of the real Redis, emptied before the test."""
    client = redis.Redis(unix_socket_path=str(redis_socket))
    client.flushall()
    yield f"unix://{redis_socket}"
    client.close()


@pytest.fixture
def client(redis_url: str) -> Iterator[Client]:
    """A client of the real Redis."""
    with connect(redis_url) as client:
        yield client
