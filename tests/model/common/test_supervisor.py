"""`python -m model.common.supervisor` with real children: restarts, and signals passed on."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from model.common import supervisor
from tests.helpers.waiting import LIMIT, eventually
from tests.model.common.supervised import ROOT, Run

# Says that it lives, with its number, then waits for SIGTERM and ends in order.
WAITS = """
import os, signal, sys, time
stopped = []
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda number, frame: stopped.append(number))
print("lives", os.getpid(), flush=True)
while not stopped:
    time.sleep(0.01)
time.sleep(0.2)
print("ended by", len(stopped), flush=True)
sys.exit(7)
"""


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGBUS", "SIGABRT", "SIGILL", "SIGFPE"])
def test_who_is_killed_or_crashes_is_started_again(run: Run, name: str) -> None:
    running = run(sys.executable, "-c", WAITS)
    first = running.child()
    os.kill(first, signal.Signals[name])
    second = running.child(1)
    assert second != first
    assert running.output.count(f"died of {name} ") == 1
    assert "Restarting in 0.5 s." in running.output
    running.process.terminate()
    assert running.ended() == 7


@pytest.mark.parametrize("status", [0, 1, 130])
def test_who_ends_by_himself_has_his_status_passed_on(run: Run, status: int) -> None:
    running = run("sh", "-c", f"echo REDIS_URL is wrong; exit {status}")
    assert running.ended() == status
    assert running.output == "REDIS_URL is wrong\n"


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"])
def test_who_is_ended_by_somebody_stays_ended(run: Run, name: str) -> None:
    running = run("sh", "-c", f"kill -{name[3:]} $$")
    assert running.ended() == 128 + signal.Signals[name]
    assert "again" not in running.output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_passed_to_the_child_once_and_the_child_awaited(
    run: Run, number: signal.Signals
) -> None:
    running = run(sys.executable, "-c", WAITS)
    running.child()
    # As honcho does: the whole group. A child that got it twice would end at once.
    os.killpg(running.process.pid, number)
    assert running.ended() == 7
    assert "ended by 1\n" in running.output


def test_a_child_that_dies_of_our_own_signal_is_not_started_again(run: Run) -> None:
    running = run("sh", "-c", "echo lives $$; sleep 60")
    running.child()
    running.process.terminate()
    assert running.ended() == 128 + signal.SIGTERM
    assert len(running.children()) == 1


def test_a_child_that_is_killed_while_it_ends_is_not_started_again(run: Run) -> None:
    running = run("sh", "-c", "trap '' TERM; echo lives $$; while :; do sleep 0.1; done")
    child = running.child()
    running.process.terminate()
    os.kill(child, 0)
    # Given the restarter's time to pass the signal on, which the child ignores.
    time.sleep(0.2)
    os.kill(child, signal.SIGKILL)
    assert running.ended() == 128 + signal.SIGKILL
    assert len(running.children()) == 1


def test_pauses_grow_and_can_be_ended(run: Run) -> None:
    running = run("sh", "-c", "echo lives $$; kill -KILL $$")
    eventually(lambda: "in 2.0 s." in running.output)
    assert running.output.index("in 0.5 s.") < running.output.index("in 1.0 s.")
    assert len(running.children()) == 3
    running.process.terminate()
    assert running.ended() == 0
    assert len(running.children()) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
class TestOutliving:
    def test_the_child_does_not_outlive_the_restarter(self, run: Run) -> None:
        running = run(sys.executable, "-c", WAITS)
        child = running.child()
        running.process.kill()
        eventually(lambda: _is_dead(child))
        assert "ended by" not in running.output

    def test_neither_outlives_whoever_started_them(self, run: Run, tmp_path: Path) -> None:
        script = (
            "import subprocess, sys; print('starts', subprocess.Popen(["
            "sys.executable, '-m', 'model.common.supervisor', "
            f"sys.executable, '-c', {WAITS!r}]).pid,"
            "flush=True); import time; time.sleep(60)"
        )
        log = tmp_path / "log"
        with log.open("wb") as file:
            parent = subprocess.Popen(
                [sys.executable, "-c", script], cwd=ROOT, stdout=file, stderr=subprocess.STDOUT
            )
        try:
            eventually(lambda: "lives" in log.read_text())
        finally:
            parent.kill()
            parent.wait()
        numbers = [int(line.split()[1]) for line in log.read_text().splitlines()]
        assert len(numbers) == 2
        eventually(lambda: all(map(_is_dead, numbers)))
        assert "ended by 1\n" in log.read_text()


def _is_dead(number: int) -> bool:
    try:
        return psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_an_unknown_command_is_a_sentence(run: Run) -> None:
    running = run("/nowhere/program")
    assert running.ended() == 1
    assert running.output == "/nowhere/program cannot be started: No such file or directory.\n"


def test_without_a_command_the_usage_is_said(run: Run) -> None:
    running = run("--failed")
    assert running.ended() == 1
    assert running.output == "Usage: python -m model.common.supervisor [--failed] COMMAND…\n"


def test_it_stays_small() -> None:
    code = (
        "import sys, model.common.supervisor;"
        "print({'pydantic', 'telegram', 'redis'} & set(sys.modules))"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert output.stdout == "set()\n"


def test_the_procfile_has_all_but_the_sandbox_restarted() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    restarted = {line.partition(":")[0] for line in lines if "model.common.supervisor" in line}
    assert restarted == {"redis", "worker", "trainer", "bot", "sandbox-bot"}
    # It ends by itself when its disk is full.
    assert [line.partition(":")[0] for line in lines if supervisor.FAILED in line] == ["redis"]


class Hurried(supervisor.Signals):
    """Nobody signals, and no pause is waited for."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def wait(self, seconds: float | None = None) -> int | None:
        if seconds is None:
            time.sleep(0.01)
            return signal.SIGCHLD
        self.pauses.append(seconds)
        return signal.SIGTERM if len(self.pauses) == 3 else None


@pytest.mark.parametrize(("long", "pauses"), [(0.0, [0.5, 0.5, 0.5]), (60.0, [0.5, 1.0, 2.0])])
def test_after_a_long_life_the_pauses_begin_anew(
    monkeypatch: pytest.MonkeyPatch, long: float, pauses: list[float]
) -> None:
    monkeypatch.setattr(supervisor, "LONG_LIFE", long)
    signals = Hurried()
    restarter = supervisor.Restarter(["sh", "-c", "kill -KILL $$"], signals)
    monkeypatch.setattr(restarter, "_told_to_stop_within", lambda s: signals.wait(s) is not None)
    assert restarter.run() == 0
    assert signals.pauses == pauses


@pytest.mark.parametrize(
    ("failed", "long", "status", "restarts"),
    [(True, 0.0, 1, 3), (True, 1000.0, 1, 0), (True, 0.0, 0, 0), (False, 0.0, 1, 0)],
)
def test_a_failure_after_a_long_life_is_restarted_if_asked_for(
    monkeypatch: pytest.MonkeyPatch, failed: bool, long: float, status: int, restarts: int
) -> None:
    monkeypatch.setattr(supervisor, "LONG_LIFE", long)
    signals = Hurried()
    restarter = supervisor.Restarter(["sh", "-c", f"exit {status}"], signals, failed=failed)
    monkeypatch.setattr(restarter, "_told_to_stop_within", lambda s: signals.wait(s) is not None)
    assert restarter.run() == (0 if restarts else status)
    assert len(signals.pauses) == restarts


def test_under_honcho_a_crash_ends_nothing_and_an_end_ends_all(tmp_path: Path) -> None:
    """As `make run` has it: one worker that is killed, and another process that goes on."""
    waits = tmp_path / "waits.py"
    waits.write_text(WAITS)
    python = shlex.quote(sys.executable)
    line = f"exec {python} -m model.common.supervisor {python} {shlex.quote(str(waits))}"
    procfile = tmp_path / "Procfile"
    procfile.write_text(f"worker: {line}\nbot: {line}\n")
    log = tmp_path / "log"
    with log.open("wb") as file:
        honcho = subprocess.Popen(
            [sys.executable, "-m", "honcho", "--env", os.devnull, "-f", str(procfile), "start"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
            stdout=file,
            stderr=subprocess.STDOUT,
        )

    def lives() -> list[int]:
        return [int(number) for number in re.findall(r"lives (\d+)\n", log.read_text())]

    try:
        eventually(lambda: len(lives()) == 2)
        os.kill(lives()[0], signal.SIGKILL)
        eventually(lambda: len(lives()) == 3)
        assert honcho.poll() is None
        assert not _is_dead(lives()[1])
        # An end of one's own is passed on, and honcho ends the rest.
        os.kill(lives()[2], signal.SIGTERM)
        honcho.wait(timeout=LIMIT)
        assert all(map(_is_dead, lives()))
    finally:
        honcho.kill()
        honcho.wait()
    assert log.read_text().count("ended by 1") == 2
