"""The file of a compiled network: written again it holds the same, and no zero points twice."""

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from model.training.flatbuffer import packed, unpacked

CHANNELS = 1000


def tensor(zero_points: list[int], scale: float) -> schema.TensorT:
    made, quantization = schema.TensorT(), schema.QuantizationParametersT()
    quantization.zeroPoint = np.array(zero_points, np.int64)
    quantization.scale = np.full(len(zero_points), scale, np.float32)
    made.quantization = quantization
    return made


def network(*tensors: schema.TensorT) -> schema.ModelT:
    graph, model = schema.SubGraphT(), schema.ModelT()
    graph.tensors = list(tensors)
    model.subgraphs = [graph]
    return model


def test_what_is_read_back_is_what_was_written() -> None:
    written = [
        tensor([0, 0, 0], 1.0),
        tensor([0, 0], 2.0),
        tensor([0, 0, 0], 3.0),
        tensor([5], 4.0),
    ]

    read = unpacked(packed(network(*written))).subgraphs[0].tensors

    for before, after in zip(written, read, strict=True):
        np.testing.assert_array_equal(
            after.quantization.zeroPoint, before.quantization.zeroPoint, strict=True
        )
        np.testing.assert_array_equal(
            after.quantization.scale, before.quantization.scale, strict=True
        )


def test_equal_zero_points_take_their_space_once() -> None:
    layer = tensor([0] * CHANNELS, 1.0)
    scales_and_tables = 4 * CHANNELS + 100

    one, two = (len(packed(network(*[layer] * count))) for count in (1, 2))

    assert two - one <= scales_and_tables


def test_one_layers_scales_are_not_anothers() -> None:
    content = bytearray(packed(network(tensor([0, 0], 1.0), tensor([0, 0], 1.0))))
    graph = schema.Model.GetRootAsModel(content, 0).Subgraphs(0)

    # An exchanged layer writes its scales in place.
    graph.Tensors(0).Quantization().ScaleAsNumpy()[:] = 7.0

    assert list(graph.Tensors(1).Quantization().ScaleAsNumpy()) == [1.0, 1.0]
