"""Channels of about the same range, as int8 has one scale for all channels of a layer's output.

Where no activation follows, a channel can be divided by any number if every layer that reads it
multiplies by the same (Nagel et al. 2019, https://arxiv.org/abs/1906.04721). So it is with the
narrow ends of the inverted residual blocks of EfficientNet-Lite, which are added to each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import keras
import numpy as np
from numpy.typing import NDArray

from model.serving.classifier import Prepared
from model.training.quantization.reading import Tensor, read

Floats = NDArray[np.float32]
LEAST = 0.02  # of the largest range: a channel that is hardly used is not blown up


@dataclass(eq=False)
class _Stream:
    """The outputs that are added to each other: the layers that write them and that read them."""

    writers: list[keras.Layer] = field(default_factory=list)
    readers: list[keras.Layer] = field(default_factory=list)


def equalize(network: keras.Model, shown: Sequence[Prepared]) -> None:
    """Equalize the channels between blocks, in place, by their ranges on the pictures shown.

    What the network says stays the same, but for float32's rounding.
    """
    streams = [stream for each in _with_blocks(network) for stream in _streams(each)]
    ranges: dict[keras.Layer, Floats] = {}

    def note(layer: keras.Layer, inputs: Tensor) -> None:
        seen = np.abs(np.asarray(inputs)).max(axis=(0, 1, 2))
        ranges[layer] = np.maximum(ranges.get(layer, 0.0), seen)

    read(network, {layer for stream in streams for layer in stream.readers}, shown, note)
    for stream in streams:
        largest = np.maximum.reduce([ranges[reader] for reader in stream.readers])
        largest = np.maximum(largest, LEAST * largest.max())
        gains = largest / np.exp(np.log(largest).mean())
        for writer in stream.writers:
            kernel, bias = writer.get_weights()
            writer.set_weights([kernel / gains, bias / gains])
        for reader in stream.readers:
            kernel, bias = reader.get_weights()
            reader.set_weights([kernel * gains[:, None], bias])


def _with_blocks(network: keras.Model) -> list[keras.Model]:
    """The outermost networks in a network that consist of blocks."""
    if any(layer.name.endswith("_project") for layer in network.layers):
        return [network]
    inner = [layer for layer in network.layers if isinstance(layer, keras.Model)]
    return [each for layer in inner for each in _with_blocks(layer)]


def _streams(network: keras.Model, before: dict[int, _Stream] | None = None) -> list[_Stream]:
    """The streams of a network of `model.networks.architectures`, by its layers' names.

    With a second end inside it: those of that end, too, which goes on from one of its blocks;
    `before` has the streams of the network around it by the block that wrote to them last.
    """
    layers = {layer.name: layer for layer in network.layers}
    numbers = sorted(
        int(name.split("_")[0].removeprefix("block"))
        for name in layers
        if name.startswith("block") and name.endswith("_project")
    )
    stream = before[numbers[0] - 1] if before else None
    found: list[_Stream] = []
    after: dict[int, _Stream] = {}
    for number in numbers:
        if stream and (expand := layers.get(f"block{number}_expand")):
            stream.readers.append(expand)
        if stream is None or f"block{number}_sum" not in layers:
            stream = _Stream()
            found.append(stream)
        stream.writers.append(layers[f"block{number}_project"])
        after[number] = stream
    if stream:
        stream.readers.append(layers["features"])
    for layer in network.layers:
        if isinstance(layer, keras.Model) and _with_blocks(layer):
            found += _streams(layer, after)
    return found
