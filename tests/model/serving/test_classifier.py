"""The classifier: any number of images in, calibrated predictions out."""

import math
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from model.common.pictograms import scene
from model.common.registry.serving_config import SHIPPED, ModelCard
from model.networks.architectures import NETWORKS
from model.serving.classifier import Classifier, UnusableModelError


def grey_images(count: int) -> list[Image.Image]:
    return [Image.new("RGB", (30 + 7 * i, 50), (i * 9 % 255, 80, 120)) for i in range(count)]


SIDES = (32, 48)


@pytest.fixture(scope="module", params=sorted(NETWORKS))
def classifier(request: pytest.FixtureRequest) -> Classifier:
    keras.utils.set_random_seed(1)
    card = ModelCard(version=f"{request.param}-test", sides=SIDES)
    return Classifier(NETWORKS[request.param](), card)


@pytest.mark.parametrize("count", [0, 1, 8, 11])
def test_one_prediction_for_each_image(classifier: Classifier, count: int) -> None:
    predictions = classifier.classify(grey_images(count))

    assert len(predictions) == count
    for prediction in predictions:
        assert sum(prediction.probabilities) == pytest.approx(1.0, abs=1e-5)
        assert 0.0 <= prediction.garment_score <= 1.0
        assert prediction.model == classifier.version


def test_an_answer_does_not_depend_on_its_neighbours(classifier: Classifier) -> None:
    images = grey_images(11)

    together = classifier.classify(images)
    alone = classifier.classify(images[9:10])[0]

    assert together[9].probabilities == pytest.approx(alone.probabilities, abs=1e-4)


def test_the_network_is_traced_once_for_each_side(monkeypatch: pytest.MonkeyPatch) -> None:
    traced: list[int] = []

    def outputs(network: keras.Model, images: keras.KerasTensor, *, mirrored: bool) -> object:
        traced.append(images.shape[1])
        return network(images, training=mirrored)

    monkeypatch.setattr("model.serving.classifier.outputs", outputs)
    classifier = Classifier(NETWORKS["litenet"](), ModelCard(version="a", sides=SIDES))
    classifier.warm_up()
    for count in (1, 2, 5, 8, 11):
        classifier.classify(grey_images(count))

    assert traced == list(SIDES)


def test_temperature_softens_and_keeps_the_order() -> None:
    network = NETWORKS["ann"]()
    images = grey_images(3)
    sharp, soft = (
        Classifier(network, ModelCard(version="a", temperatures=(t,))).classify(images)
        for t in (0.2, 5.0)
    )

    for one, other in zip(sharp, soft, strict=True):
        assert one.label == other.label
        assert max(one.probabilities) > max(other.probabilities)


@pytest.mark.parametrize(
    ("size", "side"), [((28, 28), 32), ((32, 20), 32), ((33, 20), 48), ((300, 400), 48)]
)
def test_a_picture_is_shown_at_the_smallest_side_that_holds_it(
    size: tuple[int, int], side: int
) -> None:
    classifier = Classifier(NETWORKS["litenet"](), ModelCard(version="a", sides=SIDES))

    assert classifier.prepare(Image.new("RGB", size)).shape == (side, side, 3)


def test_small_and_large_pictures_share_a_batch_and_keep_their_order() -> None:
    classifier = Classifier(NETWORKS["litenet"](), ModelCard(version="a", sides=SIDES))
    noise = np.random.default_rng(0)
    sizes = [20, 90, 20, 90, 90, 20, 90, 90, 90, 90, 90, 90]
    images = [Image.fromarray(noise.integers(0, 255, (n, n, 3), np.uint8)) for n in sizes]

    together = classifier.classify(images)

    for image, prediction in zip(images, together, strict=True):
        alone = classifier.classify([image])[0]
        assert prediction.probabilities == pytest.approx(alone.probabilities, abs=1e-5)


def test_each_side_has_its_own_temperature() -> None:
    network = NETWORKS["litenet"]()
    network.get_layer("logits").bias.assign(np.arange(11.0))
    images = [np.full((1, side, side, 3), 0.3, np.float32) for side in SIDES]
    card = ModelCard(version="a", sides=SIDES, temperatures=(1.0, 10.0))

    small, large = (Classifier(network, card).probabilities(image)[0].max() for image in images)

    assert small == pytest.approx(1.0 - math.exp(-1.0), abs=0.05)
    assert large == pytest.approx(0.15, abs=0.03)


def test_where_the_card_says_so_a_picture_and_its_mirror_image_are_answered_alike() -> None:
    keras.utils.set_random_seed(1)
    pictures = keras.Input((None, None, 3))
    mean = keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(11, 3, strides=2)(pictures))
    card = ModelCard(version="a", sides=SIDES, mirrored=SIDES[:1])
    classifier = Classifier(keras.Model(pictures, mean), card)
    noise = np.random.default_rng(0)

    for side, alike in zip(SIDES, (True, False), strict=True):
        images = noise.random((3, side, side, 3)).astype(np.float32)
        there, back = classifier.outputs(images), classifier.outputs(images[:, :, ::-1])
        assert np.allclose(there, back, atol=1e-6) == alike


def test_the_garment_score_is_the_sigmoid_of_the_last_logit() -> None:
    classifier = Classifier(
        NETWORKS["litenet"](),
        ModelCard(version="a", sides=SIDES, garment_temperature=2.0, garment_bias=0.5),
    )
    images = np.full((1, 48, 48, 3), 0.3, np.float32)

    logit = float(classifier.outputs(images)[0, -1])

    expected = 1.0 / (1.0 + math.exp(-(logit / 2.0 + 0.5)))
    assert classifier.probabilities(images)[1][0] == pytest.approx(expected, abs=1e-5)


def test_a_grey_network_sees_light_on_black() -> None:
    classifier = Classifier(NETWORKS["ann"](), ModelCard(version="ann"))
    dark_on_white = Image.new("RGB", (100, 100), "white")
    dark_on_white.paste((20, 20, 20), (30, 30, 70, 70))

    prepared = classifier.prepare(dark_on_white)

    assert prepared.shape == (28, 28, 1)
    assert prepared[0, 0, 0] < 0.05 and prepared[14, 14, 0] > 0.85


def test_fashion_mnist_pixels_go_the_way_of_photos(classifier: Classifier) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (9, 28, 28), np.uint8)

    probabilities, scores = classifier.predict_arrays(pixels)

    assert probabilities.shape == (9, 10) and scores.shape == (9,)


def test_a_saved_network_comes_back_with_its_card(tmp_path: Path) -> None:
    file = tmp_path / "small.keras"
    network = NETWORKS["ann"]()
    network.save(file)
    ModelCard(version="small-7", temperatures=(1.5,)).write_beside(file)

    loaded = Classifier.load(file)

    assert (loaded.version, loaded.card.temperatures) == ("small-7", (1.5,))
    image = np.full((1, 28, 28, 1), 0.5, np.float32)
    assert loaded.outputs(image) == pytest.approx(np.asarray(network(image)), abs=1e-5)


@pytest.mark.parametrize("content", [None, b"", b"not a zip"])
def test_what_is_no_model_is_refused_in_words(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "broken.keras"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(UnusableModelError, match=r"broken\.keras"):
        Classifier.load(file)


def test_a_network_for_any_side_is_refused_without_the_sides_in_its_card(tmp_path: Path) -> None:
    file = tmp_path / "any.keras"
    NETWORKS["litenet"]().save(file)

    with pytest.raises(UnusableModelError, match="sides"):
        Classifier.load(file)


def test_a_card_with_unknown_fields_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "old.keras"
    NETWORKS["ann"]().save(file)
    file.with_suffix(".json").write_text('{"version": "old", "colour": "blue"}', encoding="utf-8")

    with pytest.raises(UnusableModelError, match="card"):
        Classifier.load(file)


def test_a_network_with_other_classes_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "three.keras"
    keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(3)]).save(
        file
    )

    with pytest.raises(UnusableModelError, match="ten classes"):
        Classifier.load(file)


@pytest.mark.skipif(not SHIPPED.exists(), reason="no model ships in model/weights yet")
def test_the_shipped_model_knows_an_empty_floor_from_a_garment() -> None:
    classifier = Classifier.load()
    garments = classifier.classify([scene(label, seed=label) for label in range(10)])
    empty = classifier.classify([Image.new("RGB", (300, 400), (150, 120, 90))])

    assert empty[0].garment_score < sorted(p.garment_score for p in garments)[5]
