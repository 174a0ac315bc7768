"""Fine-tuning: what it keeps of the old, and how far it goes towards the new."""

from typing import Any

import keras
import numpy as np
import pytest

from model.datasets.pool import Pool
from model.training import fine_tuning
from model.training.batches import Mixture
from model.training.config import Shares, Tuning
from model.training.fine_tuning import BLENDS, LOSS_ALLOWED, Step, TunedEpoch, blend, tune
from model.training.loop import Schedule
from tests.helpers.models import tiny

SHARES = Shares(
    garment_photos=0,
    other_photos=0,
    corrected=3,
    pasted=2,
    things=1,
    empty=1,
    plain=2,
    side=16,
    plain_side=8,
    source_side=24,
)


@pytest.fixture
def mixture() -> Mixture:
    classes = np.zeros((1, 12), np.float32)
    classes[0, [4, 10, 11]] = 1.0
    images = np.full((20, 28, 28), 200, np.uint8)
    pools = {
        "things": Pool.of_none(np.zeros((2, 24, 24, 3), np.uint8)),
        "corrected": Pool(np.full((1, 24, 24, 3), 90, np.uint8), classes),
    }
    return Mixture(SHARES, images, np.arange(20) % 10, pools)


class Measured:
    """Validation whose photos suffer from any change beyond `bearable` of the way to the new."""

    photos = np.array([True])
    accepted = np.eye(10, dtype=bool)[:1]
    shown = np.array([True])

    def __init__(self, bearable: float) -> None:
        self.bearable = bearable
        self.seen: list[float] = []

    def logits(self, network: keras.Model) -> np.ndarray:
        return np.array([[float(network.get_weights()[0].flat[0])] * 11], np.float32)

    def accuracies(self, logits: np.ndarray) -> tuple[float, float]:
        share = float(logits[0, 0])
        self.seen.append(round(share, 2))
        return 0.9 - (2 * LOSS_ALLOWED if share > self.bearable else 0.0), 0.95


@pytest.mark.parametrize(
    ("bearable", "taken"), [(1.0, 1.0), (0.8, 0.75), (0.4, 0.35), (0.0, BLENDS[-1])]
)
def test_the_boldest_bearable_blend_is_taken(bearable: float, taken: float) -> None:
    network = tiny()
    before = [np.zeros_like(each) for each in network.get_weights()]
    network.set_weights([np.ones_like(each) for each in before])
    measured: Any = Measured(bearable)

    share = blend(network, before, measured, np.array([0.9, 0.95]))

    assert share == taken
    assert all(np.allclose(each, taken) for each in network.get_weights())


def test_where_there_are_no_photos_fashion_mnist_alone_decides() -> None:
    network = tiny()

    class Without(Measured):
        def accuracies(self, logits: np.ndarray) -> tuple[float, float]:
            return float("nan"), 0.95

    measured: Any = Without(0.0)
    share = blend(network, network.get_weights(), measured, np.array([np.nan, 0.95]))

    assert share == 1.0


def test_the_network_before_says_what_the_targets_are_but_for_corrections(mixture: Mixture) -> None:
    before = tiny()
    dense = before.layers[-1]
    dense.kernel.assign(np.zeros(dense.kernel.shape))
    dense.bias.assign([5.0] + [0.0] * 9 + [-20.0])

    _, targets, _ = next(iter(mixture.dataset(before).take(1)))

    targets = targets.numpy()
    names = [name for name in mixture.pools for _ in range(getattr(SHARES, name))]
    corrected = np.array([name == "corrected" for name in names] + [False] * 5)
    assert corrected.sum() == 3
    assert (targets[corrected][:, [4, 10, 11]] == 1.0).all()
    assert (targets[~corrected][:, :10].argmax(axis=1) == 0).all()
    assert (targets[~corrected][:, 10] < 1e-6).all()
    # Where nothing is shown, the classes still do not count.
    shown = [name != "things" for name in names] + [True] * 2 + [False] + [True] * 2
    assert (targets[:, 11] == shown).all()


def test_each_step_and_epoch_is_reported(mixture: Mixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fine_tuning, "BLENDS", (1.0,))
    measured: Any = Measured(1.0)
    heard: list[Step | TunedEpoch] = []
    schedule = Schedule(epochs=2, steps=2, learning_rate=3e-4, warm_up=1, ema_momentum=0.99)
    small = Tuning(schedule=schedule, shares=SHARES)

    epochs = tune(tiny(), mixture, measured, small, heard.append)

    kinds = [type(each).__name__ for each in heard]
    assert kinds == ["Step", "Step", "TunedEpoch"] * 2
    assert [each.share for each in heard if isinstance(each, Step)] == [0.25, 0.5, 0.75, 1.0]
    assert [epoch.number for epoch in epochs] == [1, 2]
    assert epochs[0].fashion_mnist == 0.95
