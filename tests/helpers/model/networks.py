"""Networks that are quick: what a classifier makes of their outputs."""

from collections.abc import Callable
from typing import Any

import numpy as np

from model.serving.compiled_network import Branch, Floats

Says = Callable[[Floats], Floats]  # images [n, h, w, c] → [n, k]


class FakeNetwork:
    """Branches by name, each with what it says; remembers what it was shown."""

    def __init__(self, **branches: tuple[Branch, Says]) -> None:
        self.branches = {name: branch for name, (branch, _) in branches.items()}
        self.seen: list[tuple[str, tuple[int, ...]]] = []
        self._says = {name: says for name, (_, says) in branches.items()}

    def outputs(self, branch: str, images: Floats) -> Floats:
        self.seen.append((branch, images.shape))
        return self._says[branch](images)


def logits(*values: float) -> Says:
    """The same logits for every picture."""
    return lambda images: np.tile(np.array(values, np.float32), (len(images), 1))


def left_half(images: Floats) -> Floats:
    """Logits that grow with the brightness of the left half, each by another factor."""
    brightness = images[:, :, : images.shape[2] // 2].mean(axis=(1, 2, 3))
    return np.asarray(brightness[:, None] * np.arange(11, dtype=np.float32), np.float32)


def one(says: Says = left_half, outputs: int = 11, **more: Any) -> FakeNetwork:
    """A network of one branch, for photos of any size in colour."""
    shape = {"height": None, "width": None, "channels": 3} | more
    return FakeNetwork(serving_default=(Branch(**shape, outputs=outputs), says))


def two(photo: Says = left_half, small: Says = left_half, outputs: int = 11) -> FakeNetwork:
    """A network with a branch for photos and one for grey pictures of 28 × 28 px."""
    return FakeNetwork(
        photo=(Branch(None, None, 3, 11), photo), small=(Branch(28, 28, 1, outputs), small)
    )
