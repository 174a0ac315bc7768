"""Sends files to a process, one by one, and sees from outside how it fares."""

import json
import os
import select
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
# Wall-clock seconds until a process counts as hanging: on a busy machine one second may be many.
PATIENCE = 60.0
TRIES = 3


@dataclass(frozen=True, slots=True)
class Fate:
    """The end of one file: `ended` as the process says it, or "died" or "hung".

    `cpu` in seconds, `peak` in MB; `opened` are the formats of the decoders that were opened, and
    `tries` is how often it was sent.
    """

    ended: str
    cpu: float = 0.0
    peak: int = 0
    opened: tuple[str, ...] = ()
    tries: int = 1

    @property
    def alive(self) -> bool:
        """Whether the process outlived it."""
        return not self.ended.startswith(("died", "hung"))

    @property
    def answered(self) -> bool:
        """Whether it ended in an image, or in a refusal that has a name."""
        return self.ended in ("image", "unreadable", "too_large")


class Watched:
    """A process that goes through files; another takes its place when it dies or hangs.

    `starts` counts the processes. Use it as a context manager.
    """

    def __init__(self, module: str = "tests.fuzz.child", patience: float = PATIENCE) -> None:
        self._command = [sys.executable, "-m", module]
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def fate(self, data: bytes) -> Fate:
        """Send one file, wait for its end."""
        process = self._process or self._start()
        sender = threading.Thread(target=_send, args=(process, data), daemon=True)
        sender.start()
        fate = self._answer(process)
        if not fate.alive:
            self._end()
        sender.join()
        return fate

    def calm_fate(self, data: bytes, seconds: float) -> Fate:
        """The same; a file that takes longer has two more tries, of which the shortest counts.

        A core that others keep busy as well is slower by half, now and then.
        """
        fates = [self.fate(data)]
        while len(fates) < TRIES and fates[-1].alive and fates[-1].cpu > seconds:
            fates.append(self.fate(data))
        # One that did not end well counts more than any that did.
        fate = min(fates, key=lambda fate: (fate.alive, fate.cpu))
        return replace(fate, tries=len(fates))

    def _start(self) -> subprocess.Popen[bytes]:
        # What native code writes to stderr about damaged files is of no interest.
        process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self._process = process
        self.starts += 1
        ready = self._answer(process)
        if ready.ended != "ready":
            raise RuntimeError(f"{' '.join(self._command)} does not start: it {ready.ended}.")
        return process

    def _answer(self, process: subprocess.Popen[bytes]) -> Fate:
        assert process.stdout is not None
        started, line = time.monotonic(), b""
        while not line.endswith(b"\n"):
            left = started + self._patience - time.monotonic()
            if not select.select([process.stdout], [], [], max(0.0, left))[0]:
                return Fate(f"hung for {self._patience:.0f} s")
            part = os.read(process.stdout.fileno(), 65_536)
            if not part:
                return Fate(f"died with {process.wait()}")
            line += part
        found = json.loads(line)
        return Fate(found["ended"], found["cpu"], found["peak"], tuple(found["opened"]))

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with suppress(OSError):  # what was not sent has nobody to read it
                    pipe.close()


def _send(process: subprocess.Popen[bytes], data: bytes) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(struct.pack(">I", len(data)) + data)
        process.stdin.flush()
    except (OSError, ValueError):
        pass  # it died: its silence says so
