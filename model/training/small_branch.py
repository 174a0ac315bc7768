"""Training of the branch for small pictures, such as Fashion-MNIST's: 28 x 28 px, grey.

Cycles of stochastic gradient descent with a rate that falls to nothing (Loshchilov and Hutter
2017, https://arxiv.org/abs/1608.03983), each from the moving average that the last one left.
Photos shrunk to 28 px teach it what is no garment. If interrupted, it resumes after the last epoch.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from PIL import Image

from model.common.atomic_write import replacing
from model.common.labels import LABELS
from model.common.settings import Settings
from model.datasets.sources import clothing_builder, fashion_mnist, things
from model.datasets.sources.clothing_photos import Row
from model.networks.architectures import smallnet
from model.photos import decode
from model.training.config import SmallConfig

Tensor = Any  # TensorFlow has no types to offer
Pixels = NDArray[np.uint8]
SIDE = 28
NO_GARMENT = -1  # the label of what shows none of the ten


@dataclass(frozen=True, slots=True)
class SmallData:
    """Images of Fashion-MNIST [n, 28, 28], labels [n]; photos [m, side, side], labels [m]."""

    images: Pixels
    labels: NDArray[np.int64]
    photos: Pixels
    photo_labels: NDArray[np.int64]


def run(settings: Settings, out: Path, *, seed: int = 0, config: SmallConfig | None = None) -> None:
    """Train the branch on the data in DATASETS_DIR, without what is held back; write it to `out`.

    Raises UnavailableError of any of the data sets.
    """
    config = config or SmallConfig()
    rows = [*clothing_builder.examples("train", settings), *things.rows("train", settings)]
    photos = np.stack([_grey(row, config.photo_side) for row in rows])
    shown = [NO_GARMENT if row.garment is None else row.garment for row in rows]
    data = SmallData(*fashion_mnist.to_learn(settings), photos, np.array(shown, np.int64))
    train(data, out, config, seed)


def train(data: SmallData, out: Path, config: SmallConfig, seed: int = 0) -> keras.Model:
    """The trained branch, float32, as it is written to `out`; an epoch prints a line.

    After each epoch the state is left in `out` with the suffix .npz, from which it goes on.
    """
    keras.utils.set_random_seed(seed)
    policy = keras.mixed_precision.global_policy()
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    try:
        learner = _Learner(data, config)
    finally:
        keras.mixed_precision.set_global_policy(policy)
    state = out.with_suffix(".npz")
    done = learner.restore(state) if state.exists() else 0
    epochs = [(epoch, *cycle) for cycle in config.cycles for epoch in range(cycle[0])]
    for number, (epoch, count, highest) in list(enumerate(epochs))[done:]:
        if epoch == 0 and number:
            learner.start_from_average()
        # The first epoch of all warms up; else the rate falls like a line, to nothing at the end.
        falling = count - (number == epoch)
        start = 0.0 if number == 0 else highest * (count - epoch) / falling
        end = highest if number == 0 else highest * (count - epoch - 1) / falling
        loss = learner.epoch(np.random.default_rng((seed, number)), start, end, number)
        learner.save(state, number + 1)
        print(f"epoch {number + 1}/{len(epochs)}  loss {loss:.4f}", flush=True)
    network = smallnet()
    network.set_weights(learner.averaged())
    network.save(out)
    return network


class _Learner:
    """The network with its optimiser's state, and epochs that run in the graph."""

    def __init__(self, data: SmallData, config: SmallConfig) -> None:
        self.config, self.network = config, smallnet()
        self.images, self.labels = tf.constant(data.images), tf.constant(data.labels)
        shown = data.photo_labels != NO_GARMENT
        self.negatives, self.garments = (tf.constant(data.photos[mask]) for mask in (~shown, shown))
        self.garment_labels = tf.constant(data.photo_labels[shown])
        self.learned = self.network.trainable_variables
        self.velocities = [tf.Variable(tf.zeros(one.shape)) for one in self.learned]
        self._steps = tf.function(self._run)
        self.averages = [tf.Variable(tf.convert_to_tensor(one)) for one in self.network.weights]

    def epoch(self, generator: np.random.Generator, start: float, end: float, number: int) -> float:
        """Go through the images once, the rate moving from start to end; the mean loss."""
        size = self.config.batch_size
        steps = max(1, len(self.images) // size)
        order = generator.permutation(len(self.images))[: steps * size].reshape(steps, -1)
        rates = np.linspace(start, end, steps, dtype=np.float32)
        tf.random.set_seed(int(generator.integers(2**31)))
        # The average of the first steps is a short one: else it would hold the random start.
        done = number * steps + np.arange(steps)
        momenta = np.minimum(self.config.ema_momentum, (done + 10) / (done + 100))
        return float(self._steps(order, rates, momenta.astype(np.float32)))

    def start_from_average(self) -> None:
        """Take the moving average for the weights."""
        for weight, average in zip(self.network.weights, self.averages, strict=True):
            weight.assign(average)

    def averaged(self) -> list[NDArray[np.float32]]:
        """The moving average, in the order of the network's weights."""
        return [average.numpy() for average in self.averages]

    def save(self, file: Path, epochs: int) -> None:
        """Leave all that the next epoch needs."""
        arrays = {f"{number}": one.numpy() for number, one in enumerate(self._state())}
        with replacing(file) as new, new.open("wb") as stream:
            np.savez(stream, epochs=epochs, **arrays)

    def restore(self, file: Path) -> int:
        """Take up what was left; returns how many epochs were done."""
        with np.load(file) as found:
            for number, one in enumerate(self._state()):
                one.assign(found[f"{number}"])
            return int(found["epochs"])

    def _state(self) -> list[Any]:
        return [*[one.value for one in self.network.weights], *self.velocities, *self.averages]

    def _run(self, order: Tensor, rates: Tensor, momenta: Tensor) -> Tensor:
        config, total = self.config, 0.0
        for step in tf.range(len(order)):
            images, labels = self._batch(order[step])
            with tf.GradientTape() as tape:
                loss = self._loss(labels, self.network(images, training=True))
            gradients = tape.gradient(loss, self.learned)
            rate, kept = rates[step], momenta[step]
            for weight, gradient, velocity in zip(
                self.learned, gradients, self.velocities, strict=True
            ):
                decay = config.weight_decay if len(weight.shape) > 1 else 0.0
                slope = gradient + decay * tf.convert_to_tensor(weight)
                velocity.assign(config.momentum * velocity + slope)
                # Nesterov's momentum.
                weight.assign(weight - rate * (slope + config.momentum * velocity))
            for average, weight in zip(self.averages, self.network.weights, strict=True):
                average.assign(kept * average + (1.0 - kept) * tf.convert_to_tensor(weight))
            total += loss
        return total / tf.cast(len(order), tf.float32)

    def _loss(self, labels: Tensor, logits: Tensor) -> Tensor:
        config, shown = self.config, tf.cast(labels >= 0, tf.float32)
        smoothing = config.label_smoothing
        targets = tf.one_hot(labels, len(LABELS)) * (1.0 - smoothing) + smoothing / len(LABELS)
        classes = tf.nn.softmax_cross_entropy_with_logits(targets, logits[:, : len(LABELS)]) * shown
        garment = tf.nn.sigmoid_cross_entropy_with_logits(shown, logits[:, len(LABELS)])
        return tf.reduce_sum(classes + config.garment_weight * garment) / config.batch_size

    def _batch(self, chosen: Tensor) -> tuple[Tensor, Tensor]:
        config = self.config
        edge = [[0, 0], [config.shift] * 2, [config.shift] * 2]
        plain = _window(tf.pad(tf.gather(self.images, chosen), edge))
        none = _drawn(len(self.negatives), config.negatives)
        ours = _drawn(len(self.garments), config.garments)
        photos = [tf.gather(self.negatives, none), tf.gather(self.garments, ours)]
        shown = [_erased(plain, config.erased), *[_relit(_window(each)) for each in photos]]
        labels = [
            tf.gather(self.labels, chosen),
            tf.fill([config.negatives], tf.constant(NO_GARMENT, tf.int64)),
            tf.gather(self.garment_labels, ours),
        ]
        return tf.concat(shown, axis=0)[..., None], tf.concat(labels, axis=0)


def _drawn(count: int, wanted: int) -> Tensor:
    return tf.random.uniform([wanted], maxval=count, dtype=tf.int32)


def _window(pictures: Tensor) -> Tensor:
    """SIDE px of each picture anywhere, half of them mirrored: [n, h, h] → [n, SIDE, SIDE]."""
    count, room = tf.shape(pictures)[0], pictures.shape[1] - SIDE + 1
    for axis in (1, 2):
        places = tf.random.uniform([count, 1], maxval=room, dtype=tf.int32) + tf.range(SIDE)
        pictures = tf.gather(pictures, places, axis=axis, batch_dims=1)
    mirrored = tf.random.uniform([count, 1, 1]) < 0.5
    return tf.cast(tf.where(mirrored, pictures[:, :, ::-1], pictures), tf.float32) / 255.0


def _relit(photos: Tensor) -> Tensor:
    """In another light, half of them as negatives: Fashion-MNIST is light on black."""
    one = [tf.shape(photos)[0], 1, 1]
    photos = tf.where(tf.random.uniform(one) < 0.5, 1.0 - photos, photos)
    contrast, light = tf.random.uniform(one, 0.6, 1.8), tf.random.uniform(one, -0.2, 0.2)
    return tf.clip_by_value((photos - 0.5) * contrast + 0.5 + light, 0.0, 1.0)


def _erased(pictures: Tensor, chance: float) -> Tensor:
    """Noise over a rectangle of some (Zhong et al. 2017, https://arxiv.org/abs/1708.04896)."""
    count, side = tf.shape(pictures)[0], float(SIDE)
    area = tf.random.uniform([count, 1], 0.02, 0.3) * side**2
    ratio = tf.exp(tf.random.uniform([count, 1], -math.log(3.0), math.log(3.0)))
    inside = []
    for length in (tf.sqrt(area * ratio), tf.sqrt(area / ratio)):
        shown = tf.minimum(length, side)
        start = tf.random.uniform([count, 1]) * (side - shown)
        places = tf.range(side)[None]
        inside.append((places >= start) & (places < start + shown))
    erased = inside[0][:, :, None] & inside[1][:, None, :]
    erased &= tf.random.uniform([count, 1, 1]) < chance
    return tf.where(erased, tf.random.uniform(tf.shape(pictures)), pictures)


def _grey(row: Row, side: int) -> Pixels:
    """The row's photo, grey and stretched to a square of `side` px."""
    picture = decode.decode(row.read()).convert("L")
    return np.asarray(picture.resize((side, side), Image.Resampling.LANCZOS))
