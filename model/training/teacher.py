"""The teacher: two networks, each seven times `litenet`'s arithmetic, that know photos alone.

At nearly twice the side they see buttons, zips and straps, which tell a shirt from a pullover and a
sandal from a sneaker. Their output for a photo teaches more than its label.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from model.datasets import augmentation as draw
from model.datasets.distillation import Teacher
from model.datasets.pool import Pool
from model.datasets.validation import Validation
from model.networks import pretrained
from model.networks.architectures import lite2
from model.training.config import TeacherConfig
from model.training.loop import fit, kept

Tensor = Any  # neither Keras nor TensorFlow has types to offer


def trained(
    teacher_config: TeacherConfig, pools: Mapping[str, Pool], validation: Validation, out: Path
) -> Teacher:
    """The teacher, of networks in files next to `out`: one that is missing is trained now.

    The files are called as `out` is, with .teacher-1.keras and so on. `pools` hold the photos by
    `TeacherConfig`'s names for them. If interrupted, it resumes after the last whole epoch. Raises
    pretrained.NoPretrainedWeightsError.
    """

    def network(file: Path) -> keras.Model:
        new = lite2()
        if teacher_config.pretrained:
            pretrained.start(new, frozen_blocks=teacher_config.frozen_blocks)
        fit(new, batches(teacher_config, pools), teacher_config.schedule, validation, file)
        return new

    files = [out.with_suffix(f".teacher-{n}.keras") for n in range(1, teacher_config.networks + 1)]
    return Teacher(tuple(kept(file, partial(network, file)) for file in files), teacher_config.side)


def batches(teacher_config: TeacherConfig, pools: Mapping[str, Pool]) -> tf.data.Dataset:
    """Batches without end: images [n, side, side, 3], targets [n, 12]."""

    def make(_: Tensor) -> tuple[Tensor, Tensor]:
        kinds = []
        for name, pool in pools.items():
            pictures, targets = pool.draw(getattr(teacher_config, name))
            views = draw.photographed(pictures, teacher_config.side)
            # Within a kind: a garment with something that is none would be half of each.
            kinds.append(draw.mixup(views, targets, chance=teacher_config.mixed))
        images, targets = zip(*kinds, strict=True)
        return tf.concat(images, axis=0), tf.concat(targets, axis=0)

    return tf.data.Dataset.counter().map(make, num_parallel_calls=2).prefetch(3)
