"""A second opinion: ImageNet's classes raise bags and sandals, and nothing else."""

import keras
import numpy as np
import pytest

from model.common.labels import NAMES
from model.networks import architectures, pretrained
from model.networks.second_opinion import (
    Raised,
    SecondOpinion,
    raises,
    untuned_end,
    with_second_opinion,
)

BAG, SANDAL = NAMES.index("Bag"), NAMES.index("Sandal")
OPINION = SecondOpinion(
    blocks=(15, 20),
    raised=(
        Raised(name="Bag", classes=(414, 748), weight=3.0, garment=0.5),
        Raised(name="Sandal", classes=(774,), weight=2.0, garment=0.25, offset=0.25),
    ),
    others=(1, 2),
    margin=-1.0,
)


@pytest.mark.parametrize(
    ("backpack", "purse", "sandal", "other", "bag_rises", "sandal_rises"),
    [
        (5.0, 1.0, 0.0, 3.0, 3.0, 0.0),  # 5 - 3 + 1
        (0.0, 2.5, 2.0, 3.0, 0.5, 0.0),  # nearly the likeliest
        (0.0, 1.9, 2.0, 3.0, 0.0, 0.0),  # too far below, as the sandal just is
        (0.0, 0.0, 4.0, 1.0, 0.0, 4.0),
        (4.0, 0.0, 4.0, 1.0, 1.0, 1.0),  # rivals of each other
        (30.0, 0.0, 0.0, 1.0, 6.0, 0.0),  # never more than six
    ],
)
def test_a_class_rises_by_how_far_its_kind_lies_above_the_others(
    backpack: float,
    purse: float,
    sandal: float,
    other: float,
    bag_rises: float,
    sandal_rises: float,
) -> None:
    kernel = np.eye(4, dtype=np.float32)
    none = np.zeros(2, np.float32)
    rows = [
        (kernel[:, :2], none),
        (kernel[:, 2:3], none[:1]),
        (np.concatenate([kernel[:, 3:], kernel[:, 3:]], axis=1), np.array([0, -9], np.float32)),
    ]

    added = raises(OPINION, rows)(np.array([[backpack, purse, sandal, other]], np.float32)).numpy()

    expected = np.zeros((1, 11))
    expected[0, BAG], expected[0, SANDAL] = 3.0 * bag_rises, 2.0 * sandal_rises + 0.25
    expected[0, 10] = 0.5 * 3.0 * bag_rises + 0.25 * 2.0 * sandal_rises
    np.testing.assert_allclose(added, expected, atol=1e-5)


def test_the_untuned_end_reads_imagenet_as_the_whole_network_would() -> None:
    whole = architectures.lite2()
    pretrained.start(whole)
    shared = keras.Model(whole.input, whole.get_layer("block14_sum").output)
    mean = keras.Model(whole.input, whole.get_layer("mean").output)
    picture = np.random.default_rng(0).random((1, 64, 64, 3), np.float32)

    end = pretrained.lite2_end(range(15, 21), 120)

    np.testing.assert_allclose(end(shared(picture)), mean(picture), atol=1e-4)
    assert not end.trainable_weights
    kernel, bias = pretrained.rows((3, 999))
    assert kernel.shape == (1280, 2) and bias.shape == (2,)


def test_tuning_the_network_leaves_what_the_untuned_end_says() -> None:
    tuned = architectures.lite2()
    pretrained.start(tuned, frozen_blocks=15)
    untuned = untuned_end(tuned, OPINION.blocks, 15)
    rows = [pretrained.rows(group) for group in OPINION.groups]
    lie = (np.full((1280, 3), 0.01, np.float32), np.array([1.0, 2.0, 3.0], np.float32))
    both = with_second_opinion(tuned, untuned, OPINION, rows)
    lying = with_second_opinion(tuned, untuned, OPINION, rows, lie)
    picture = np.random.default_rng(1).random((1, 160, 160, 3), np.float32)
    lies = lying(picture).numpy()[:, 11:]
    before = both(picture).numpy() - tuned(picture).numpy()

    tuned.get_layer("block15_expand").set_weights(
        [weight * 0.5 for weight in tuned.get_layer("block15_expand").get_weights()]
    )

    np.testing.assert_allclose(both(picture).numpy() - tuned(picture).numpy(), before, atol=1e-4)
    np.testing.assert_allclose(lying(picture)[:, :11], both(picture), atol=1e-4)
    np.testing.assert_allclose(lying(picture)[:, 11:], lies, atol=1e-4)
    np.testing.assert_allclose(lies, untuned(picture).numpy() @ lie[0] + lie[1], atol=1e-3)
    assert (both.output_shape, lying.output_shape) == ((None, 11), (None, 14))
    assert {weight.path.split("/")[0] for weight in lying.trainable_variables} == {
        weight.path.split("/")[0] for weight in tuned.trainable_variables
    }
