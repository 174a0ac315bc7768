"""Keras files at half the size: what is read from them, and how large they are."""

from pathlib import Path

import keras
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.common.registry.registry import Registry
from model.networks.saving import rounded, save
from tests.helpers.models import entry
from tests.helpers.redis import Client


@given(st.floats(width=32, allow_nan=False, min_value=-(2.0**100), max_value=2.0**100))
def test_a_weight_keeps_eleven_binary_digits(weight: float) -> None:
    kept = rounded(np.array([weight], np.float32))

    assert abs(float(kept[0]) - weight) <= abs(weight) * 2**-11 + 2**-136
    assert rounded(kept) == kept, "once is enough"


def test_any_keras_reads_the_smaller_file(tmp_path: Path) -> None:
    images = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(64, 3, name="wide")(images)
    x = keras.layers.BatchNormalization()(keras.layers.Conv2D(256, 3)(x))
    network = keras.Model(images, keras.layers.GlobalAveragePooling2D()(x))
    picture = np.random.default_rng(0).random((1, 16, 16, 3), np.float32)
    network.save(tmp_path / "plain.keras")

    save(network, tmp_path / "small.keras")

    again = keras.saving.load_model(tmp_path / "small.keras", compile=False, safe_mode=True)
    np.testing.assert_allclose(again(picture), network(picture), atol=2e-3)
    for old, new in zip(network.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(rounded(old), new)
    sizes = [(tmp_path / f"{name}.keras").stat().st_size for name in ("plain", "small")]
    assert sizes[1] < 0.6 * sizes[0]
    assert {file.name for file in tmp_path.iterdir()} == {"plain.keras", "small.keras"}


def test_layers_that_stay_as_they_are_stay_the_same_bytes(client: Client, tmp_path: Path) -> None:
    """So that the registry stores them once."""
    images = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(64, 3, name="first")(images)
    x = keras.layers.Conv2D(256, 3, name="wide")(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    network = keras.Model(images, keras.layers.Dense(11, name="logits")(x))
    registry, sizes = Registry(client), []
    for version in ("new-1", "new-2", "new-3"):
        save(network, tmp_path / "saved.keras")
        content = (tmp_path / "saved.keras").read_bytes()
        sizes.append(registry.publish(entry(version), content, b"c").stored["network"].size)
        for name in ("first", "logits"):
            weights = network.get_layer(name).trainable_weights
            for each in weights:
                each.assign_add(0.1 * keras.random.normal(each.shape))
    assert sizes[0] > 200_000
    assert max(sizes[1:]) < 20_000, "of 4,800 weights that changed"
