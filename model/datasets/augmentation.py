"""Augmentation, and synthetic photos: Fashion-MNIST's garments, tinted and pasted onto photos.

Everything works on batches inside a TensorFlow graph, so that it keeps up with training. Images are
floats in [0, 1], [n, height, width, channels].
"""

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

Tensor = Any  # tf.Tensor has no types to offer


def masks(garments: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Where the garment is: uint8 [n, 28, 28] → uint8 [n, 28, 28], 0 to 255.

    Fashion-MNIST is light on black, so what is not black is garment; gaps of one pixel, a dark seam
    or print, are closed (dilated, then eroded), and the edge is softened.
    """
    solid = tf.cast(garments[..., None] > 12, tf.float32)
    padded = tf.pad(solid, [[0, 0], [2, 2], [2, 2], [0, 0]])
    dilated = tf.nn.max_pool2d(padded, 3, 1, "SAME")
    closed = -tf.nn.max_pool2d(-dilated, 3, 1, "SAME")
    soft = 0.7 * closed + 0.3 * tf.nn.avg_pool2d(closed, 3, 1, "SAME")
    closed_masks: NDArray[np.uint8] = tf.cast(soft[:, 2:-2, 2:-2, 0] * 255.0, tf.uint8).numpy()
    return closed_masks


def warp(
    images: Tensor,
    size: int,
    *,
    zoom: tuple[float, float],
    turn: float,
    shift: float,
    stretch: float = 0.15,
    fill: str = "REFLECT",
) -> Tensor:
    """Random views, each its own: mirrored, zoomed, turned, shifted and stretched.

    `zoom`: the range of the part of the source's side that the view shows (below 1: magnified).
    `turn`: degrees to either side. `shift`: fraction of the source's side, to either side.
    Returns [n, size, size, channels].
    """
    count = tf.shape(images)[0]
    side = tf.cast(tf.shape(images)[1], tf.float32)
    angle = _uniform(count, -turn, turn) * np.pi / 180.0
    ratio = tf.exp(_uniform(count, -stretch, stretch))
    scale = tf.exp(_uniform(count, np.log(zoom[0]), np.log(zoom[1]))) * side / size
    mirror = tf.sign(_uniform(count, -1.0, 1.0))
    a = tf.cos(angle) * scale * ratio * mirror
    b = -tf.sin(angle) * scale / ratio
    c = tf.sin(angle) * scale * ratio * mirror
    d = tf.cos(angle) * scale / ratio
    # The view's centre falls on the source's, but for the shift.
    centre, middle = (side - 1.0) / 2.0, (size - 1.0) / 2.0
    x = centre - (a + b) * middle + _uniform(count, -shift, shift) * side
    y = centre - (c + d) * middle + _uniform(count, -shift, shift) * side
    zero = tf.zeros_like(a)
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=tf.cast(images, tf.float32),
        transforms=tf.stack([a, b, x, c, d, y, zero, zero], axis=1),
        output_shape=[size, size],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode=fill,
    )


def views(photos: Tensor, size: int) -> Tensor:
    """Photos [n, side, side, 3], 0 to 255, as if taken from elsewhere: [n, size, size, 3]."""
    pixels = tf.cast(photos, tf.float32) / 255.0
    return warp(pixels, size, zoom=(0.6, 1.1), turn=15.0, shift=0.08)


def photographed(photos: Tensor, size: int) -> Tensor:
    """Photos as in `views`, in another light."""
    return colour_jitter(views(photos, size))


def mixup(images: Tensor, targets: Tensor, *, chance: float) -> tuple[Tensor, Tensor]:
    """Some images with up to two fifths of their neighbour shining through, targets likewise.

    Zhang et al. 2018, https://arxiv.org/abs/1710.09412, but with the weight drawn evenly.
    images [n, height, width, channels], targets [n, m].
    """
    count = tf.shape(images)[0]
    other = tf.where(_uniform(count, 0.0, 1.0) < chance, _uniform(count, 0.0, 0.4), 0.0)[:, None]
    mixed = targets + other * (tf.roll(targets, 1, axis=0) - targets)
    other = other[:, :, None, None]
    return images + other * (tf.roll(images, 1, axis=0) - images), mixed


def colour_jitter(images: Tensor) -> Tensor:
    """Colour jitter: exposure, contrast, saturation, white balance and noise."""
    count = tf.shape(images)[0]
    one = [count, 1, 1, 1]
    images = images * tf.random.uniform([count, 1, 1, 3], 0.8, 1.2)
    mean = tf.reduce_mean(images, axis=[1, 2], keepdims=True)
    images = mean + (images - mean) * tf.random.uniform(one, 0.6, 1.4)
    grey = tf.reduce_mean(images, axis=3, keepdims=True)
    # One in ten is grey, as a scan or a Fashion-MNIST image is.
    saturation = tf.where(tf.random.uniform(one) < 0.1, 0.0, tf.random.uniform(one, 0.5, 1.5))
    images = grey + (images - grey) * saturation
    images = images + tf.random.uniform(one, -0.15, 0.15)
    images = images + tf.random.normal(tf.shape(images)) * tf.random.uniform(one, 0.0, 0.04)
    return tf.clip_by_value(images, 0.0, 1.0)


def erase(images: Tensor, *, chance: float) -> Tensor:
    """Black rectangles over some of the images, so that no single part decides.

    Random erasing (Zhong et al. 2017, https://arxiv.org/abs/1708.04896): each side of a rectangle
    is a fifth to a half of the image's. images [n, side, side, channels].
    """
    count, side = tf.shape(images)[0], images.shape[1]
    places = tf.range(side, dtype=tf.float32)[None, :] / side

    def band() -> Tensor:
        middle, half = _uniform(count, 0.0, 1.0)[:, None], _uniform(count, 0.1, 0.25)[:, None]
        return tf.abs(places - middle) < half

    inside = band()[:, :, None] & band()[:, None, :]
    erased = inside & (_uniform(count, 0.0, 1.0) < chance)[:, None, None]
    return tf.where(erased[..., None], 0.0, images)


def paste(garments: Tensor, masks: Tensor, backgrounds: Tensor) -> Tensor:
    """Tinted garments on backgrounds.

    garments, masks: [n, 28, 28], 0 to 255; backgrounds: [n, size, size, 3] in [0, 1].
    """
    count = tf.shape(garments)[0]
    size = backgrounds.shape[1]
    layers = tf.cast(tf.stack([garments, masks], axis=-1), tf.float32) / 255.0
    layers = warp(
        layers, size, zoom=(0.8, 1.6), turn=25.0, shift=0.12, stretch=0.2, fill="CONSTANT"
    )
    shade, alpha = layers[..., :1], layers[..., 1:]
    one = [count, 1, 1, 1]
    # Cloth is darker or lighter than its light by a colour of its own; some is dark all over.
    strength = tf.random.uniform(one, 0.3, 0.9)
    inverted = tf.random.uniform(one) < 0.3
    base = tf.where(inverted, 1.0, tf.random.uniform(one, 0.0, 0.4))
    strength = tf.where(inverted, -strength, strength)
    tint = tf.random.uniform([count, 1, 1, 3], 0.05, 1.0)
    neutral = tf.reduce_mean(tint, axis=3, keepdims=True)
    tint = neutral + (tint - neutral) * tf.random.uniform(one, 0.0, 1.2)
    cloth = tint * (base + strength * shade) + _stripes(count, size)
    alpha = tf.clip_by_value(alpha * 1.5 - 0.25, 0.0, 1.0)
    # A soft shadow to one side lifts the garment off the floor.
    shadow = tf.roll(tf.nn.avg_pool2d(alpha, 7, 1, "SAME"), [2, 2], [1, 2])
    lit = backgrounds * (1.0 - shadow * tf.random.uniform(one, 0.0, 0.5))
    return tf.clip_by_value(lit + alpha * (cloth - lit), 0.0, 1.0)


def flat_backgrounds(count: Tensor, size: int) -> Tensor:
    """Drawn backgrounds: a colour that changes across the picture, with some grain."""
    corners = tf.random.uniform([count, 2, 2, 3]) * 0.4 + tf.random.uniform([count, 1, 1, 3]) * 0.6
    smooth = tf.image.resize(corners, [size, size])
    grain = tf.random.normal([count, size // 2, size // 2, 1]) * tf.random.uniform(
        [count, 1, 1, 1], 0.0, 0.15
    )
    return tf.clip_by_value(smooth + tf.image.resize(grain, [size, size]), 0.0, 1.0)


def cut_backgrounds(photos: Tensor, size: int) -> Tensor:
    """Backgrounds cut from photos' corners, where the garment rarely is."""
    side = photos.shape[1]
    patch = side * 3 // 8
    top = tf.random.uniform([], maxval=2, dtype=tf.int32) * (side - patch)
    left = tf.random.uniform([], maxval=2, dtype=tf.int32) * (side - patch)
    patches = photos[:, top : top + patch, left : left + patch]
    patches = tf.cast(patches, tf.float32) / 255.0
    return warp(patches, size, zoom=(0.5, 1.0), turn=180.0, shift=0.1)


def _stripes(count: Tensor, size: int) -> Tensor:
    """A print on one garment in four: waves across it, [count, size, size, 3]."""
    grid = tf.range(size, dtype=tf.float32)
    angle = _uniform(count, 0.0, np.pi)[:, None, None]
    along = grid[None, :, None] * tf.sin(angle) + grid[None, None, :] * tf.cos(angle)
    waves = tf.sin(along * _uniform(count, 0.3, 1.6)[:, None, None])[..., None]
    printed = tf.cast(tf.random.uniform([count, 1, 1, 1]) < 0.25, tf.float32)
    return printed * waves * tf.random.uniform([count, 1, 1, 3], -0.25, 0.25)


def _uniform(count: Tensor, low: float, high: float) -> Tensor:
    return tf.random.uniform([count], low, high)
