"""Readings of the programs, every half second while an experiment runs."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median

import psutil
import redis

from model.common.queue.backlog import Load
from tests.faults.lab.laboratory import Lab

EVERY = 0.5  # seconds


@dataclass
class Gauges:
    """Samples in order: each program's memory in bytes, and the queue's load."""

    lab: Lab
    memory: dict[str, list[int]] = field(default_factory=dict)
    loads: list[Load] = field(default_factory=list)

    async def watch(self) -> None:
        """Sample until cancelled."""
        while True:
            self.sample_memory()
            with suppress(redis.RedisError, OSError):  # away: the experiment knows
                self.loads.append(await Load.read_async(self.lab.client))
            await asyncio.sleep(EVERY)

    def sample_memory(self) -> None:
        """One sample of each program that runs."""
        for program in self.lab.programs:
            try:
                self.memory.setdefault(program.name, []).append(program.memory())
            except psutil.NoSuchProcess:
                continue

    def largest(self) -> dict[str, int]:
        """The most memory of each program, in bytes."""
        return {name: max(samples) for name, samples in self.memory.items()}

    def growth(self, name: str) -> float:
        """By what share memory grew over the last half: its last tenth against its first."""
        half = self.memory[name][len(self.memory[name]) // 2 :]
        tenth = max(1, len(half) // 10)
        return median(half[-tenth:]) / median(half[:tenth]) - 1


def in_megabytes(sizes: dict[str, int]) -> str:
    """For a note."""
    return ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in sizes.items())
