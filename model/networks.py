"""The architectures, by name. All are plain Keras and take images as floats in [0, 1].

A network ends in one of two ways: in ten probabilities (softmax), as the original exercise has it,
or in eleven logits: ten for the classes and, last, one for "there is such a garment at all".
"""

from collections.abc import Callable

import keras
from keras import layers

from model.labels import LABELS


def ann() -> keras.Model:
    """The original exercise: [n, 28, 28, 1] → ten probabilities through two Dense layers of 50."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Flatten(),
            layers.Dense(50, activation="relu"),
            layers.Dense(50, activation="relu"),
            layers.Dense(len(LABELS), activation="softmax"),
        ],
        name="ann",
    )


def convnet(width: int = 24, dropout: float = 0.25) -> keras.Model:
    """A small residual network: [n, 64, 64, 3] → eleven logits.

    Four stages of 32, 16, 8 and 4 pixels a side; each halves the side and widens the channels.
    """
    images = keras.Input((64, 64, 3))
    x = layers.Conv2D(width, 3, strides=2, padding="same", use_bias=False)(images)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    for channels in (width, 2 * width, 4 * width, 5 * width):
        x = _residual(x, channels, strides=1 if channels == width else 2)
        x = _residual(x, channels, strides=1)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(dropout)(x)
    # Logits stay float32 whatever the policy of the rest.
    logits = layers.Dense(len(LABELS) + 1, dtype="float32")(x)
    return keras.Model(images, logits, name="convnet")


def _residual(x: keras.KerasTensor, channels: int, strides: int) -> keras.KerasTensor:
    """Two 3×3 convolutions beside a shortcut (He et al. 2015, https://arxiv.org/abs/1512.03385)."""
    shortcut = x
    if strides > 1 or x.shape[-1] != channels:
        if strides > 1:
            shortcut = layers.AveragePooling2D(strides)(shortcut)
        shortcut = layers.Conv2D(channels, 1, use_bias=False)(shortcut)
        shortcut = layers.BatchNormalization()(shortcut)
    x = layers.Conv2D(channels, 3, strides=strides, padding="same", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Conv2D(channels, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(layers.Add()([x, shortcut]))


NETWORKS: dict[str, Callable[[], keras.Model]] = {"ann": ann, "convnet": convnet}
