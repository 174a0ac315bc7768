"""Calibration: fits a config's temperatures and thresholds to logits."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.common.labels import LABELS
from model.common.registry.serving_config import Kind, ServingConfig
from model.serving.classifier import Classifier, grouped

Floats = NDArray[np.float32]

# This share of the “sure” answers should be right.
PRECISION_WHEN_SURE = 0.94
# Of the real garments, at most this share may be taken for none.
GARMENTS_TURNED_AWAY = 0.015
COARSE = 20  # temperatures in a step of the coarse grid
PART = 64  # pictures at a time


@dataclass(frozen=True, slots=True)
class Said:
    """What a network says of n pictures: kinds [n] and logits [n, 10 or 11]."""

    kinds: tuple[Kind, ...]
    logits: Floats

    @property
    def photos(self) -> NDArray[np.bool_]:
        """Which pictures were shown as photos: [n]."""
        return np.array([kind == "photo" for kind in self.kinds], bool)

    @classmethod
    def by(cls, classifier: Classifier, pictures: Iterable[Image.Image]) -> Self:
        """Of the pictures, shown as serving shows them, a few of them in memory at a time."""
        kinds: list[Kind] = []
        parts: list[Floats] = []
        waiting = iter(pictures)
        while part := [classifier.prepare(each) for each in islice(waiting, PART)]:
            kinds += [each.kind for each in part]
            outputs = [
                (places, classifier.outputs(kind, pixels)) for kind, places, pixels in grouped(part)
            ]
            parts.append(np.zeros((len(part), outputs[0][1].shape[1]), np.float32))
            for places, logits in outputs:
                parts[-1][places] = logits
        return cls(tuple(kinds), np.concatenate(parts))


def calibrated(
    config: ServingConfig, *, logits: Floats, accepted: NDArray[np.bool_], photos: NDArray[np.bool_]
) -> ServingConfig:
    """The config with temperatures and thresholds fitted to data that training never saw.

    logits [n, 11] of a network; accepted [n, 10] which classes are right for each picture, none
    where it shows no such garment; photos [n], false for Fashion-MNIST's images, which get a
    temperature of their own. The thresholds are those of photos: they are what people send.
    """
    classes, garment = logits[:, :-1], logits[:, -1]
    shown = np.asarray(accepted.any(axis=1))
    plain, garments = shown & ~photos, shown & photos
    small, photo = (fit_temperature(classes[kind], accepted[kind]) for kind in (plain, garments))
    scale, bias = fit_logistic(garment[photos], shown[photos])
    probabilities = softmax(classes[garments] / photo)
    likeliest = probabilities.argmax(axis=1)
    right = accepted[garments][np.arange(len(likeliest)), likeliest]
    scores = 1.0 / (1.0 + np.exp(-(garment[garments] * scale + bias)))
    return replace(
        config,
        photo_temperature=photo,
        small_temperature=small,
        garment_temperature=1.0 / scale,
        garment_bias=bias,
        sure=sure_threshold(probabilities.max(axis=1), right),
        garment=float(np.quantile(scores, GARMENTS_TURNED_AWAY, method="lower")),
    )


def softmax(logits: Floats) -> Floats:
    """[n, k] → [n, k], rows summing to 1."""
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=1, keepdims=True), np.float32)


def cross_entropy(logits: Floats, accepted: NDArray[np.bool_]) -> float:
    """The mean -log(probability that the accepted classes share), of pictures that show any.

    logits [n, 10 or 11], accepted [n, 10]; NaN if none does.
    """
    shown = accepted.any(axis=1)
    shared = (softmax(logits[shown, : len(LABELS)]) * accepted[shown]).sum(axis=1)
    return float(-np.log(np.clip(shared, 1e-9, 1.0)).mean()) if len(shared) else float("nan")


def fit_temperature(logits: Floats, accepted: NDArray[np.bool_]) -> float:
    """The temperature with the least `cross_entropy`, for logits [n, 10] of garments.

    Guo et al. 2017, https://arxiv.org/abs/1706.04599; one number with one minimum, so a coarse grid
    finds where it is, and a fine one there what it is.
    """
    candidates = np.geomspace(0.2, 5.0, 400)

    def loss(number: int) -> float:
        return cross_entropy(logits / candidates[number], accepted)

    near = min(range(0, len(candidates), COARSE), key=loss)
    around = range(max(0, near - COARSE + 1), min(len(candidates), near + COARSE))
    return float(candidates[min(around, key=loss)])


def fit_logistic(logits: Floats, truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Scale and bias of the likeliest sigmoid(scale · logit + bias): Platt's scaling.

    Both kinds weigh the same, whatever their counts. A little shrinkage towards (1, 0) keeps the
    fit finite if the kinds do not overlap. Newton's method, each step halved until it helps.
    """
    design = np.stack([logits.astype(np.float64), np.ones(len(logits))], axis=1)
    weights = np.where(truth, 0.5 / truth.sum(), 0.5 / (~truth).sum())
    start, shrinkage = np.array([1.0, 0.0]), 1e-3

    def loss(parameters: NDArray[np.float64]) -> float:
        margins = np.where(truth, 1.0, -1.0) * (design @ parameters)
        penalty = 0.5 * shrinkage * np.sum((parameters - start) ** 2)
        return float(np.sum(weights * np.logaddexp(0.0, -margins)) + penalty)

    parameters = start
    for _ in range(50):
        chances = 1.0 / (1.0 + np.exp(-design @ parameters))
        gradient = design.T @ (weights * (chances - truth)) + shrinkage * (parameters - start)
        spread = (weights * chances * (1.0 - chances))[:, None]
        curvature = (design * spread).T @ design + shrinkage * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        while loss(parameters - step) > loss(parameters) and np.abs(step).max() > 1e-9:
            step = step / 2.0
        parameters = parameters - step
    # A negative scale would turn the score upside down.
    return max(float(parameters[0]), 1e-3), float(parameters[1])


def sure_threshold(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """The lowest confidence from which on PRECISION_WHEN_SURE of the answers are right."""
    order = np.argsort(-confidence)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.nonzero(precision >= PRECISION_WHEN_SURE)[0]
    return float(confidence[order[good[-1]]]) if len(good) else 1.0
