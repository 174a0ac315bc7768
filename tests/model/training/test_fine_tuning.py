"""Fine-tuning: what it learns, what it keeps of the old, and how far it goes towards the new."""

import numpy as np
import pytest

from model.common.registry.serving_config import ServingConfig
from model.common.retraining.messages import RetrainProgress
from model.networks.head import Head, head_of
from model.training import fine_tuning
from model.training.config import Tuning
from model.training.fine_tuning import (
    BLENDS,
    LOSS_ALLOWED,
    HeldBack,
    Looked,
    Seen,
    blend,
    tune,
    whitening,
)
from model.training.loop import Schedule
from tests.helpers.models import tiny

CONFIG = ServingConfig(version="a", photo_temperature=2.0, garment_temperature=3.0)
WIDTH = 4


def schedule(epochs: int, steps: int) -> Schedule:
    return Schedule(epochs=epochs, steps=steps, learning_rate=0.05, warm_up=1, ema_momentum=0.9)


@pytest.fixture
def head() -> Head:
    return head_of(tiny())


def looked(head: Head) -> Looked:
    """Known pictures vary along the first feature alone; corrected ones are far along the last."""
    rng = np.random.default_rng(0)
    kernel, bias = head.layer.get_weights()

    def seen(count: int, last: float) -> Seen:
        features = rng.normal(0.0, 0.01, (count, WIDTH)).astype(np.float32)
        features[:, 0] = rng.random(count)
        features[:, -1] += last
        return Seen(features, features @ kernel + bias)

    known, held_back = seen(60, 0.0), seen(40, 0.0)
    accepted = np.eye(10, dtype=bool)[held_back.logits[:, :10].argmax(axis=1)]
    accepted[30:] = False
    kinds = np.repeat(["photo", "thing"], [30, 10])
    return Looked(
        rehearsed=known,
        corrected=seen(20, 0.5),
        labels=np.full(20, 7),
        held_back=HeldBack(held_back, accepted, kinds),
    )


def said(head: Head, seen: Seen) -> np.ndarray:
    kernel, bias = head.layer.get_weights()
    return np.asarray(seen.features @ kernel + bias)


def test_corrections_are_learned_and_what_was_known_stays(
    head: Head, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fine_tuning, "BLENDS", (1.0,))
    pictures = looked(head)
    tuning = Tuning(schedule=schedule(4, 40), batch=64)

    tune(head, pictures, CONFIG, tuning, lambda _: None)

    corrected = said(head, pictures.corrected)
    assert (corrected[:, :10].argmax(axis=1) == 7).all()
    assert (corrected[:, 10] > pictures.corrected.logits[:, 10] + 1.0).all()
    known = said(head, pictures.held_back.seen)
    before = pictures.held_back.seen.logits
    assert (
        np.abs(known - before).mean() < 0.2 * np.abs(corrected - pictures.corrected.logits).mean()
    )


def test_each_step_and_epoch_is_reported(head: Head) -> None:
    heard: list[RetrainProgress] = []

    losses = tune(head, looked(head), CONFIG, Tuning(schedule=schedule(2, 2)), heard.append)

    assert [each.accuracy is None for each in heard] == [True, True, False] * 2
    assert [each.share for each in heard] == [0.25, 0.5, 0.5, 0.75, 1.0, 1.0]
    assert [each.epoch for each in heard] == [1, 1, 1, 2, 2, 2]
    assert {each.epochs for each in heard} == {2} and len(losses) == 2
    assert heard[2].accuracy_of == "photos" and (heard[2].accuracy or 0.0) > 0.5


class Measured:
    """Held-back pictures that suffer from any change beyond `bearable` of the whole."""

    seen = Seen(np.zeros((1, 1), np.float32), np.zeros((1, 11), np.float32))

    def __init__(self, measure: int, bearable: float) -> None:
        self.measure, self.bearable = measure, bearable

    def measures(self, logits: np.ndarray) -> tuple[float, ...]:
        found = [0.9, np.nan, 0.9, 0.9]
        if logits[0, 0] > self.bearable:
            found[self.measure] -= 2 * LOSS_ALLOWED[self.measure]
        return tuple(found)


@pytest.mark.parametrize("measure", [0, 2, 3], ids=["photos", "other garments", "things"])
@pytest.mark.parametrize(
    ("bearable", "taken"), [(1.0, 1.0), (0.8, 0.75), (0.4, 0.35), (0.0, BLENDS[-1])]
)
def test_the_boldest_bearable_blend_is_taken(measure: int, bearable: float, taken: float) -> None:
    change = np.ones((1, 11), np.float32)

    assert blend(Measured(measure, bearable), change) == taken  # type: ignore[arg-type]


def test_things_and_other_garments_are_told_from_garments_apart() -> None:
    scores = [3.0, 1.0, 2.0, 0.0]
    logits = np.zeros((4, 11), np.float32)
    logits[:, 10] = scores
    accepted = np.zeros((4, 10), bool)
    accepted[:2, 0] = True
    kinds = np.array(["photo", "photo", "photo", "thing"])

    photos, small, others, things = HeldBack(Seen(logits, logits), accepted, kinds).measures(logits)

    assert (photos, others, things) == (1.0, 0.5, 1.0) and np.isnan(small)


def test_whitened_features_are_uncorrelated_and_rare_directions_do_not_explode(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(1)
    features = rng.normal(size=(500, 3)).astype(np.float32) @ np.diag([5.0, 1.0, 0.0])
    features[:, 1] += features[:, 0]
    monkeypatch.setattr(fine_tuning, "WHITENED", 1e-4)

    mean, axes = whitening(features.astype(np.float32))

    white = (features - mean) @ axes
    np.testing.assert_allclose(np.sort(white.var(axis=0)), [0.0, 1.0, 1.0], atol=0.02)
    np.testing.assert_allclose(
        np.asarray(np.corrcoef(white[:, white.var(axis=0) > 0.5].T))[0, 1], 0, atol=1e-3
    )
    assert np.isfinite(axes).all()
