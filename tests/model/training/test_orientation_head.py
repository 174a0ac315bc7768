"""How a photo lies, learned from features."""

import io
from pathlib import Path

import keras
import numpy as np
from PIL import Image

from model.datasets.sources.clothing_photos import Row
from model.serving.orientation import SIDEWAYS, UPRIGHT, UPSIDE_DOWN
from model.training import orientation_head
from model.training.config import OrientationConfig

CONFIG = OrientationConfig(source_side=64, ridge=1.0, preferred=0.1)


def lit(width: int, height: int) -> Row:
    """A dark photo that is light in its upper third."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 3] = 255
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return Row(Path(f"{width}.png"), "train", 0, None, file.getvalue())


def edges() -> keras.Model:
    """Photos → the brightness of the upper, lower, left and right half: [n, 4]."""
    photo = keras.Input((None, None, 3))
    small = keras.layers.Resizing(2, 2, interpolation="area")(photo)
    grey = keras.ops.mean(small, axis=-1)
    rows, columns = keras.ops.mean(grey, axis=2), keras.ops.mean(grey, axis=1)
    # What a mirror changes is not told: a network of ImageNet's does not see it either.
    sides = keras.ops.max(columns, axis=1, keepdims=True)
    return keras.Model(photo, keras.layers.Concatenate()([rows, sides]))


def test_it_tells_how_photos_of_every_shape_lie(tmp_path: Path) -> None:
    rows = [lit(width, height) for width, height in ((60, 60), (50, 80), (90, 50), (70, 64))]
    out = tmp_path / "new.keras"

    kernel, bias = orientation_head.fitted(edges(), rows, out, CONFIG)

    features, lies = orientation_head.shown(edges(), rows, 64)
    assert features.shape == (16, 3)
    assert sorted(lies) == [UPRIGHT] * 4 + [SIDEWAYS] * 8 + [UPSIDE_DOWN] * 4
    np.testing.assert_array_equal((features @ kernel + bias).argmax(axis=1), lies)
    again = orientation_head.fitted(edges(), [], out, CONFIG)
    np.testing.assert_array_equal(again[0], kernel)


def test_where_features_tell_nothing_a_photo_lies_upright() -> None:
    features = np.ones((40, 3), np.float32)
    lies = np.tile([UPRIGHT, SIDEWAYS, UPSIDE_DOWN, SIDEWAYS], 10)

    kernel, bias = orientation_head.regressed(features, lies, CONFIG)

    logits = features @ kernel + bias
    np.testing.assert_allclose(logits, np.tile([1.0, 0.0, 0.0], (40, 1)), atol=1e-4)
