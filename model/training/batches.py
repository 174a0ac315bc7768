"""The training data of the shipped model: each batch mixes real and synthetic photos.

A batch mixes real photos, Fashion-MNIST's garments pasted onto photos' backgrounds, photos of
things that are no garment, and plain Fashion-MNIST images. Read `Mixture.batch`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.common.labels import NAMES
from model.datasets import augmentation as draw
from model.datasets.distillation import Teacher, lesson
from model.datasets.pool import Pool, balanced, classes_of, flagged, targets_of
from model.datasets.sources import clothing_photos
from model.datasets.sources.clothing_photos import Row
from model.training.config import Shares, TeacherConfig

Tensor = Any  # TensorFlow has no types to offer

# The pools that a teacher of photos says the targets of.
TAUGHT = ("garment_photos", "other_photos")
# Real photos show them seldom or never: they are pasted more often than the rest.
SELDOM = ("Sandal", "Sneaker", "Bag", "Ankle boot")


class Mixture:
    """The training data, without end: batches of (images, targets [n, 12], weights [n]).

    `images` are two: photos and the like [p, side, side, 3], then plain Fashion-MNIST
    [n - p, plain_side, plain_side, 3], both in [0, 1]; targets (see `Pool`) and weights follow in
    this order.
    """

    def __init__(
        self,
        shares: Shares,
        garments: NDArray[np.uint8],
        labels: NDArray[np.int64],
        pools: dict[str, Pool],
        teacher: Teacher | None = None,
    ) -> None:
        """Take Fashion-MNIST [n, 28, 28] with its labels [n], photos and further pictures.

        `pools` are by the names of their shares: those of `photo_pools`, `things`, and `corrected`
        if there are corrections. Without photos, garments are pasted onto drawn backgrounds alone.
        With `teacher`, photos get their targets from it.
        """
        self.shares, self.teacher = shares, teacher
        self.pools = {name: pool for name, pool in pools.items() if getattr(shares, name)}
        self.garments = tf.constant(garments)
        self.masks = tf.constant(draw.masks(garments))
        self.targets = tf.constant(targets_of(labels, shares.label_smoothing))
        seldom = np.isin(labels, [NAMES.index(name) for name in SELDOM])
        self.paste_logits = tf.constant([np.log(shares.seldom) * seldom], tf.float32)

    def dataset(self) -> tf.data.Dataset:
        """Batches without end, as Keras's fit takes them."""
        endless = tf.data.Dataset.counter()
        return endless.map(lambda _: self.batch(), num_parallel_calls=2).prefetch(3)

    def batch(self) -> tuple[tuple[Tensor, Tensor], Tensor, Tensor]:
        """One batch, drawn at random."""
        shares = self.shares
        pools = {name: pool.draw(getattr(shares, name)) for name, pool in self.pools.items()}
        lessons = []
        if self.teacher:
            taught = [pools.pop(name) for name in TAUGHT if name in pools]
            lessons = [lesson(self.teacher, *each, shares.side) for each in taught]
        drawn = list(pools.values())
        picked = tf.random.categorical(self.paste_logits, shares.pasted)[0]
        plain = tf.random.uniform([shares.plain], maxval=len(self.garments), dtype=tf.int32)
        pasted = draw.paste(
            tf.gather(self.garments, picked),
            tf.gather(self.masks, picked),
            self._backgrounds(shares.pasted),
        )
        views = [draw.views(pictures, shares.side) for pictures, _ in drawn]
        made = tf.concat([*views, pasted, self._backgrounds(shares.empty)], axis=0)
        photos = tf.concat([*[shown for shown, _ in lessons], draw.colour_jitter(made)], axis=0)
        targets = tf.concat(
            [
                *[targets for _, targets in lessons + drawn],
                tf.gather(self.targets, picked),
                tf.zeros([shares.empty, self.targets.shape[1]]),
                tf.gather(self.targets, plain),
            ],
            axis=0,
        )
        weights = tf.concat(
            [tf.fill([len(photos)], shares.photo_weight), tf.ones([shares.plain])], axis=0
        )
        return (photos, self._plain(plain)), targets, weights

    def _plain(self, indices: Tensor) -> Tensor:
        greys = tf.cast(tf.gather(self.garments, indices)[..., None], tf.float32) / 255.0
        greys = draw.warp(
            greys,
            self.shares.plain_side,
            zoom=(0.9, 1.15),
            turn=6.0,
            shift=0.05,
            stretch=0.08,
            fill="CONSTANT",
        )
        return tf.repeat(draw.erase(greys, chance=0.4), 3, axis=3)

    def _backgrounds(self, count: int) -> Tensor:
        side, photos = self.shares.side, self.pools.get("garment_photos")
        if photos is None:
            return draw.flat_backgrounds(count, side)
        cut = count * 3 // 4
        return tf.concat(
            [
                draw.cut_backgrounds(photos.draw(cut)[0], side),
                draw.flat_backgrounds(count - cut, side),
            ],
            axis=0,
        )


def teacher_batches(config: TeacherConfig, pools: Mapping[str, Pool]) -> tf.data.Dataset:
    """The teacher's batches, without end: images [n, side, side, 3], targets [n, 12].

    `pools` are by `TeacherConfig`'s names for them.
    """

    def make(_: Tensor) -> tuple[Tensor, Tensor]:
        kinds = []
        for name, pool in pools.items():
            pictures, targets = pool.draw(getattr(config, name))
            views = draw.photographed(pictures, config.side)
            # Within a kind: a garment with something that is none would be half of each.
            kinds.append(draw.mixup(views, targets, chance=config.mixed))
        images, targets = zip(*kinds, strict=True)
        return tf.concat(images, axis=0), tf.concat(targets, axis=0)

    return tf.data.Dataset.counter().map(make, num_parallel_calls=2).prefetch(3)


def photo_pools(shares: Shares, rows: list[Row]) -> dict[str, Pool]:
    """The rows' photos as pools: those that show one of the ten garments, and the others."""
    garments = [row for row in rows if row.garment is not None]
    others = [row for row in rows if row.garment is None]
    pools = {}
    if garments:
        labels = np.array([row.garment for row in garments], np.int64)
        classes = classes_of(
            garments, smoothing=shares.label_smoothing, also_accepted=shares.also_accepted
        )
        pools["garment_photos"] = Pool(
            clothing_photos.images(garments, shares.source_side),
            flagged(classes),
            balanced(labels, shares.class_balance),
        )
    if others:
        pools["other_photos"] = Pool.of_none(clothing_photos.images(others, shares.source_side))
    return pools


def thing_pool(shares: Shares, rows: Sequence[Row], count: int) -> Pool:
    """At most `count` of the rows' photos of things, of all their kinds alike."""
    some = rows[:: max(1, -(-len(rows) // count))]
    return Pool.of_none(clothing_photos.images(some, shares.source_side))
