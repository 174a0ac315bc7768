"""The process that is watched: what is told of one that dies, hangs or does not keep a promise."""

import textwrap
from pathlib import Path

import pytest

from model.photos.formats import FORMATS
from tests.fuzz import __main__ as fuzz
from tests.fuzz.corpus import Input
from tests.fuzz.watching import Fate, Watched
from tests.helpers.photos import encoded, halves

CHILD = """
import json, os, signal, struct, sys, time
def say(ended, cpu=0.0, peak=50, opened=()):
    print(json.dumps({"ended": ended, "cpu": cpu, "peak": peak, "opened": opened}), flush=True)
say("ready")
asked = 0
while head := sys.stdin.buffer.read(4):
    data = sys.stdin.buffer.read(struct.unpack(">I", head)[0])
    asked += 1
    if data == b"die":
        os.kill(os.getpid(), signal.SIGSEGV)
    if data == b"hang":
        time.sleep(1000)
    if data == b"slow":
        say("image", cpu=9.0)
    elif data == b"slow at first":
        say("image", cpu=9.0 if asked == 1 else 0.1)
    else:
        say("unreadable")
"""


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A program that does what the files say."""
    (tmp_path / "obedient.py").write_text(textwrap.dedent(CHILD))
    monkeypatch.setattr("tests.fuzz.watching.ROOT", tmp_path)
    return "obedient"


def test_a_process_that_dies_is_seen_and_replaced(child: str) -> None:
    with Watched(child) as watched:
        assert watched.fate(b"") == Fate("unreadable", 0.0, 50)
        died = watched.fate(b"die")
        assert watched.fate(b"") == Fate("unreadable", 0.0, 50)

        assert died.ended == "died with -11"
        assert not died.alive and not died.answered
        assert watched.starts == 2


def test_a_process_that_hangs_is_seen_and_replaced(child: str) -> None:
    with Watched(child, patience=1.0) as watched:
        hung = watched.fate(b"hang")

        assert not hung.alive and hung.ended.startswith("hung")
        assert watched.fate(b"").answered


def test_a_large_file_that_nobody_reads_to_its_end(child: str) -> None:
    with Watched(child) as watched:
        assert not watched.fate(b"die").alive
        assert watched.fate(bytes(5_000_000)).answered


def test_what_is_slow_has_another_try(child: str) -> None:
    with Watched(child) as watched:
        calm = watched.calm_fate(b"slow at first", 1.0)
        assert (calm.cpu, calm.tries) == (0.1, 2)
        slow = watched.calm_fate(b"slow", 1.0)
        assert (slow.cpu, slow.tries) == (9.0, 3)
        assert not watched.calm_fate(b"die", 1.0).alive


def test_the_real_one_says_what_became_of_a_file() -> None:
    with Watched() as watched:
        answered, refused = watched.fate(encoded(halves(), "JPEG")), watched.fate(b"no picture")

    assert (answered.ended, answered.opened) == ("image", ("JPEG",))
    assert answered.cpu > 0 and 20 < answered.peak < 512
    assert (refused.ended, refused.opened) == ("unreadable", ())


class TestFindings:
    @pytest.mark.parametrize(
        ("fate", "broken"),
        [
            (Fate("image", 0.9, 500, ("JPEG",)), []),
            (Fate("too_large", 0.0, 100), []),
            (Fate("raised KeyError()", 0.0, 100), [fuzz.ANSWERED]),
            (Fate("image", 1.1, 100), [fuzz.IN_TIME]),
            (Fate("image", 0.1, 513), [fuzz.IN_MEMORY]),
            (Fate("unreadable", 0.1, 100, ("EPS", "JPEG")), [fuzz.LISTED]),
            (Fate("died with -9"), [fuzz.ANSWERED, fuzz.IN_TIME, fuzz.IN_MEMORY, fuzz.ALIVE]),
        ],
    )
    def test_each_promise_is_held_against_each_file(self, fate: Fate, broken: list[str]) -> None:
        findings = fuzz.Findings()

        assert findings.add(Input("a bomb", "it", b""), fate) == broken
        assert [row.promise for row in findings.outcomes() if row.broken] == broken
        assert all(row.tried == 1 for row in findings.outcomes())

    def test_the_worst_is_named(self) -> None:
        findings = fuzz.Findings()
        findings.add(Input("whole", "the first", b""), Fate("image", 0.5, 100))
        findings.add(Input("large", "the second", b""), Fate("image", 0.2, 300))

        notes = {row.promise: row.note for row in findings.outcomes()}

        assert "the first" in notes[fuzz.IN_TIME] and "the second" in notes[fuzz.IN_MEMORY]
        assert "2 answers, 0 refusals" in notes[fuzz.ANSWERED]
        assert ", ".join(FORMATS) in notes[fuzz.LISTED]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = fuzz.main(["--inputs", "20", "--json", str(tmp_path / "outcomes.json")])

    assert code == 0
    assert "Bad input" in capsys.readouterr().out
    assert (tmp_path / "outcomes.json").read_text().count('"broken": 0') == 5


def test_what_breaks_a_promise_is_kept(
    child: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fuzz, "Watched", lambda: Watched(child))
    monkeypatch.setattr(fuzz, "inputs", lambda count, seed: [Input("a bomb", "it: dies", b"die")])

    code = fuzz.main(["--inputs", "1", "--keep", str(tmp_path / "kept")])

    assert code == 1
    assert [file.read_bytes() for file in (tmp_path / "kept").iterdir()] == [b"die"]
