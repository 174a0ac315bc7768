"""honcho with a readable end: Redis stops last, and the last line names the cause."""

import sys
from collections.abc import Mapping
from typing import Any

from honcho.manager import Manager
from honcho.printer import Message, Printer

LAST = "redis"  # stops after all others, which save what they have in hand there


class _Lines(Printer):
    """Prefixes lines with the name of their process. Logs bring their own timestamps."""

    def __init__(self) -> None:
        super().__init__(sys.stdout, prefix=False)
        self.last: dict[str, str] = {}

    def write(self, message: Message) -> None:
        """Print a line, or several; the last one of each process is remembered."""
        data = message.data
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else str(data)
        for line in text.splitlines():
            if line.strip():
                self.last[message.name] = line.strip()
            name = f"{message.name:<{self.width}} | {line}\n"
            super().write(message._replace(data=name))


class ProcessManager(Manager):
    """Starts processes by name, prints their output, and ends all when one ends.

    `run` returns a shell's exit status. Its last line names the process that ended by itself, and
    that process's last line.
    """

    def __init__(self) -> None:
        self._lines = _Lines()
        super().__init__(self._lines)
        self._first = ""

    def run(self, commands: Mapping[str, str]) -> int:
        """Run these command lines of a shell until one ends, or SIGINT or SIGTERM comes."""
        for name, command in commands.items():
            self.add_process(name, command)
        self.loop()
        code = int(self.returncode or 0)
        if self._first and code:
            said = self._lines.last.get(self._first, "It said nothing.")
            print(f"{self._first} ended with {code}, and everything with it: {said}", flush=True)
        return code if code >= 0 else 128 - code

    def _any_stopped(self) -> bool:
        stopped = [name for name, each in self._processes.items() if "returncode" in each]
        # After a signal, none of them ended by itself.
        if stopped and not self._first and not self._terminating:
            self._first = stopped[0]
        return bool(stopped)

    def _all_stopped(self) -> bool:
        left = [name for name, each in self._processes.items() if "returncode" not in each]
        if self._terminating and left == [LAST]:
            last: dict[str, Any] = self._processes[LAST]
            if not last.get("told"):
                last["told"] = True
                self._procmgr.terminate(last["pid"])
        return not left

    def _killall(self, force: bool = False) -> None:
        for name, each in self._processes.items():
            if "returncode" in each or (name == LAST and not force):
                continue
            (self._procmgr.kill if force else self._procmgr.terminate)(each["pid"])
