"""Programs that stop beating are killed and started again."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from model.common import supervisor
from tests.helpers.waiting import LIMIT, eventually
from tests.model.common.supervised import ROOT, Run

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
# The supervisor's own, for the test's patience.
IMPATIENT = "from model.common import supervisor; supervisor.SILENT = 3.0; supervisor.main()"


def test_who_is_stopped_is_killed_and_started_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", IMPATIENT, sys.executable, "-c", BEATS],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        lives = re.compile(r"^lives (\d+)\n", re.MULTILINE)
        eventually(lambda: len(lives.findall(log.read_text())) == 1)
        time.sleep(4)
        assert len(lives.findall(log.read_text())) == 1, "who beats is left alone"
        os.kill(int(lives.findall(log.read_text())[0]), signal.SIGSTOP)
        eventually(lambda: len(lives.findall(log.read_text())) == 2)
        assert "gave no sign of life for 3 s." in log.read_text()
        assert "died of SIGKILL" in log.read_text()
        process.terminate()
        assert process.wait(LIMIT) == 128 + signal.SIGTERM
    finally:
        process.kill()
        process.wait()


def test_who_never_beats_is_not_expected_to(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "SILENT", 0.0)
    running = run("sh", "-c", "sleep 1; exit 3")
    assert running.ended() == 3
