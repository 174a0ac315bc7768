"""The loss of the shipped model and its teacher; their loop is tried with the recipe."""

import numpy as np
import pytest

from model.training.loop import Schedule, joint_loss, optimizer


def test_the_loss_leaves_the_classes_out_where_there_is_no_garment() -> None:
    targets = np.zeros((2, 12), np.float32)
    targets[0, [3, 10, 11]] = 1.0
    logits = np.zeros((2, 11), np.float32)

    losses = np.asarray(joint_loss(targets, logits))

    assert losses == pytest.approx([np.log(10) + np.log(2), np.log(2)], rel=1e-4)


def test_the_rate_rises_through_the_warm_up_and_ends_at_zero() -> None:
    schedule = Schedule(epochs=4, steps=25, learning_rate=0.01, warm_up=20, ema_momentum=0.9)

    rate = optimizer(schedule)._learning_rate

    rates = [float(rate(step)) for step in (0, 10, 20, 60, 100)]
    assert rates == pytest.approx([0.0, 0.005, 0.01, 0.005, 0.0], abs=1e-6)


def test_a_rate_may_rest_above_zero() -> None:
    schedule = Schedule(
        epochs=4, steps=25, learning_rate=0.01, warm_up=20, ema_momentum=0.9, alpha=0.5
    )

    assert float(optimizer(schedule)._learning_rate(100)) == pytest.approx(0.005)


def test_a_training_shorter_than_its_warm_up_reaches_its_rate() -> None:
    schedule = Schedule(epochs=1, steps=40, learning_rate=0.01, warm_up=500, ema_momentum=0.9)

    assert float(optimizer(schedule)._learning_rate(10)) == pytest.approx(0.01)
