"""The training loop by Keras: loss, optimiser, averaged weights, progress, resumption."""

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from model.common.atomic_write import replacing
from model.common.retraining.messages import RetrainProgress
from model.datasets.validation import Validation
from model.networks.pretrained import Dense

Tensor = Any  # neither Keras nor TensorFlow has types to offer
Report = Callable[[RetrainProgress], None]
# Measures the averaged weights: the loss on what is held back, and the accuracies on photos and on
# Fashion-MNIST, NaN where nothing of a kind is held back.
Look = Callable[[], tuple[float, float, float]]
# Of each epoch, the loss during it and the held-back loss after it.
Losses = list[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The length and the learning rate of a training."""

    epochs: int
    steps: int  # batches in an epoch
    learning_rate: float
    warm_up: int  # steps
    weight_decay: float = 0.02
    ema_momentum: float  # momentum of the weights' moving average
    alpha: float = 0.0  # the share of the rate that is left at the end


def joint_loss(targets: Tensor, logits: Tensor) -> Tensor:
    """Cross-entropy over the ten classes if they count, and over "a garment at all".

    targets [n, 12] as `Mixture` makes them, logits [n, 11]; returns [n].
    """
    classes = keras.losses.categorical_crossentropy(
        targets[:, :10], logits[:, :10], from_logits=True
    )
    garment = keras.losses.binary_crossentropy(
        targets[:, 10:11], logits[:, 10:11], from_logits=True
    )
    return ops.cast(targets[:, 11], classes.dtype) * classes + garment


def optimizer(schedule: Schedule) -> keras.optimizers.Optimizer:
    """AdamW with a linear warm-up and a cosine decay to `alpha` of the rate."""
    steps = schedule.epochs * schedule.steps
    # A training shorter than the usual warm-up still has to reach its rate.
    warm_up = min(schedule.warm_up, steps // 4)
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        decay_steps=steps - warm_up,
        warmup_target=schedule.learning_rate,
        warmup_steps=warm_up,
        alpha=schedule.alpha,
    )
    return keras.optimizers.AdamW(
        rate,
        weight_decay=schedule.weight_decay,
        use_ema=True,
        ema_momentum=schedule.ema_momentum,
        clipnorm=1.0,
    )


class Progress(keras.callbacks.Callback):
    """After each epoch: measures the averaged weights, saves them, and reports."""

    def __init__(self, network: keras.Model, out: Path, validation: Validation) -> None:
        super().__init__()
        self.network, self.out, self.validation = network, out, validation

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        """Write both accuracies into the epoch's logs, and the weights to disk."""
        photos, fashion_mnist = self.validation.accuracies(self.validation.logits(self.network))
        logs |= {"photos_accuracy": photos, "fashion_mnist_accuracy": fashion_mnist}
        self.network.save_weights(self.out.with_suffix(".weights.h5"))
        line = f"{self.network.name}, epoch {epoch + 1}: loss {logs['loss']:.4f}, "
        line += f"photos {photos:.3f}"
        if not math.isnan(fashion_mnist):  # a teacher is not asked about it
            line += f", Fashion-MNIST (held back) {fashion_mnist:.4f}"
        print(line, flush=True)


def fit(
    network: keras.Model,
    batches: tf.data.Dataset,
    schedule: Schedule,
    validation: Validation,
    out: Path,
    *,
    trained: keras.Model | None = None,
) -> None:
    """Train `network` on batches without end, or through `trained`, a model around it.

    If interrupted, it resumes after the last whole epoch when called again with the same `out`. The
    epochs' figures (.csv), the weights (.weights.h5) and what resuming needs are kept next to it.
    """
    _fit(
        # A model around the network, so that the network itself is kept without the optimiser.
        trained or keras.Model(network.inputs, network.outputs),
        batches,
        schedule,
        keras.callbacks.BackupAndRestore(out.with_suffix(".resume")),
        keras.callbacks.SwapEMAWeights(swap_on_epoch=True),
        Progress(network, out, validation),
        keras.callbacks.CSVLogger(out.with_suffix(".csv"), append=True),
        verbose=1 if sys.stdout.isatty() else 0,
    )


def fit_reporting(
    network: keras.Model, batches: tf.data.Dataset, schedule: Schedule, look: Look, report: Report
) -> Losses:
    """Train a retraining's network on batches without end; every step and epoch is reported."""
    reporting = _Reporting(schedule, look, report)
    _fit(network, batches, schedule, keras.callbacks.SwapEMAWeights(swap_on_epoch=True), reporting)
    return reporting.losses


def _fit(
    network: keras.Model,
    batches: tf.data.Dataset,
    schedule: Schedule,
    *callbacks: keras.callbacks.Callback,
    verbose: int = 0,
) -> None:
    network.compile(optimizer(schedule), loss=joint_loss, jit_compile=False)
    network.fit(
        batches,
        steps_per_epoch=schedule.steps,
        epochs=schedule.epochs,
        verbose=verbose,
        callbacks=list(callbacks),
    )


class _Reporting(keras.callbacks.Callback):
    def __init__(self, schedule: Schedule, look: Look, report: Report) -> None:
        super().__init__()
        self.losses: Losses = []
        self._schedule, self._look, self._report = schedule, look, report

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float]) -> None:
        # The last epoch's accuracy is that of other weights by now.
        self._report(self._progress(batch + 1, logs["loss"]))

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float]) -> None:  # noqa: ARG002 - Keras's
        held_back_loss, photos, fashion_mnist = self._look()
        done = self._progress(self._schedule.steps, logs["loss"])
        self.losses.append((logs["loss"], held_back_loss))
        for name, accuracy in (("photos", photos), ("fashion_mnist", fashion_mnist)):
            if done.accuracy is None and not math.isnan(accuracy):
                done = replace(done, accuracy=accuracy, accuracy_of=name)
        self._report(done)

    def _progress(self, steps: int, loss: float) -> RetrainProgress:
        schedule, epoch = self._schedule, len(self.losses)
        return RetrainProgress(
            stage="training",
            share=(epoch * schedule.steps + steps) / (schedule.epochs * schedule.steps),
            epoch=epoch + 1,
            epochs=schedule.epochs,
            loss=loss,
        )


def kept_layer(file: Path, fit: Callable[[], Dense]) -> Dense:
    """The dense layer in the file; if there is none, one fitted now and written there."""
    if not file.is_file():
        kernel, bias = fit()
        with replacing(file) as whole, whole.open("wb") as stream:
            np.savez(stream, kernel=kernel, bias=bias)
    with np.load(file) as found:
        return found["kernel"], found["bias"]


def kept(file: Path, train: Callable[[], keras.Model]) -> keras.Model:
    """The network in the file; if there is none, one trained now and written there."""
    if file.is_file():
        return keras.saving.load_model(file, compile=False)
    network = train()
    with replacing(file) as whole:
        network.save(whole)
    return network
