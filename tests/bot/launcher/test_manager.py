"""The last lines of `make run`, and the order in which its processes end."""

import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
WAITS = "while :; do sleep 0.05; done"


def manager(**commands: str) -> subprocess.Popen[str]:
    """A manager that runs these, in a process of its own."""
    program = (
        "import sys; from bot.launcher.manager import ProcessManager; "
        f"sys.exit(ProcessManager().run({commands!r}))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_the_last_line_says_why_everything_ended() -> None:
    running = manager(
        redis=f"trap 'exit 0' TERM; {WAITS}",
        bot="sleep 0.2; echo 'TELEGRAM_TOKEN is wrong: Telegram does not know it.' >&2; exit 3",
        worker=f"trap 'echo twenty; echo lines; echo of an end; exit 0' TERM; {WAITS}",
    )
    lines = running.communicate(timeout=60)[0].splitlines()
    assert running.returncode == 3
    assert lines[-1] == (
        "bot ended with 3, and everything with it: TELEGRAM_TOKEN is wrong: Telegram does not know "
        "it."
    )
    assert "bot    | TELEGRAM_TOKEN is wrong: Telegram does not know it." in lines


def test_redis_stops_when_all_others_have() -> None:
    running = manager(
        redis=f"trap 'echo Redis stops; exit 0' TERM; {WAITS}",
        worker=f"trap 'sleep 0.5; echo saved; exit 0' TERM; {WAITS}",
        bot="sleep 0.3; exit 1",
    )
    text = running.communicate(timeout=60)[0]
    assert text.index("saved") < text.index("Redis stops")


def test_who_stops_it_is_told_of_no_cause() -> None:
    running = manager(redis="exec sleep 60", bot="echo ready; exec sleep 60")
    assert running.stdout
    while "ready" not in running.stdout.readline():
        pass
    running.send_signal(signal.SIGINT)
    assert "ended with" not in running.communicate(timeout=60)[0]
    assert running.returncode == 130
