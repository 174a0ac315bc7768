"""Compiled networks, as LiteRT runs them."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model.common.registry.serving_config import COMPILED
from model.serving.compiled_network import CompiledNetwork, UnusableNetworkError

CONTENT = COMPILED.read_bytes()


@pytest.fixture(scope="module")
def network() -> CompiledNetwork:
    return CompiledNetwork(CONTENT)


def test_pictures_of_any_number_and_size_go_through(network: CompiledNetwork) -> None:
    branch = "photo"
    generator = np.random.default_rng(0)
    for count, height, width in ((1, 64, 64), (5, 96, 128), (2, 128, 96), (3, 64, 64)):
        images = generator.random((count, height, width, 3)).astype(np.float32)

        together = network.outputs(branch, images)

        assert together.shape == (count, network.branches[branch].outputs)
        alone = [network.outputs(branch, image[None])[0] for image in images]
        assert np.allclose(together, alone, atol=1e-5)
        # The sizes before leave no trace.
        assert np.array_equal(together, CompiledNetwork(CONTENT).outputs(branch, images))


def test_what_came_out_is_not_changed_by_the_next_picture(network: CompiledNetwork) -> None:
    branch = "photo"
    dark, light = (np.full((1, 64, 64, 3), grey, np.float32) for grey in (0.1, 0.9))

    first = network.outputs(branch, dark)
    kept = first.copy()
    second = network.outputs(branch, light)

    assert np.array_equal(first, kept) and not np.array_equal(first, second)


@pytest.mark.parametrize("cut", [0, 100, 100_000])
def test_a_part_of_a_file_is_refused(cut: int) -> None:
    with pytest.raises(UnusableNetworkError, match="LiteRT"):
        CompiledNetwork(CONTENT[:cut])


def test_pictures_that_a_branch_does_not_take_are_an_error(network: CompiledNetwork) -> None:
    branch = "photo"
    grey = np.full((1, 64, 64, 3), 0.5, np.float32)
    before = network.outputs(branch, grey)

    with pytest.raises((RuntimeError, ValueError)):
        network.outputs(branch, np.zeros((1, 64, 64, 1), np.float32))

    assert np.array_equal(network.outputs(branch, grey), before)


def test_nothing_is_written_and_no_tensorflow_imported() -> None:
    program = (
        "import sys, numpy\n"
        "from model.serving.classifier import Classifier\n"
        "Classifier.load().warm_up()\n"
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras', 'matplotlib')))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
