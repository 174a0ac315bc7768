"""Weights made ready for int8: changed so that little is lost when they are rounded."""

from collections.abc import Sequence

import keras

from model.serving.classifier import Prepared
from model.training.quantization import equalization, rounding

PICTURES = 96  # of each kind; a model rounded by 300 named no more photos


def make_ready(network: keras.Model, shown: Sequence[Prepared]) -> None:
    """Change the network's weights in place, so that its int8 form answers as it did in float32.

    `shown`: PICTURES of each kind that it is going to see.
    """
    equalization.equalize(network, shown)
    rounding.round_weights(network, shown)
