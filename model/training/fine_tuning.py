"""Fine-tuning: the head of a trained network learns from corrections, in seconds.

All that comes before the head stays as it is. So each picture goes through it once, and what it
makes of the picture is trained on for as many epochs as wanted.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.common.labels import LABELS
from model.common.registry.serving_config import ServingConfig
from model.datasets.pool import targets_of
from model.networks.head import COUNT, Head
from model.serving.classifier import Prepared
from model.training.calibration import cross_entropy, softmax
from model.training.config import Tuning
from model.training.loop import Losses, Report, fit_reporting

logger = logging.getLogger(__name__)

Floats = NDArray[np.float32]
# A picture [height, width, channels] → what the head reads [k], and the network's logits.
Read = Callable[[Floats], tuple[Floats, Floats]]

PART = 64  # pictures
THREADS = 2  # to make them ready takes as long as to look at them
# Steps from the old weights to the tuned ones, the largest first.
BLENDS = (1.0, 0.75, 0.5, 0.35)
WHITENED = 1.0  # see `whitening`
# What may be lost on held-back pictures until a milder blend is taken: of the accuracy on photos
# and on small pictures, and of the AUROC of garments against other garments and against things.
LOSS_ALLOWED = (0.008, 0.004, 0.01, 0.004)


@dataclass(frozen=True, slots=True)
class Seen:
    """n pictures as the network sees them before the tuning.

    features [n, k] are what its head reads, logits [n, 11] what the whole network says.
    """

    features: Floats
    logits: Floats

    def __len__(self) -> int:
        return len(self.logits)

    @classmethod
    def by(
        cls, read: Read, shows: Sequence[Callable[[], Prepared]], report: Callable[[float], None]
    ) -> Self:
        """Pictures that are made ready as they are needed; `report` hears the share done."""
        found: list[tuple[Floats, Floats]] = []
        with ThreadPoolExecutor(THREADS) as threads:
            # In parts, so that one that is ended does not finish them all.
            for start in range(0, len(shows), PART):
                report(start / len(shows))
                part = shows[start : start + PART]
                found += threads.map(lambda show: read(show().pixels), part)
        features, logits = zip(*found, strict=True)
        return cls(np.stack(features), np.stack(logits)[:, :COUNT])

    def part(self, start: int, end: int) -> Self:
        """The pictures from `start` up to `end`."""
        return type(self)(self.features[start:end], self.logits[start:end])


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Held-back pictures, to measure by; no corrections are among them.

    accepted: bool [n, 10] as in `Validation`. `kinds` [n] are "photo" of clothes, "thing" or
    "small".
    """

    seen: Seen
    accepted: NDArray[np.bool_]
    kinds: NDArray[np.str_]

    def measures(self, logits: Floats) -> tuple[float, float, float, float]:
        """What LOSS_ALLOWED is about; NaN where there are no such pictures."""
        photos, shown = self.kinds == "photo", self.accepted.any(axis=1)
        right = self.accepted[np.arange(len(logits)), logits[:, : len(LABELS)].argmax(axis=1)]
        scores = logits[:, -1]
        return (
            _mean(right[photos & shown]),
            _mean(right[self.kinds == "small"]),
            _auroc(scores[photos & shown], scores[photos & ~shown]),
            _auroc(scores[photos & shown], scores[self.kinds == "thing"]),
        )


@dataclass(frozen=True, slots=True)
class Looked:
    """All that the head learns from and is measured by."""

    rehearsed: Seen
    corrected: Seen
    labels: NDArray[np.int64]  # [n], of each that is corrected what people said
    held_back: HeldBack


def tune(
    head: Head, looked: Looked, config: ServingConfig, tuning: Tuning, report: Report
) -> Losses:
    """Train the head in place; `report` hears of every step and epoch.

    Of the pictures that are `rehearsed` the network is to say what it said before (Li and Hoiem
    2016, https://arxiv.org/abs/1606.09282), of those `corrected` what people said. Both
    count calibrated, as they are served: else a garment's score would seem high
    enough long before it is. Then the change is made smaller where it costs too much, see `blend`.
    """
    rehearsed, corrected, held_back = looked.rehearsed, looked.corrected, looked.held_back
    temperatures = [config.photo_temperature] * len(LABELS) + [config.garment_temperature]
    divisors = np.array(temperatures, np.float32)
    offsets = np.array([0.0] * len(LABELS) + [config.garment_bias], np.float32)
    logits = np.concatenate([rehearsed.logits, corrected.logits])
    known = np.asarray(logits / divisors + offsets, np.float32)
    before = said(known[: len(rehearsed)])
    mean, axes = whitening(rehearsed.features)
    pictures = np.concatenate([rehearsed.features, corrected.features])
    change = keras.layers.Dense(COUNT, kernel_initializer="zeros", name="change")
    batches = tf.data.Dataset.from_tensor_slices(
        (
            ((pictures - mean) @ axes, known),
            np.concatenate([before, targets_of(looked.labels, tuning.smoothing)]),
            _weights(len(rehearsed), len(corrected), tuning),
        )
    )

    def moved() -> Floats:
        return np.asarray(change((held_back.seen.features - mean) @ axes)) * divisors

    def look() -> tuple[float, float, float]:
        logits = held_back.seen.logits + moved()
        photos, small, *_ = held_back.measures(logits)
        return cross_entropy(logits / divisors + offsets, held_back.accepted), photos, small

    inputs = [keras.Input(pictures.shape[1:]), keras.Input((COUNT,))]
    losses = fit_reporting(
        keras.Model(inputs, keras.layers.Add()([inputs[1], change(inputs[0])])),
        batches.shuffle(len(known), seed=0).repeat().batch(tuning.batch),
        tuning.schedule,
        look,
        report,
    )
    kernel, bias = change.get_weights()
    by = blend(held_back, moved()) * divisors / head.weights
    head.move(axes @ kernel * by, (bias - mean @ axes @ kernel) * by)
    return losses


def whitening(features: Floats) -> tuple[Floats, Floats]:
    """The mean [k] and axes [k, k] by which features [n, k] become uncorrelated, of like variance.

    Trained on these, the head changes most along directions in which the pictures that it knows
    hardly differ: there it learns the new without losing the old. WHITENED of the mean variance is
    added to each, so that directions of no variance do not count without limit.
    """
    mean = features.mean(axis=0)
    variances, axes = np.linalg.eigh(np.cov(features, rowvar=False, dtype=np.float64))
    added = WHITENED * max(variances.mean(), 1e-9)
    return mean, np.asarray(axes / np.sqrt(np.maximum(variances, 0.0) + added), np.float32)


def blend(held_back: HeldBack, change: Floats) -> float:
    """How much of a change [n, 11] of the held-back pictures' logits hardly loses what was known.

    Wortsman et al. 2022, https://arxiv.org/abs/2109.01903: on the straight line from a network to
    its fine-tuned self much of the new comes before much of the old goes. Of BLENDS it is the first
    that keeps within LOSS_ALLOWED; else the last. Corrections have no say in it.
    """
    before = np.array(held_back.measures(held_back.seen.logits))
    for share in BLENDS:
        lost = before - held_back.measures(held_back.seen.logits + share * change)
        logger.info("blend share=%.2f lost=%s", share, np.round(lost, 4).tolist())
        if not (lost > LOSS_ALLOWED).any():
            break
    return share


def said(calibrated: Floats) -> Floats:
    """Calibrated logits [n, 11] as targets [n, 12]; the classes count as far as a garment shows."""
    garment = 1.0 / (1.0 + np.exp(-calibrated[:, -1:]))
    return np.concatenate([softmax(calibrated[:, : len(LABELS)]), garment, garment], axis=1)


def _weights(rehearsed: int, corrected: int, tuning: Tuning) -> Floats:
    """How much each picture counts, 1 on average: the corrections together as `tuning` says."""
    share = tuning.corrected_share
    each = ((1.0 - share) / max(rehearsed, 1), share / max(corrected, 1))
    weights = np.repeat(np.array(each, np.float32), (rehearsed, corrected))
    return np.asarray(weights / weights.mean(), np.float32)


def _auroc(garments: Floats, others: Floats) -> float:
    """How likely a garment scores higher than another picture; NaN if there are none of either."""
    return _mean(np.searchsorted(np.sort(others), garments) / (len(others) or np.nan))


def _mean(values: NDArray[Any]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
