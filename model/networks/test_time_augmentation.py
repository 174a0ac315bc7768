"""Test-time augmentation: the mean over a picture and its mirror image."""

from typing import Any

Tensor = Any  # neither Keras nor TensorFlow has types to offer


def outputs(network: Any, images: Tensor, *, mirrored: bool) -> Tensor:
    """A network's outputs for images [n, height, width, channels], with `mirrored` the mean's."""
    if not mirrored:
        return network(images, training=False)
    both = network(images, training=False) + network(images[:, :, ::-1], training=False)
    return both / 2.0
