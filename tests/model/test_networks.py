"""The architectures, as the exercise and the recipe expect them."""

from model.networks import NETWORKS


def test_ann_is_the_original_exercise() -> None:
    network = NETWORKS["ann"]()

    assert [type(layer).__name__ for layer in network.layers] == ["Flatten", *["Dense"] * 3]
    assert [layer.units for layer in network.layers[1:]] == [50, 50, 10]
    assert [layer.activation.__name__ for layer in network.layers[1:]] == ["relu"] * 2 + ["softmax"]
    # 784·50+50 + 50·50+50 + 50·10+10
    assert network.count_params() == 42_310


def test_convnet_is_small_and_ends_in_eleven_logits() -> None:
    network = NETWORKS["convnet"]()

    assert network.input_shape == (None, 64, 64, 3)
    assert network.output_shape == (None, 11)
    assert network.count_params() < 1_000_000
    assert network.layers[-1].activation.__name__ == "linear"
