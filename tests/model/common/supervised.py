"""A supervisor with a child, in a log what both wrote."""

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from model.common import supervisor
from tests.helpers.waiting import LIMIT, eventually

ROOT = Path(__file__).parents[3]


class Running:
    """The restarter, with what it wrote so far."""

    def __init__(
        self, folder: Path, *command: str, program: Sequence[str] = ("-m", supervisor.__name__)
    ) -> None:
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *program, *command],
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # as under honcho
            )

    def children(self) -> list[int]:
        """The numbers of all children that said that they live."""
        return [int(number) for number in re.findall(r"^lives (\d+)\n", self.output, re.MULTILINE)]

    def child(self, which: int = 0) -> int:
        """The number of a child, once it lives."""
        eventually(lambda: len(self.children()) > which)
        return self.children()[which]

    def ended(self) -> int:
        return self.process.wait(timeout=LIMIT)

    @property
    def output(self) -> str:
        return self.log.read_text()


Run = Callable[..., Running]
