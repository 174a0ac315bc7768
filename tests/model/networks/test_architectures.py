"""The architectures, as the exercise and the recipe expect them."""

import numpy as np

from model.networks.architectures import NETWORKS, freeze, lite2


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


def test_frozen_blocks_stay_as_they_are_and_the_rest_learns() -> None:
    network = NETWORKS["litenet"]()

    freeze(network, 6)

    trainable = {layer.name: layer.trainable for layer in network.layers if layer.weights}
    assert not trainable["stem"] and not trainable["block5_expand"]
    assert trainable["block6_expand"] and trainable["block10_project"] and trainable["logits"]
    freeze(network, 0)
    assert all(layer.trainable for layer in network.layers)


def test_the_teacher_is_all_of_lite2_and_no_network_to_choose() -> None:
    network = lite2()

    depthwise = [layer.name for layer in network.layers if layer.name.endswith("_depthwise")]
    assert len(depthwise) == 21
    assert network.output_shape == (None, 11)
    assert "lite2" not in NETWORKS
