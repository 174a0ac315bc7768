"""Servers of their own for tests that look at what Redis keeps, and who may see it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from bot.launcher import redis_server
from tests.helpers.waiting import LIMIT, eventually


@contextmanager
def persistent(folder: Path, *options: str, password: str | None = None) -> Iterator[redis.Redis]:
    """A server with the settings that `make run` gives it, and these options; its operator."""
    socket = folder / "redis.sock"
    command = [*redis_server.command(socket), *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    client = redis.Redis(unix_socket_path=str(socket), password=password)
    try:
        eventually(lambda: serves(client))
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait(timeout=LIMIT)


def serves(client: redis.Redis) -> bool:
    """Whether it answers."""
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
