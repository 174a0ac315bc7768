"""Starts supervisors, and ends them after the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.model.common.supervised import Running


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def start(*command: str) -> Running:
        started.append(Running(tmp_path, *command))
        return started[-1]

    yield start
    for running in started:
        running.process.kill()
        running.process.wait()
