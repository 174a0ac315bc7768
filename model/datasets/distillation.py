"""Distillation: targets from a teacher that sees photos larger than its student does."""

from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from model.common.labels import LABELS
from model.datasets import augmentation as draw

Tensor = Any  # TensorFlow has no types to offer

MIXED = 0.5  # the share of views that another one shines through


@dataclass(frozen=True, slots=True)
class Teacher:
    """Trained networks of eleven logits, and the side in pixels at which they see pictures."""

    networks: tuple[Any, ...]
    side: int

    def logits(self, images: Tensor) -> Tensor:
        """What they say, [n, 11]: each of its own part of the images.

        Over many views that teaches what the networks' mean would, at the cost of one.
        """
        count = len(self.networks)
        bounds = [len(images) * number // count for number in range(count + 1)]
        parts = zip(self.networks, bounds, bounds[1:], strict=False)
        return tf.concat(
            [network(images[start:end], training=False) for network, start, end in parts], axis=0
        )


def lesson(teacher: Teacher, pictures: Tensor, targets: Tensor, side: int) -> tuple[Tensor, Tensor]:
    """New views of pictures, [n, side, side, 3] in [0, 1], and what the teacher says of each.

    The teacher sees the very views that the network is to learn from, only larger, and the two are
    to agree on mixed pictures too: Beyer et al. 2022, https://arxiv.org/abs/2106.05237. Of the
    pictures' own targets [n, 12] only the last counts: whether the ten classes do.
    """
    views, _ = draw.mixup(draw.photographed(pictures, teacher.side), targets, chance=MIXED)
    smaller = tf.image.resize(views, [side, side], tf.image.ResizeMethod.AREA)
    return smaller, said(teacher.logits(views), targets)


def said(logits: Tensor, targets: Tensor) -> Tensor:
    """Logits [n, 11] as targets [n, 12], the last of them as it is in `targets`."""
    classes = tf.nn.softmax(logits[:, : len(LABELS)])
    return tf.concat([classes, tf.sigmoid(logits[:, len(LABELS) :]), targets[:, -1:]], axis=1)
