import signal
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import logging, threading, time
from model.common.shutdown import dying_of_errors

def fail():
    raise ValueError("unexpected")

logging.basicConfig()
with dying_of_errors():
    {how}
    time.sleep(30)
"""
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("threading.Thread(target=fail, name='leases').start()", "the thread 'leases' died"),
        ("fail()", "the main loop died"),
    ],
)
def test_a_process_dies_with_a_part_of_it_and_says_so(how: str, words: str) -> None:
    """By SIGKILL, so that whatever started it takes it for a crash."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(how=how)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=25,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    assert words in ended.stderr
    assert "ValueError: unexpected" in ended.stderr


def test_an_orderly_end_is_none() -> None:
    program = PROGRAM.format(how="raise SystemExit('REDIS_URL is wrong.')")
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=25, check=False)
    assert ended.returncode == 1
