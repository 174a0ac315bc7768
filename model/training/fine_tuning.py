"""Fine-tuning: a trained network learns from corrections, in minutes."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from model.datasets.validation import Validation
from model.networks.architectures import freeze
from model.training.batches import Mixture
from model.training.calibration import softmax
from model.training.config import Tuning
from model.training.loop import Schedule, joint_loss, optimizer
from model.training.recipe import both_sides

logger = logging.getLogger(__name__)

# Steps from the old weights to the tuned ones, the largest first.
BLENDS = (1.0, 0.75, 0.5, 0.35)
# What may be lost in held-back accuracy until a milder blend is taken.
LOSS_ALLOWED = 0.008


@dataclass(frozen=True, slots=True, kw_only=True)
class TunedEpoch:
    """One epoch's results: the loss during it, loss and accuracies on held-back data after it.

    `photos` is None if there are no clothing photos.
    """

    number: int
    epochs: int
    loss: float
    held_back_loss: float
    fashion_mnist: float
    photos: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Progress within the epochs: `share` of the whole, and the loss so far."""

    epoch: int
    epochs: int
    share: float
    loss: float


Report = Callable[[Step | TunedEpoch], None]


def tune(
    network: keras.Model, mixture: Mixture, validation: Validation, tuning: Tuning, report: Report
) -> list[TunedEpoch]:
    """Train `network` in place on the mixture; `report` hears of every step and epoch.

    A gentle tuning keeps what the network knows: of all but the corrections it is to say what it
    said before (Li and Hoiem 2016, https://arxiv.org/abs/1606.09282), and see `blend`.
    """
    freeze(network, tuning.frozen_blocks)
    before = network.get_weights()
    known = _accuracies(network, validation) if tuning.gentle else None
    old = None
    if tuning.gentle:
        old = keras.models.clone_model(network)
        old.set_weights(before)
    trained = both_sides(network)
    trained.compile(optimizer(tuning.schedule), loss=joint_loss, jit_compile=False)
    watch = _Watch(network, validation, tuning.schedule, report)
    trained.fit(
        mixture.dataset(old),
        steps_per_epoch=tuning.schedule.steps,
        epochs=tuning.schedule.epochs,
        verbose=0,
        callbacks=[keras.callbacks.SwapEMAWeights(swap_on_epoch=True), watch],
    )
    if known is not None:
        blend(network, before, validation, known)
    return watch.epochs


def blend(
    network: keras.Model,
    before: list[NDArray[np.float32]],
    validation: Validation,
    known: NDArray[np.float64],
) -> float:
    """Set the weights between `before` and those now, so that hardly any of the old is lost.

    Wortsman et al. 2022, https://arxiv.org/abs/2109.01903: on the straight line from a network to
    its fine-tuned self much of the new comes before much of the old goes. Of BLENDS the first is
    taken that keeps to `known`, the accuracies (photos, Fashion-MNIST) before, within
    LOSS_ALLOWED; else the last. Corrections have no say in it. Returns the share of the new.
    """
    tuned = network.get_weights()
    for share in BLENDS:
        mixed = [old + share * (new - old) for old, new in zip(before, tuned, strict=True)]
        network.set_weights(mixed)
        lost = known - _accuracies(network, validation)
        logger.info("blend share=%.2f lost=%s", share, np.round(lost, 4).tolist())
        if np.nanmax(lost) <= LOSS_ALLOWED:
            break
    return share


def _accuracies(network: keras.Model, validation: Validation) -> NDArray[np.float64]:
    return np.array(validation.accuracies(validation.logits(network)))


class _Watch(keras.callbacks.Callback):
    """Measures the averaged weights after each epoch, and reports on the way."""

    def __init__(
        self, network: keras.Model, validation: Validation, schedule: Schedule, report: Report
    ) -> None:
        super().__init__()
        self.epochs: list[TunedEpoch] = []
        self._network, self._validation = network, validation
        self._schedule, self._report = schedule, report
        self._epoch = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 - Keras's
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        epochs, steps = self._schedule.epochs, self._schedule.steps
        share = (self._epoch * steps + batch + 1) / (epochs * steps)
        self._report(
            Step(
                epoch=self._epoch + 1,
                epochs=epochs,
                share=share,
                loss=(logs or {}).get("loss", float("nan")),
            )
        )

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        logits = self._validation.logits(self._network)
        photos, fashion_mnist = self._validation.accuracies(logits)
        shown = self._validation.shown
        chances = (softmax(logits[shown, :10]) * self._validation.accepted[shown]).sum(axis=1)
        done = TunedEpoch(
            number=epoch + 1,
            epochs=self._schedule.epochs,
            loss=(logs or {}).get("loss", float("nan")),
            held_back_loss=float(-np.log(np.clip(chances, 1e-9, 1.0)).mean()),
            fashion_mnist=fashion_mnist,
            photos=photos if self._validation.photos.any() else None,
        )
        self.epochs.append(done)
        self._report(done)
