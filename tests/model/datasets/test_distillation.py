"""The views a teacher sees, and its targets."""

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from model.datasets.distillation import Teacher, lesson, said

FLAGS = np.eye(12, dtype=np.float32)[[11, 11, 11, 0]]


class Looking:
    """A network that keeps what it was shown, and is sure of the third class."""

    def __init__(self) -> None:
        self.shown: Any = None

    def __call__(self, images: Any, *, training: bool) -> Any:
        assert not training
        self.shown = images
        return tf.one_hot(tf.fill([len(images)], 2), 11) * 50.0


def test_the_network_learns_from_the_very_views_that_the_teacher_saw_only_smaller() -> None:
    pictures = np.random.default_rng(0).integers(0, 255, (4, 40, 40, 3), np.uint8)
    teacher = Looking()

    images, targets = lesson(Teacher((teacher,), 32), pictures, FLAGS, 16)

    assert teacher.shown.shape == (4, 32, 32, 3) and images.shape == (4, 16, 16, 3)
    quarters = teacher.shown.numpy().reshape(4, 16, 2, 16, 2, 3).mean(axis=(2, 4))
    assert images.numpy() == pytest.approx(quarters, abs=1e-5)
    assert (targets.numpy()[:, :10].argmax(axis=1) == 2).all()


def test_what_is_said_are_probabilities_and_whether_the_classes_count_is_kept() -> None:
    logits = np.zeros((4, 11), np.float32)
    logits[:, 10] = np.log(3.0)

    targets = said(logits, FLAGS).numpy()

    assert targets[:, :10] == pytest.approx(0.1)
    assert targets[:, 10] == pytest.approx(0.75)
    assert targets[:, 11].tolist() == [1.0, 1.0, 1.0, 0.0]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_each_network_speaks_of_its_own_part(count: int) -> None:
    def saying(number: int) -> Any:
        return lambda images, training: tf.fill([len(images), 11], float(number))

    teacher = Teacher((saying(1), saying(2)), 8)

    said_of = teacher.logits(np.zeros((count, 8, 8, 3), np.float32)).numpy()[:, 0]

    assert said_of.tolist() == [1.0] * (count // 2) + [2.0] * (count - count // 2)
