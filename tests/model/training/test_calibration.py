"""Calibration: on data whose truth is known, the fit finds it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.common.registry.serving_config import ServingConfig
from model.training import calibration


def sampled(temperature: float, count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are too sharp by `temperature`, and classes drawn from the honest softmax."""
    random = np.random.default_rng(0)
    honest = random.normal(0.0, 1.5, (count, 10)).astype(np.float32)
    cumulative = calibration.softmax(honest).cumsum(axis=1)
    classes = (random.random((count, 1)) > cumulative).sum(axis=1).clip(max=9)
    return honest * temperature, np.eye(10, dtype=bool)[classes]


@pytest.mark.parametrize("temperature", [0.21, 0.5, 1.0, 2.5, 4.8])
def test_the_temperature_is_found(temperature: float) -> None:
    logits, accepted = sampled(temperature)

    assert calibration.fit_temperature(logits, accepted) == pytest.approx(temperature, rel=0.05)


def test_the_logistic_fit_is_found_on_balanced_kinds() -> None:
    random = np.random.default_rng(0)
    logits = random.normal(0.0, 2.0, 40_000).astype(np.float32)
    truth = random.random(40_000) < 1.0 / (1.0 + np.exp(-1.7 * logits))

    scale, bias = calibration.fit_logistic(logits, truth)

    assert scale == pytest.approx(1.7, rel=0.1)
    assert bias == pytest.approx(0.0, abs=0.1)


def test_an_overconfident_score_is_found_far_from_the_start() -> None:
    """Newton's whole steps run away from here."""
    random = np.random.default_rng(0)
    logits = random.normal(4.0, 6.0, 4_000).astype(np.float32)
    truth = random.random(4_000) < 1.0 / (1.0 + np.exp(-(0.3 * logits - 1.0)))

    scale, _ = calibration.fit_logistic(logits, truth)

    assert scale == pytest.approx(0.3, rel=0.15)


def test_kinds_that_do_not_overlap_stay_finite() -> None:
    logits = np.array([-3.0, -2.0, 2.0, 3.0], np.float32)

    assert np.isfinite(calibration.fit_logistic(logits, logits > 0)).all()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0.1, 1.0), st.booleans()), min_size=1, max_size=60))
def test_the_sure_answers_are_as_right_as_promised(pairs: list[tuple[float, bool]]) -> None:
    # Confidences that are equal cannot be told apart by a threshold.
    pairs = list({confidence: (confidence, right) for confidence, right in pairs}.values())
    confidence = np.array([pair[0] for pair in pairs])
    right = np.array([pair[1] for pair in pairs])

    threshold = calibration.sure_threshold(confidence, right)

    sure = confidence >= threshold
    assert threshold == 1.0 or right[sure].mean() >= calibration.PRECISION_WHEN_SURE


def test_a_card_is_calibrated_as_a_whole() -> None:
    # Photos of garments, photos of something else, and Fashion-MNIST's images, 2,000 of each.
    photo_logits, photo_accepted = sampled(2.0, 2_000)
    plain_logits, plain_accepted = sampled(0.5, 2_000)
    classes = np.concatenate([photo_logits, np.zeros((2_000, 10), np.float32), plain_logits])
    accepted = np.concatenate([photo_accepted, np.zeros((2_000, 10), bool), plain_accepted])
    garment = np.repeat([1.0, -1.0, 1.0], 2_000) + np.random.default_rng(1).normal(0, 1.0, 6_000)
    logits = np.concatenate([classes, garment[:, None]], axis=1).astype(np.float32)

    config = calibration.calibrated(
        ServingConfig(version="v"),
        logits=logits,
        accepted=accepted,
        photos=np.arange(6_000) < 4_000,
    )

    assert config.version == "v"
    assert config.small_temperature == pytest.approx(0.5, rel=0.1)
    assert config.photo_temperature == pytest.approx(2.0, rel=0.1)
    assert 0.0 < config.garment < 0.5 < config.sure <= 1.0
