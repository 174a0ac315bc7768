"""Waiting for what other threads and processes do, and a service in a thread."""

import asyncio
import os
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

LIMIT = 60.0  # seconds: a bound for a broken program only, on a machine however busy


def eventually(check: Callable[[], Any]) -> Any:
    """What `check` returns once it is true."""
    give_up = time.monotonic() + LIMIT
    while not (result := check()):
        assert time.monotonic() < give_up, "this never came true"
        time.sleep(0.01)
    return result


async def until(condition: Callable[[], object]) -> None:
    """Wait for what has no event to wait for; TimeoutError where it does not come."""
    async with asyncio.timeout(LIMIT):
        while not condition():  # noqa: ASYNC110 - Redis, processes and the sandbox have no event
            await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether the process is there and not a zombie."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


class InThread(ABC):
    """A service in a thread. It is told to stop at the end of the `with`, and waited for."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self.stopping = self._stop.is_set
        self._thread = threading.Thread(target=self.run)

    @abstractmethod
    def run(self) -> None:
        """Work until `stopping()`."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
