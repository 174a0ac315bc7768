import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest

from bot.launcher import redis_server
from tests.helpers.redis import Client, connect
from tests.helpers.servers import serves
from tests.helpers.waiting import eventually

Start = Callable[[Path], subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts the server's process in a folder; what is left of it ends with the test."""
    started = []

    def start(data_dir: Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.launcher.redis_server"],
            env=os.environ | {"DATA_DIR": str(data_dir), "REDIS_URL": ""},
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_for(client: Client) -> None:
    eventually(lambda: serves(client))


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that is not there yet; pytest's own paths may be too long for a socket's name."""
    with TemporaryDirectory(prefix="modista-") as folder:
        yield Path(folder) / "data"


def test_what_was_queued_is_there_after_a_restart(data_dir: Path, start: Start) -> None:
    with connect(f"unix://{data_dir}/redis.sock") as client:
        first = start(data_dir)
        wait_for(client)
        client.xadd("stream", {"photo": "bytes"})
        client.xgroup_create("stream", "group", id="0")
        client.xreadgroup("group", "consumer", {"stream": ">"})
        first.terminate()
        assert first.wait(timeout=30) == 0
        second = start(data_dir)
        wait_for(client)
        pending = client.xpending("stream", "group")
        second.terminate()
        second.wait(timeout=30)
    assert pending["pending"] == 1
    assert (data_dir / "redis.lock").stat().st_mode & 0o077 == 0


def test_a_second_server_in_the_same_folder_is_refused(data_dir: Path, start: Start) -> None:
    first = start(data_dir)
    with connect(f"unix://{data_dir}/redis.sock") as client:
        wait_for(client)
        with pytest.raises(SystemExit, match="already runs"):
            redis_server.lock(data_dir, patience=0)
        first.terminate()
        first.wait(timeout=30)
    redis_server.lock(data_dir, patience=0)


def test_a_path_too_long_for_a_socket_is_refused_in_a_sentence() -> None:
    with pytest.raises(SystemExit, match="choose a shorter one"):
        redis_server.command(Path("/") / ("d" * 120) / "redis.sock")


def test_a_data_dir_that_cannot_be_made_is_refused_in_a_sentence(
    tmp_path: Path, start: Start
) -> None:
    (tmp_path / "data").write_text("a file")
    process = start(tmp_path / "data")
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert errors.startswith("DATA_DIR cannot be used")
    assert len(errors.splitlines()) == 1


def test_a_full_disk_is_waited_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    free = [0, redis_server.ROOM - 1, redis_server.ROOM]
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free.pop(0)))
    monkeypatch.setattr("time.sleep", lambda _: None)
    redis_server.wait_for_room(tmp_path)
    assert free == []
    [message] = caplog.messages
    assert message == f"The disk of DATA_DIR ({tmp_path}) is full: Redis starts once it has 32 MB."


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64", False),
        ("Redis server v=7.4.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", True),
        ("Valkey server v=8.0.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", True),
        ("no version at all", False),
    ],
)
def test_an_old_server_on_the_path_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, taken: bool
) -> None:
    server = tmp_path / "redis-server"
    server.write_text(f"#!/bin/sh\necho '{said}'\n")
    server.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert (redis_server.executable() == str(server)) == taken
