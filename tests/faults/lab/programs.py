"""The processes of an experiment, started again whenever they die, as an operator's system does."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[3]
LOOK_EVERY = 0.1  # seconds
RESTART_AFTER = 0.5  # seconds


class Program:
    """One process, kept running until `stop`; its output goes to FOLDER/NAME.log."""

    def __init__(
        self, name: str, command: Sequence[str], folder: Path, settings: Mapping[str, str]
    ) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self.kills = 0
        self.exits: list[int] = []  # of ends that nobody here asked for
        self.environment = _clean(os.environ) | {"PYTHONPATH": str(ROOT)} | dict(settings)
        self._command = list(command)
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start it, and keep it running."""
        self._spawn()
        self._keeper = asyncio.create_task(self._keep(), name=self.name)

    def kill(self) -> bool:
        """SIGKILL; False if it is just not running."""
        if not self.running:
            return False
        self.kills += 1
        self.process.kill()
        return True

    async def end(self, seconds: float) -> int | None:
        """SIGTERM: its exit code, None if it had to be killed after `seconds`."""
        await self._leave_alone()
        if self._process is None:
            return None
        self._process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.to_thread(self._process.wait, seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return None

    async def pause(self) -> None:
        """SIGKILL, and it stays away until `start`."""
        await self._leave_alone()
        self.process.kill()
        await asyncio.to_thread(self.process.wait)

    async def stop(self) -> None:
        """The experiment is over."""
        await self.end(10)

    def mend(self, *arguments: str) -> None:
        """Another Python program in its place, from the next start on."""
        self._command = python(*arguments)

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process of the moment; RuntimeError where it was never started."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started.")
        return self._process

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None and self._process.poll() is None

    def memory(self) -> int:
        """Bytes of resident memory."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    def cpu_seconds(self) -> float:
        """Seconds of a core that this process used so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    def output(self, since: int = 0) -> str:
        """What it wrote, from byte `since` of its log on."""
        with self.log.open("rb") as file:
            file.seek(since)
            return file.read().decode(errors="replace")

    def written(self) -> int:
        """Bytes in its log."""
        return self.log.stat().st_size

    def _spawn(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,  # where no .env is
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def _keep(self) -> None:
        seen = self.kills
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if self.running:
                continue
            if self.kills == seen:
                self.exits.append(self.process.returncode)
            seen = self.kills
            await asyncio.sleep(RESTART_AFTER)
            self._spawn()

    async def _leave_alone(self) -> None:
        if self._keeper:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None


def python(*arguments: str) -> list[str]:
    """A command line of this Python."""
    return [sys.executable, *arguments]


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without settings of ours."""
    ours = ("TELEGRAM_", "REDIS_", "ADMIN_IDS", "DATA_DIR", "LOG_", "WEBHOOK_", "PHOTOS_", "QUEUE_")
    return {name: value for name, value in environment.items() if not name.startswith(ours)}
