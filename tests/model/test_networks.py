"""The architectures, as the exercise and the recipe expect them."""

import numpy as np

from model.networks import NETWORKS


def test_ann_is_the_original_exercise() -> None:
    network = NETWORKS["ann"]()

    assert [type(layer).__name__ for layer in network.layers] == ["Flatten", *["Dense"] * 3]
    assert [layer.units for layer in network.layers[1:]] == [50, 50, 10]
    assert [layer.activation.__name__ for layer in network.layers[1:]] == ["relu"] * 2 + ["softmax"]
    # 784·50+50 + 50·50+50 + 50·10+10
    assert network.count_params() == 42_310


def test_litenet_takes_any_side_and_ends_in_eleven_logits() -> None:
    network = NETWORKS["litenet"]()

    assert network.input_shape == (None, None, None, 3)
    assert network.count_params() < 1_000_000
    assert network.layers[-1].activation.__name__ == "linear"
    for side in (32, 48):
        images = np.zeros((2, side, side, 3), np.float32)
        assert np.asarray(network(images)).shape == (2, 11)
