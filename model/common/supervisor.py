"""`python -m model.common.supervisor [--failed] COMMAND…`: restart what is killed or crashes.

`make run` ends everything when one process ends. That is right for a process that ends by itself,
but a photo that crashes the worker must not end the chat. So only a death by a signal that nobody
sends to end a program, such as SIGSEGV or SIGKILL, has it started again; all else is passed on.
With --failed, so does a failure after a long life: a Redis whose disk is full ends by itself.

A command that writes heartbeats to the pipe that HEARTBEAT_FD names is killed once they stop: a
stopped process (SIGSTOP) cannot end itself, see `model.common.health`.

Imports nothing but the standard library: one of these runs for each process.
"""

import ctypes
import logging
import math
import os
import select
import shlex
import signal
import subprocess
import sys
import time
from typing import Final

logger = logging.getLogger("model.common.supervisor")

# People and programs use these to end a process. Any other means it was killed, or crashed.
ENDING: Final = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT})
# Seconds before the next start, doubled each time; from the first again after a long enough life.
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
LONG_LIFE = 60.0
# Seconds without a heartbeat after which the command is killed, once there was one. Longer than a
# process that hangs takes to end itself, with a traceback: see `model.common.health.HUNG`.
SILENT = 100.0
# Where the command finds the pipe.
HEARTBEAT_FD: Final = "HEARTBEAT_FD"
# Linux: have the kernel signal a process when its parent has died.
SET_DEATH_SIGNAL: Final = 1
USAGE = "Usage: python -m model.common.supervisor [--failed] COMMAND…"
FAILED = "--failed"


class Signals:
    """Waits for the signals of ENDING and for SIGCHLD, one at a time; none is missed.

    Meanwhile it notes the child's heartbeats: `silent_at` is when they have stopped for too long.
    """

    silent_at = math.inf
    beating: int | None = None  # where the child writes them

    def __init__(self) -> None:
        self._reading, writing = os.pipe()
        os.set_blocking(writing, False)
        for number in (*ENDING, signal.SIGCHLD):
            # So that it is noted, instead of ending the process or being ignored.
            signal.signal(number, lambda *_: None)
        # The interpreter writes the number of each signal there.
        signal.set_wakeup_fd(writing)
        self._beats, self.beating = os.pipe()

    def forget_beats(self) -> None:
        """Expect none until the next comes: those of a former child count no longer."""
        if self.beating is not None and select.select([self._beats], [], [], 0)[0]:
            os.read(self._beats, 65536)
        self.silent_at = math.inf

    def wait(self, seconds: float | None = None) -> int | None:
        """The next signal's number; None if none comes within `seconds`, or for a heartbeat."""
        ready, _, _ = select.select([self._reading, self._beats], [], [], seconds)
        if self._beats in ready:
            os.read(self._beats, 4096)
            self.silent_at = time.monotonic() + SILENT
        return os.read(self._reading, 1)[0] if self._reading in ready else None


class Restarter:
    """Runs `command` until it ends by itself or a signal of ENDING arrives, which is passed on."""

    def __init__(self, command: list[str], signals: Signals, *, failed: bool = False) -> None:
        """With `failed`, one that ends with an error after LONG_LIFE is started again as well."""
        self._command = command
        self._failed = failed
        self._signals = signals
        self._stopped = False

    def run(self) -> int:
        """The last child's exit status, as a shell has it. Raises OSError: no such command."""
        pause = FIRST_PAUSE
        while True:
            began = time.monotonic()
            code = self._once()
            lived = time.monotonic() - began
            failed = self._failed and code > 0 and lived >= LONG_LIFE
            if self._stopped or (code >= 0 and not failed) or -code in ENDING:
                return code if code >= 0 else 128 - code
            if lived >= LONG_LIFE:
                pause = FIRST_PAUSE
            logger.warning(
                "%s died of %s after %.0f s. Restarting in %.1f s.",
                shlex.join(self._command),
                f"exit status {code}" if failed else _name(-code),
                lived,
                pause,
            )
            if self._told_to_stop_within(pause):
                return 0
            pause = min(2 * pause, LONGEST_PAUSE)

    def _once(self) -> int:
        """Run the child to its end; as subprocess has it, negative for a signal."""
        self._signals.forget_beats()
        child = _start(self._command, self._signals.beating)
        while (code := child.poll()) is None:
            left = self._signals.silent_at - time.monotonic()
            if left <= 0:
                logger.warning("%s gave no sign of life for %.0f s.", self._command[-1], SILENT)
                child.kill()
            number = self._signals.wait(left if 0 < left < math.inf else None)
            if number in ENDING:
                self._stopped = True
                child.send_signal(number)
        return code

    def _told_to_stop_within(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._signals.wait(left) in ENDING:
                return True
        return False


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # one of the real-time signals, which have none
        return f"signal {number}"


def _start(command: list[str], beating: int | None) -> subprocess.Popen[bytes]:
    parent = os.getpid()

    def leave_with_parent() -> None:
        # Not SIGTERM: nobody would be left to wait for what it takes.
        _die_with_parent(signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    # In a group of its own: a signal to our whole group would reach it twice, and a second signal
    # means to end at once.
    return subprocess.Popen(  # noqa: S603
        command,
        process_group=0,
        preexec_fn=leave_with_parent,  # noqa: PLW1509
        pass_fds=[] if beating is None else [beating],
        env=os.environ | {HEARTBEAT_FD: "" if beating is None else str(beating)},
    )


def _die_with_parent(number: int) -> None:
    """Have this process signalled when its parent has died, if the system can do that."""
    if _libc is not None:
        _libc.prctl(SET_DEATH_SIGNAL, number, 0, 0, 0)


# Before any fork: a child may not load libraries.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def main() -> None:
    """Run the command line's command; leave with its exit status, or a sentence."""
    command = sys.argv[1:]
    if failed := command[:1] == [FAILED]:
        command.pop(0)
    if not command:
        raise SystemExit(USAGE)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    parent = os.getppid()
    signals = Signals()
    _die_with_parent(signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit("The process that started this one is gone.")
    try:
        sys.exit(Restarter(command, signals, failed=failed).run())
    except OSError as error:
        sys.exit(f"{command[0]} cannot be started: {error.strerror}.")


if __name__ == "__main__":
    main()
