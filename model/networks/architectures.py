"""The architectures, by name. All are plain Keras and take images as floats in [0, 1].

A network ends in one of two ways: in ten probabilities (softmax), as the original exercise has it,
or in eleven logits: ten for the classes and, last, one for "there is such a garment at all".
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

import keras
from keras import layers

from model.common.labels import LABELS

# The stages of EfficientNet-Lite as (blocks, kernel, stride of the first, expansion, channels):
# Tan and Le 2019, https://arxiv.org/abs/1905.11946, table 1; without squeeze-and-excitation.
Stages = tuple[tuple[int, int, int, int, int], ...]

# What `litenet` keeps of EfficientNet-Lite0: all but its last two stages.
LITE0: Stages = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
)
# All of EfficientNet-Lite2: 1.1 times the channels, 1.2 times the blocks.
LITE2: Stages = (
    (1, 3, 1, 1, 16),
    (3, 3, 2, 6, 24),
    (3, 5, 2, 6, 48),
    (4, 3, 2, 6, 88),
    (4, 5, 1, 6, 120),
    (5, 5, 2, 6, 208),
    (1, 3, 1, 6, 352),
)
LITE2_BLOCKS = sum(count for count, *_ in LITE2)


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


def litenet() -> keras.Model:
    """The first eleven blocks of EfficientNet-Lite0: [n, side, side, 3], any side → eleven logits.

    It has no batch normalisation: `model.networks.pretrained` folds it into the convolutions'
    weights, so that pictures of several sides can share a training step, which also costs half as
    much.
    """
    return _lite("litenet", LITE0, features=256, dropout=0.2)


def lite2(without: Collection[int] = ()) -> keras.Model:
    """EfficientNet-Lite2, all of it or without some blocks: as `litenet`, except for its size.

    In training, blocks are left out at random, the later the more often, up to one in ten (Huang et
    al. 2016, https://arxiv.org/abs/1603.09382).
    """
    return _lite("lite2", LITE2, features=1280, dropout=0.3, stochastic_depth=0.1, without=without)


def smallnet() -> keras.Model:
    """The branch for small pictures: [n, 28, 28, 1] → eleven logits, with 457,883 parameters.

    Residual blocks (He et al. 2016, https://arxiv.org/abs/1512.03385), one at each of three sizes:
    wide and shallow, as that learns more in few epochs than a narrow network of twenty layers.
    """

    def convolved(x: keras.KerasTensor, channels: int, strides: int = 1) -> keras.KerasTensor:
        convolution = layers.Conv2D(
            channels,
            3,
            strides=strides,
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
        )
        x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(convolution(x))
        return layers.ReLU()(x)

    images = keras.Input((28, 28, 1))
    x = convolved(images, 16)
    x = layers.Add()([x, convolved(x, 16)])
    for channels in (64, 128):
        x = convolved(x, channels, strides=2)
        x = layers.Add()([x, convolved(convolved(x, channels), channels)])
    x = layers.GlobalAveragePooling2D()(x)
    logits = layers.Dense(len(LABELS) + 1, dtype="float32")(x)
    return keras.Model(images, logits, name="smallnet")


def freeze(network: keras.Model, blocks: int) -> None:
    """Let the stem and first blocks of `litenet` or `lite2` stay as they are; with 0 all learn."""
    for layer in network.layers:
        if layer.name.startswith(("stem", "block")):
            block = layer.name.split("_")[0].removeprefix("block")
            layer.trainable = blocks == 0 or (block.isdigit() and int(block) >= blocks)


def lite2_end(blocks: Collection[int], channels: int) -> keras.Model:
    """The end of `lite2`, of these of its blocks: [n, height, width, channels] → [n, 1280]."""
    before = keras.Input((None, None, channels))
    x = before
    for number, block in enumerate(_blocks(LITE2)):
        if number in blocks:
            x = _inverted_residual(x, number, block)
    x = _activated(layers.Conv2D(1280, 1, name="features"), x)
    return keras.Model(before, layers.GlobalAveragePooling2D(name="mean")(x), name="lite2_end")


class _Block(NamedTuple):
    channels: int
    kernel: int
    strides: int
    expansion: int


def _blocks(stages: Stages) -> list[_Block]:
    return [
        _Block(channels, kernel, first_stride if number == 0 else 1, expansion)
        for count, kernel, first_stride, expansion, channels in stages
        for number in range(count)
    ]


def _lite(
    name: str,
    stages: Stages,
    *,
    features: int,
    dropout: float,
    stochastic_depth: float = 0.0,
    without: Collection[int] = (),
) -> keras.Model:
    images = keras.Input((None, None, 3))
    # What the pretrained weights expect: (value - 127) / 128 of bytes.
    x = layers.Rescaling(255.0 / 128.0, offset=-127.0 / 128.0, name="scaled")(images)
    x = _activated(layers.Conv2D(32, 3, strides=2, padding="same", name="stem"), x)
    blocks = _blocks(stages)
    for number, block in enumerate(blocks):
        if number not in without:
            x = _inverted_residual(x, number, block, stochastic_depth * number / len(blocks))
    x = _activated(layers.Conv2D(features, 1, name="features"), x)
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    # Logits stay float32 whatever the policy of the rest.
    logits = layers.Dense(len(LABELS) + 1, dtype="float32", name="logits")(x)
    return keras.Model(images, logits, name=name)


def _inverted_residual(
    x: keras.KerasTensor, number: int, block: _Block, stochastic_depth: float = 0.0
) -> keras.KerasTensor:
    """Widened, filtered channel by channel, narrowed (Sandler et al. 2018, arXiv 1801.04381)."""
    before, name = x, f"block{number}"
    if block.expansion > 1:
        wide = block.expansion * x.shape[-1]
        x = _activated(layers.Conv2D(wide, 1, name=f"{name}_expand"), x)
    depthwise = layers.DepthwiseConv2D(
        block.kernel, strides=block.strides, padding="same", name=f"{name}_depthwise"
    )
    x = _activated(depthwise, x)
    x = layers.Conv2D(block.channels, 1, name=f"{name}_project")(x)
    if block.strides == 1 and before.shape[-1] == block.channels:
        if stochastic_depth:
            x = layers.Dropout(
                stochastic_depth, noise_shape=(None, 1, 1, 1), name=f"{name}_stochastic_depth"
            )(x)
        x = layers.Add(name=f"{name}_sum")([before, x])
    return x


def _activated(layer: layers.Layer, x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.ReLU(6.0, name=f"{layer.name}_relu6")(layer(x))


NETWORKS: dict[str, Callable[[], keras.Model]] = {"ann": ann, "litenet": litenet}
