"""One layer of a network's int8 form: what it reads, and how to exchange it alone.

To compile the whole network again would take a minute and more, give every other layer new scales,
and lose or gain a few pictures by chance. All other bytes stay the same.
"""

import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from model.common.stderr import silenced
from model.networks.pretrained import Dense
from model.training.flatbuffer import packed, unpacked

Floats = NDArray[np.float32]

FEATURES = "features"
MOST = 127  # int8 weights lie within -127 and 127, symmetrically
# How far a weight may be off, in steps of int8: half a step by rounding, the rest as the gain is
# estimated from rounded weights. Another kernel is off by tens.
ROUNDING = 1.0


class NotFoundError(Exception):
    """The compiled network has no such layer in int8, or several; str() says so."""


class _Layer(NamedTuple):
    """A dense layer in int8: its subgraph and input tensor by number, and its numbers.

    kernel int8 [m, k] and bias int32 [m] with the scales [m] of each. `gains` [m]: what the
    compiler multiplied each output by, as it takes a multiplication that follows into the weights.
    """

    graph: int
    input: int
    kernel: NDArray[Any]
    scales: Floats
    bias: NDArray[Any]
    bias_scales: Floats
    gains: Floats


def replaced(content: bytes, before: Dense, after: Dense) -> bytes:
    """The compiled network, with the dense layer `before` replaced by `after`.

    The layer is found by its kernel. The scale of its outputs stays. Raises NotFoundError.
    """
    changed = bytearray(content)
    # Its arrays are views of `changed`: what is written to them is written to it.
    layer = _found(changed, before[0])
    inputs = layer.bias_scales / layer.scales  # the scale of the layer's inputs
    moved = layer.bias * layer.bias_scales + layer.gains * (after[1] - before[1])
    rows = after[0].T * layer.gains[:, None]
    layer.scales[:] = np.maximum(np.abs(rows).max(axis=1) / MOST, np.finfo(np.float32).tiny)
    layer.kernel[:] = np.rint(rows / layer.scales[:, None])
    layer.bias_scales[:] = inputs * layer.scales
    layer.bias[:] = np.rint(moved / layer.bias_scales)
    return bytes(changed)


class Reader:
    """What the dense layer in a compiled network reads of a picture, and what the network says.

    Safe to use from several threads: each has an interpreter of its own. Raises NotFoundError.
    """

    def __init__(self, content: bytes, layer: Dense) -> None:
        found = _found(bytearray(content), layer[0])
        model = unpacked(content)
        graph = model.subgraphs[found.graph]
        graph.outputs = np.array([*graph.outputs, found.input], np.int32)
        signature = next(s for s in model.signatureDefs if s.subgraphIndex == found.graph)
        output = schema.TensorMapT()
        output.name, output.tensorIndex = FEATURES, found.input
        signature.outputs.append(output)
        self._content = packed(model)
        self._key = signature.signatureKey.decode()
        quantization = graph.tensors[found.input].quantization
        self._scale = np.float32(quantization.scale[0])
        self._zero = np.float32(quantization.zeroPoint[0])
        self._own = threading.local()

    def __call__(self, pixels: Floats) -> tuple[Floats, Floats]:
        """Of a picture [height, width, channels]: the layer's inputs [k] and all outputs."""
        if not hasattr(self._own, "run"):
            with silenced():
                interpreter = Interpreter(model_content=self._content, num_threads=1)
                self._own.run = interpreter.get_signature_runner(self._key)
        run = self._own.run
        [taken] = run.get_input_details()
        given = run(**{taken: pixels[None]})
        features = (given.pop(FEATURES)[0].astype(np.float32) - self._zero) * self._scale
        [said] = given.values()
        return features, np.asarray(said[0], np.float32)


def _found(content: bytearray, kernel: Floats) -> _Layer:
    model = schema.Model.GetRootAsModel(content, 0)
    found = list(_layers(model, kernel))
    if len(found) != 1:
        raise NotFoundError(f"The compiled network has {len(found)} layers of this kernel.")
    return found[0]


def _layers(model: Any, kernel: Floats) -> Iterator[_Layer]:
    """All dense layers in int8 that have this kernel [k, m]."""
    for number in range(model.SubgraphsLength()):
        graph = model.Subgraphs(number)
        for operator in (graph.Operators(each) for each in range(graph.OperatorsLength())):
            code = model.OperatorCodes(operator.OpcodeIndex()).BuiltinCode()
            if code != schema.BuiltinOperator.FULLY_CONNECTED:
                continue
            taken, *places = (int(each) for each in operator.InputsAsNumpy())
            tensors = [graph.Tensors(place) for place in places if place >= 0]
            types = [tensor.Type() for tensor in tensors]
            if types != [schema.TensorType.INT8, schema.TensorType.INT32]:
                continue
            scales, bias_scales = (each.Quantization().ScaleAsNumpy() for each in tensors)
            shape = tuple(tensors[0].ShapeAsNumpy())
            if shape != kernel.T.shape or not len(scales) == len(bias_scales) == shape[0]:
                continue
            numbers = _numbers(model, tensors[0], np.int8).reshape(shape)
            bias = _numbers(model, tensors[1], np.int32)
            if (gains := _gains(numbers, scales, kernel)) is not None:
                yield _Layer(number, taken, numbers, scales, bias, bias_scales, gains)


def _numbers(model: Any, tensor: Any, kind: Any) -> NDArray[Any]:
    return np.asarray(model.Buffers(tensor.Buffer()).DataAsNumpy().view(kind))


def _gains(numbers: NDArray[Any], scales: Floats, kernel: Floats) -> Floats | None:
    """The gains by which numbers [m, k] come of this kernel; None if they come of another."""
    rows = numbers * scales[:, None]
    gains = (rows * kernel.T).sum(axis=1) / np.maximum((kernel.T**2).sum(axis=1), 1e-12)
    off = np.abs(rows - gains[:, None] * kernel.T) / scales[:, None]
    return np.asarray(gains, np.float32) if off.max() <= ROUNDING else None
