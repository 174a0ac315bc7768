"""The weights that training starts from: read without PyTorch, folded, and nothing else run."""

import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from model.networks import architectures, pretrained


def test_a_folded_convolution_does_what_it_and_its_normalisation_did() -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(2, 6, 6, 3)).astype(np.float32)
    weights = {
        "conv.weight": random.normal(size=(4, 3, 1, 1)).astype(np.float32),
        "norm.weight": random.uniform(0.5, 2.0, 4).astype(np.float32),
        "norm.bias": random.normal(size=4).astype(np.float32),
        "norm.running_mean": random.normal(size=4).astype(np.float32),
        "norm.running_var": random.uniform(0.1, 3.0, 4).astype(np.float32),
    }
    convolution = np.einsum("nhwi,oi->nhwo", x, weights["conv.weight"][:, :, 0, 0])
    deviation = np.sqrt(weights["norm.running_var"] + pretrained.EPSILON)
    expected = (convolution - weights["norm.running_mean"]) / deviation
    expected = expected * weights["norm.weight"] + weights["norm.bias"]

    kernel, bias = pretrained._folded(weights, "conv", "norm")

    assert x @ kernel[0, 0] + bias == pytest.approx(expected, abs=1e-4)


def test_the_network_starts_from_the_package_and_keeps_its_first_blocks() -> None:
    network = architectures.litenet()

    pretrained.start(network, frozen_blocks=2)

    frozen = {layer.name for layer in network.layers if layer.weights and not layer.trainable}
    assert frozen == {
        "stem",
        "block0_depthwise",
        "block0_project",
        "block1_expand",
        "block1_depthwise",
        "block1_project",
    }
    weights = pretrained.read(pretrained._file(pretrained.SOURCES["litenet"]))
    kernel = np.asarray(network.get_layer("block10_project").kernel)
    variance = weights["_blocks.10._bn2.running_var"] + pretrained.EPSILON
    gain = weights["_blocks.10._bn2.weight"] / np.sqrt(variance)
    source = weights["_blocks.10._project_conv.weight"][:, :, 0, 0].T
    assert kernel[0, 0] == pytest.approx(source * gain, abs=1e-5)


def test_without_frozen_blocks_everything_learns() -> None:
    network = architectures.litenet()

    pretrained.start(network)

    assert all(layer.trainable for layer in network.layers)


@pytest.mark.parametrize(
    ("build", "last"),
    [(architectures.litenet, "block10_sum"), (architectures.lite2, "features_relu6")],
)
def test_the_values_keep_their_size_through_the_blocks(
    build: Callable[[], keras.Model], last: str
) -> None:
    """Weights in the wrong places let the values grow or vanish from block to block."""
    network = build()
    pretrained.start(network)
    features = keras.Model(network.input, network.get_layer(last).output)
    grid = np.linspace(0.0, 1.0, 64, dtype=np.float32)
    pictures = np.stack([np.tile(grid, (64, 1)), np.tile(grid > 0.5, (64, 1))])[..., None]
    found = np.asarray(features(np.repeat(pictures, 3, axis=3).astype(np.float32)))

    assert np.isfinite(found).all()
    # Batch normalisation had these near zero mean and one deviation on ordinary photos.
    assert 0.2 < found.std() < 20.0


def test_without_the_package_the_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = replace(pretrained.SOURCES["litenet"], package="no_such_package")
    monkeypatch.setitem(pretrained.SOURCES, "litenet", source)

    with pytest.raises(pretrained.NoPretrainedWeightsError, match="install"):
        pretrained.start(architectures.litenet())


def test_another_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    source = replace(pretrained.SOURCES["litenet"], sha256="0" * 64)
    monkeypatch.setitem(pretrained.SOURCES, "litenet", source)

    with pytest.raises(pretrained.NoPretrainedWeightsError, match="not the file"):
        pretrained.start(architectures.litenet())


class _Evil:
    def __reduce__(self) -> tuple[object, ...]:
        return print, ("run",)


def test_a_file_that_names_code_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "evil.pth"
    file.write_bytes(pickle.dumps(_Evil()) * 5)

    with pytest.raises(pickle.UnpicklingError, match="no tensor"):
        pretrained.read(file)
    assert "run" not in capsys.readouterr().out
