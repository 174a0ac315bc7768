"""Programs that stop beating are killed and started again."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.helpers.waiting import eventually
from tests.model.common.supervised import Running

BEATS = """
import os, time
from model.common import health
health.end_when_hung()
signs = health.Health()
print("lives", os.getpid(), flush=True)
while True:
    signs.beat()
    time.sleep(0.1)
"""
NEVER_BEATS = "trap 'exit 3' USR1; echo lives $$; while :; do sleep 0.02; done"
# A supervisor that says what it waited for, and whose clock is ahead by as many seconds as the file
# has bytes: how fast this machine is does not matter.
TOLD_THE_TIME = """
import os, sys, time
from model.common import supervisor

ahead = sys.argv.pop(1)

class Clock:
    @staticmethod
    def monotonic():
        return time.monotonic() + os.stat(ahead).st_size

class Signals(supervisor.Signals):
    def wait(self, seconds=None):
        before = self.silent_at
        number = super().wait(seconds)
        print("woken" if self.silent_at == before else "beaten", flush=True)
        return number

supervisor.time, supervisor.Signals = Clock, Signals
supervisor.main()
"""


class ToldTheTime(Running):
    """A supervisor whose clock the test moves."""

    def __init__(self, folder: Path, *command: str) -> None:
        self._ahead = folder / "ahead"
        self._ahead.touch()
        super().__init__(folder, str(self._ahead), *command, program=("-c", TOLD_THE_TIME))

    def says_again(self, word: str, *signals: signal.Signals) -> None:
        """Wait until it says so once more, after these signals."""
        before = self.output.count(f"{word}\n")
        for number in signals:
            self.process.send_signal(number)
        eventually(lambda: self.output.count(f"{word}\n") > before)

    def after(self, seconds: int) -> None:
        """Wait until it has looked at the clock that much later."""
        with self._ahead.open("ab") as file:
            file.write(bytes(seconds))
        for _ in range(2):  # it looks between the first and the second
            self.says_again("woken", signal.SIGCHLD)


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Callable[..., ToldTheTime]]:
    started: list[ToldTheTime] = []

    def start(*command: str) -> ToldTheTime:
        started.append(ToldTheTime(tmp_path, *command))
        return started[-1]

    yield start
    for running in started:
        running.process.kill()
        running.process.wait()


def test_who_is_stopped_is_killed_and_started_again(told: Callable[..., ToldTheTime]) -> None:
    running = told(sys.executable, "-c", BEATS)
    first = running.child()
    for _ in range(3):
        running.says_again("beaten")
        running.after(50)
    assert running.children() == [first], "who beats is left alone"

    os.kill(first, signal.SIGSTOP)
    eventually(lambda: psutil.Process(first).status() == psutil.STATUS_STOPPED)
    running.after(0)  # what it wrote before is read
    running.after(150)
    assert running.child(1) != first
    assert "gave no sign of life for 100 s." in running.output
    assert "died of SIGKILL" in running.output
    running.process.terminate()
    assert running.ended() == 128 + signal.SIGTERM


def test_who_never_beats_is_not_expected_to(told: Callable[..., ToldTheTime]) -> None:
    running = told("sh", "-c", NEVER_BEATS)
    child = running.child()
    running.after(1000)
    os.kill(child, signal.SIGUSR1)
    assert running.ended() == 3
    assert running.children() == [child]
