"""What the layers of a network read while it is shown pictures."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras

from model.serving.classifier import Prepared, grouped

Tensor = Any  # TensorFlow has no types to offer
Note = Callable[[keras.Layer, Tensor], None]
BATCH = 8  # pictures at a time: every layer's numbers of all of them are held


def layers_of(network: keras.Model, kinds: tuple[type[keras.Layer], ...]) -> list[keras.Layer]:
    """The layers of these kinds, those of networks in the network among them."""
    found: list[keras.Layer] = []
    for layer in network.layers:
        if isinstance(layer, keras.Model):
            found += layers_of(layer, kinds)
        elif isinstance(layer, kinds):
            found.append(layer)
    return found


def read(
    network: keras.Model, layers: Iterable[keras.Layer], shown: Sequence[Prepared], note: Note
) -> None:
    """Show the pictures to the network's branches; `note` gets what each of the layers reads.

    [n, height, width, channels] of a convolution, [n, channels] of a dense layer.
    """
    branches = {
        kind: keras.Model(network.input[kind], network.output[kind]) for kind in network.input
    }
    with _noted(layers, note):
        for kind, _, pixels in grouped(shown):
            for start in range(0, len(pixels), BATCH):
                branches[kind](pixels[start : start + BATCH], training=False)


@contextmanager
def _noted(layers: Iterable[keras.Layer], note: Note) -> Iterator[None]:
    changed = list(layers)
    for layer in changed:
        layer.call = _noting(layer, note)
    try:
        yield
    finally:
        for layer in changed:
            del layer.call  # the class's method again


def _noting(layer: keras.Layer, note: Note) -> Callable[..., Tensor]:
    call = layer.call

    def noting(inputs: Tensor, *arguments: Any, **options: Any) -> Tensor:
        note(layer, inputs)
        return call(inputs, *arguments, **options)

    return noting
