"""The set-up of `.venv`, with a pip that is quick."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.launcher import virtual_environment

PIP = """#!/bin/sh
case "$*" in
*version_info*) echo {version};;
*) echo 'Collecting first==1 (from -r x)'; echo 'Collecting second==2'; \
echo 'Installing collected packages: first, second'; exit {code};;
esac
"""


def stand_in(folder: Path, *, version: str = "3 12", code: int = 0) -> Path:
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(PIP.format(version=version, code=code), encoding="utf-8")
    python.chmod(0o755)
    return folder


def pins(folder: Path) -> Path:
    file = folder / "pins.txt"
    file.write_text("first==1 \\\n    --hash=sha256:0\n    # via x==9\nsecond==2\n", "utf-8")
    return file


@pytest.mark.parametrize("code", [0, 1])
def test_it_says_what_it_installs_and_how_far_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], code: int
) -> None:
    found = virtual_environment.install(stand_in(tmp_path / "v", code=code), pins(tmp_path))

    shown = capsys.readouterr().out
    assert found == code
    assert "up to 2 packages" in shown
    assert "1 of 2: first\n" in shown and "2 of 2: second\n" in shown
    assert ("done" in shown) == (code == 0)


@pytest.mark.parametrize(("version", "made"), [("3 12", False), ("3 10", True)])
def test_an_environment_of_the_wrong_python_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, made: bool
) -> None:
    calls: list[list[str]] = []
    monkeypatch.setattr(subprocess, "check_call", calls.append)

    virtual_environment.create(stand_in(tmp_path / "v", version=version))

    assert calls == ([[sys.executable, "-m", "venv", "--clear", str(tmp_path / "v")]] * made)


def test_a_python_that_does_not_suit_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["virtual_environment.py", "v", "pins.txt"])
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 to 3\.13, and this is 3\.10"):
        virtual_environment.main()
