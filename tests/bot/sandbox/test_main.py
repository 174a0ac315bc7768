"""`python -m bot.sandbox` as a process."""

import signal
import socket
import subprocess
import sys
from urllib.request import urlopen

import pytest

from tests.helpers.waiting import LIMIT


def started(port: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot.sandbox"],
        env={"SANDBOX_PORT": port},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_says_where_it_is_and_ends_cleanly(unused_tcp_port: int) -> None:
    process = started(str(unused_tcp_port))
    assert process.stdout is not None
    address = f"http://127.0.0.1:{unused_tcp_port}/"
    assert process.stdout.readline() == f"Open {address} in a browser to chat with the bot.\n"
    with urlopen(address) as answer:
        assert answer.status == 200
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=LIMIT) == ("", "")
    assert process.returncode == 0


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        process = started(str(port))
        _, errors = process.communicate(timeout=LIMIT)
    assert process.returncode == 1
    assert errors == f"Port {port} is in use: set SANDBOX_PORT to a free one.\n"


@pytest.mark.parametrize("port", ["eighty", "-1", "65536"])
def test_a_wrong_port_is_one_sentence(port: str) -> None:
    process = started(port)
    _, errors = process.communicate(timeout=LIMIT)
    assert process.returncode == 1
    assert errors.startswith("SANDBOX_PORT is wrong: ")
    assert errors.count("\n") == 1
