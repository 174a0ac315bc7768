"""A retraining's training, watched: every step and epoch is reported."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from model.training.loop import Schedule, joint_loss, optimizer


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Progress within the epochs: `share` of the whole, and the loss so far."""

    epoch: int
    epochs: int
    share: float
    loss: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TunedEpoch:
    """One epoch's results: the loss during it, loss and accuracies on held-back data after it.

    NaN where nothing of a kind is held back.
    """

    number: int
    epochs: int
    loss: float
    held_back_loss: float
    photos: float
    fashion_mnist: float


Report = Callable[[Step | TunedEpoch], None]
# Measures the averaged weights: the loss and the accuracies of `TunedEpoch`.
Look = Callable[[], tuple[float, float, float]]


def fit(
    trained: keras.Model, batches: tf.data.Dataset, schedule: Schedule, look: Look, report: Report
) -> list[TunedEpoch]:
    """Train a model on batches without end; `report` hears of every step and epoch."""
    watch = _Watch(schedule, look, report)
    trained.compile(optimizer(schedule), loss=joint_loss, jit_compile=False)
    trained.fit(
        batches,
        steps_per_epoch=schedule.steps,
        epochs=schedule.epochs,
        verbose=0,
        callbacks=[keras.callbacks.SwapEMAWeights(swap_on_epoch=True), watch],
    )
    return watch.epochs


class _Watch(keras.callbacks.Callback):
    def __init__(self, schedule: Schedule, look: Look, report: Report) -> None:
        super().__init__()
        self.epochs: list[TunedEpoch] = []
        self._schedule, self._look, self._report = schedule, look, report
        self._epoch = 0

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:  # noqa: ARG002 - Keras's
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        epochs, steps = self._schedule.epochs, self._schedule.steps
        share = (self._epoch * steps + batch + 1) / (epochs * steps)
        loss = (logs or {}).get("loss", np.nan)
        self._report(Step(epoch=self._epoch + 1, epochs=epochs, share=share, loss=loss))

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        held_back_loss, photos, fashion_mnist = self._look()
        done = TunedEpoch(
            number=epoch + 1,
            epochs=self._schedule.epochs,
            loss=(logs or {}).get("loss", np.nan),
            held_back_loss=held_back_loss,
            photos=photos,
            fashion_mnist=fashion_mnist,
        )
        self.epochs.append(done)
        self._report(done)
