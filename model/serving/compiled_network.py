"""A network compiled to LiteRT: what serves runs this, and nothing of TensorFlow."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from threading import Event
from typing import Any, Protocol

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from model.common.stderr import silenced

Floats = NDArray[np.float32]


Run = Callable[[Floats], Floats]  # [1, height, width, channels] → [1, k]

# Set once LiteRT has said which of the processor's instructions it uses: it does so once.
_INTRODUCED = Event()


@dataclass(frozen=True, slots=True)
class Branch:
    """A way through a network: from pictures of `channels` to `outputs` numbers for each.

    `height` and `width` in pixels are None if it takes any.
    """

    height: int | None
    width: int | None
    channels: int
    outputs: int


class UnusableNetworkError(Exception):
    """The bytes are no network that can be run; str() says why, in a sentence."""


class Network(Protocol):
    """The interface that a classifier needs of a network, compiled or not."""

    @property
    def branches(self) -> Mapping[str, Branch]:
        """Its branches by name."""

    def outputs(self, branch: str, images: Floats) -> Floats:
        """What a branch says of images [n, height, width, channels]: [n, k]."""


class CompiledNetwork:
    """Runs the content of a `.tflite` file; each of its signatures is a branch.

    Pictures go through one at a time: together, each would cost as much. A branch has one
    interpreter for all sizes, made when it is first asked for. Each more would take 12 MB, and a
    change of size costs a tenth of a pass (tests/bench/bench_photo.py). All run on one thread: a
    second core serves more as another worker's. Not safe to use from several threads at a time.

    Raises UnusableNetworkError for anything else than such a file.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._runs: dict[str, Run] = {}
        try:
            interpreter = self._interpreter()
            names = interpreter.get_signature_list()
            self.branches = {
                name: _branch(interpreter.get_signature_runner(name)) for name in names
            }
        # LiteRT has no errors of its own.
        except (RuntimeError, ValueError) as error:
            raise UnusableNetworkError("It is not a network compiled to LiteRT.") from error
        if not self.branches:
            raise UnusableNetworkError("The compiled network has no signature to run.")

    def outputs(self, branch: str, images: Floats) -> Floats:
        """What a branch says of images [n, height, width, channels]: [n, k].

        Raises RuntimeError or ValueError if it does not take them.
        """
        if branch not in self._runs:
            self._runs[branch] = _run_of(self._interpreter().get_signature_runner(branch))
            with nullcontext() if _INTRODUCED.is_set() else silenced():
                self._runs[branch](images[:1])
            _INTRODUCED.set()
        run = self._runs[branch]
        return np.concatenate([run(images[n : n + 1]) for n in range(len(images))])

    def _interpreter(self) -> Any:
        return Interpreter(model_content=self._content, num_threads=1)


def _run_of(runner: Any) -> Run:
    """A signature as a function of one input and one output."""
    [taken] = runner.get_input_details()
    [given] = runner.get_output_details()
    return lambda images: np.asarray(runner(**{taken: images})[given], np.float32)


def _branch(runner: Any) -> Branch:
    """What a signature takes and gives. Raises UnusableNetworkError if it is no branch."""
    inputs, outputs = (
        [[int(side) for side in each["shape_signature"]] for each in details.values()]
        for details in (runner.get_input_details(), runner.get_output_details())
    )
    if [len(shape) for shape in inputs] != [4] or [len(shape) for shape in outputs] != [2]:
        raise UnusableNetworkError("The network does not turn pictures into one answer each.")
    height, width = (side if side > 0 else None for side in inputs[0][1:3])
    return Branch(height, width, channels=inputs[0][3], outputs=outputs[0][1])
