"""The classifier: any number of images in, calibrated predictions out."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from model.common.registry.serving_config import COMPILED, ServingConfig
from model.serving.classifier import Classifier, UnusableModelError
from tests.drawings import scene
from tests.helpers.model.networks import FakeNetwork, left_half, logits, one, two

SQUARES = ServingConfig(version="a", photo_shapes=((96, 96),), small_shape=(32, 32))
ASPECTS = ServingConfig(
    version="a", photo_shapes=((96, 96), (112, 84), (84, 112), (128, 72)), small_shape=(28, 28)
)


def noise(*sizes: tuple[int, int]) -> list[Image.Image]:
    """Pictures of these widths and heights."""
    generator = np.random.default_rng(0)
    return [Image.fromarray(generator.integers(0, 255, (h, w, 3), np.uint8)) for w, h in sizes]


@pytest.mark.parametrize("count", [0, 1, 8, 11])
def test_one_prediction_for_each_image(count: int) -> None:
    classifier = Classifier(one(), SQUARES)
    predictions = classifier.classify(noise(*[(30 + 7 * n, 50) for n in range(count)]))

    assert len(predictions) == count
    for prediction in predictions:
        assert sum(prediction.probabilities) == pytest.approx(1.0, abs=1e-5)
        assert 0.0 <= prediction.garment_score <= 1.0
        assert prediction.model == classifier.version


@pytest.mark.parametrize("network", [one(), two()], ids=["one branch", "two branches"])
def test_an_answer_does_not_depend_on_its_neighbours(network: FakeNetwork) -> None:
    config = ASPECTS if "small" in network.branches else SQUARES
    classifier = Classifier(network, config)
    images = noise((20, 20), (90, 120), (20, 60), (400, 300), (90, 90), (64, 64), (70, 64))

    for image, prediction in zip(images, classifier.classify(images), strict=True):
        [alone] = classifier.classify([image])
        assert prediction.probabilities == pytest.approx(alone.probabilities, abs=1e-5)
        assert prediction.garment_score == pytest.approx(alone.garment_score, abs=1e-5)


def test_temperature_softens_and_keeps_the_order() -> None:
    images = noise((100, 100), (300, 200))
    sharp, soft = (
        Classifier(
            one(),
            ServingConfig(version="a", photo_shapes=((96, 96),), photo_temperature=t),
        ).classify(images)
        for t in (0.2, 5.0)
    )

    for sharper, softer in zip(sharp, soft, strict=True):
        assert sharper.label == softer.label
        assert max(sharper.probabilities) > max(softer.probabilities)


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ((28, 28), (28, 28, 1)),
        ((64, 20), (28, 28, 1)),
        ((65, 20), (84, 112, 3)),
        ((300, 400), (112, 84, 3)),
        ((400, 300), (84, 112, 3)),
        ((310, 300), (96, 96, 3)),
        ((200, 900), (128, 72, 3)),
    ],
)
def test_a_picture_is_shown_in_its_kind_at_the_nearest_ratio(
    size: tuple[int, int], shape: tuple[int, ...]
) -> None:
    prepared = Classifier(two(), ASPECTS).prepare(Image.new("RGB", size))

    assert prepared.pixels.shape == shape
    assert prepared.kind == ("small" if shape[0] == 28 else "photo")


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_every_size_of_picture_finds_its_shape(width: int, height: int) -> None:
    shape = ASPECTS.shape_for((height, width))

    if max(width, height) <= 64:
        assert shape == (28, 28)
    else:
        ratios = [abs(math.log(h / w) - math.log(height / width)) for h, w in ASPECTS.photo_shapes]
        assert shape == ASPECTS.photo_shapes[int(np.argmin(ratios))]


@given(st.integers(1, 400), st.integers(1, 400))
def test_a_photo_is_shown_without_its_border(width: int, height: int) -> None:
    picture = Image.new("RGB", (width, height), "white")
    # 15% of each side, half of it before the middle and half after; a small picture stays whole.
    left, top = round(width * 0.075), round(height * 0.075)
    picture.paste("black", (left, top, width - left, height - top))

    prepared = Classifier(two(), replace(ASPECTS, photo_crop=0.85)).prepare(picture)

    whole = Classifier(two(), ASPECTS).prepare(picture)
    assert (prepared.kind, prepared.pixels.shape) == (whole.kind, whole.pixels.shape)
    if prepared.kind == "photo":
        assert prepared.pixels.max() == 0.0
    else:
        assert np.array_equal(prepared.pixels, whole.pixels)


def test_each_kind_goes_by_its_own_branch() -> None:
    network = two(photo=logits(*range(11)), small=logits(*reversed(range(11))))

    small, photo = Classifier(network, ASPECTS).classify(noise((28, 28), (300, 400)))

    assert network.seen == [("small", (1, 28, 28, 1)), ("photo", (1, 112, 84, 3))]
    assert (small.label.index, photo.label.index) == (0, 9)


def test_each_kind_has_its_own_temperature() -> None:
    config = ServingConfig(
        version="a", photo_shapes=((96, 96),), small_shape=(32, 32), photo_temperature=10.0
    )
    classifier = Classifier(one(logits(*range(11))), config)

    small, photo = classifier.classify(noise((28, 28), (300, 400)))

    assert max(small.probabilities) == pytest.approx(1.0 - math.exp(-1.0), abs=0.05)
    assert max(photo.probabilities) == pytest.approx(0.15, abs=0.03)


def test_the_mirror_image_counts_where_the_config_says_so() -> None:
    config = ServingConfig(
        version="a", photo_shapes=((96, 96),), small_shape=(32, 32), mirrored=("small",)
    )
    classifier = Classifier(one(), config)

    for size, alike in (((32, 32), True), ((96, 96), False)):
        [image] = noise(size)
        image.paste("black", (0, 0, size[0] // 2, size[1]))
        there, back = classifier.classify([image, image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)])
        assert np.allclose(there.probabilities, back.probabilities, atol=1e-6) == alike


def test_the_garment_score_is_the_sigmoid_of_the_last_logit() -> None:
    config = ServingConfig(
        version="a", photo_shapes=((96, 96),), garment_temperature=2.0, garment_bias=0.5
    )
    [prediction] = Classifier(one(logits(*[0.0] * 10, 3.0)), config).classify(noise((96, 96)))

    expected = 1.0 / (1.0 + math.exp(-(3.0 / 2.0 + 0.5)))
    assert prediction.garment_score == pytest.approx(expected, abs=1e-5)


def test_a_branch_that_does_not_speak_of_garments_stands_by_its_likeliest_class() -> None:
    network = two(small=logits(*range(10)), outputs=10)

    [prediction] = Classifier(network, ASPECTS).classify(noise((28, 28)))

    assert prediction.garment_score == max(prediction.probabilities)
    assert max(prediction.probabilities) == pytest.approx(1.0 - math.exp(-1.0), abs=0.01)


def test_ten_outputs_of_the_only_branch_are_probabilities() -> None:
    said = [0.91, *[0.01] * 9]
    network = one(logits(*said), outputs=10, height=28, width=28, channels=1)

    [prediction] = Classifier(network, ServingConfig(version="a")).classify(noise((300, 300)))

    assert prediction.probabilities == pytest.approx(said, abs=1e-5)
    assert prediction.garment_score == pytest.approx(0.91, abs=1e-5)


@pytest.mark.parametrize("branches", [1, 2])
def test_only_a_grey_network_of_one_branch_sees_light_on_black(branches: int) -> None:
    network = one(height=28, width=28, channels=1) if branches == 1 else two()
    dark_on_white = Image.new("RGB", (60, 60), "white")
    dark_on_white.paste((20, 20, 20), (18, 18, 42, 42))

    pixels = Classifier(network, ASPECTS).prepare(dark_on_white).pixels

    assert pixels.shape == (28, 28, 1)
    light, dark = pixels[0, 0, 0], pixels[14, 14, 0]
    assert (light < 0.05 and dark > 0.85) if branches == 1 else (light > 0.95 and dark < 0.15)


def test_fashion_mnist_pixels_go_the_way_of_photos() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (9, 28, 28), np.uint8)

    probabilities, scores = Classifier(two(), ASPECTS).predict_arrays(pixels)

    assert probabilities.shape == (9, 10) and scores.shape == (9,)


def test_warming_up_runs_every_shape_once() -> None:
    network = two()
    Classifier(network, ASPECTS).warm_up()

    assert sorted(network.seen) == sorted(
        [("small", (1, 28, 28, 1)), *(("photo", (1, *shape, 3)) for shape in ASPECTS.photo_shapes)]
    )


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        (one(outputs=3), "ten classes"),
        (one(channels=4), "ten classes"),
        (FakeNetwork(), "several branches"),
        (
            FakeNetwork(**{name: (one().branches["serving_default"], left_half) for name in "ab"}),
            "photo and small",
        ),
        (one(), "photo_shapes"),
    ],
)
def test_a_network_that_does_not_fit_is_refused(network: FakeNetwork, sentence: str) -> None:
    with pytest.raises(UnusableModelError, match=sentence):
        Classifier(network, ServingConfig(version="a"))


@pytest.mark.parametrize("content", [None, b"", b"not a network", b"\0" * 100])
def test_what_is_no_model_is_refused_in_words(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "broken.tflite"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(UnusableModelError, match=r"broken\.tflite"):
        Classifier.load(file)


@pytest.mark.parametrize("text", ['{"version": "old", "colour": "blue"}', "no JSON", "[]"])
def test_a_config_that_is_none_is_refused_in_words(tmp_path: Path, text: str) -> None:
    file = tmp_path / "old.tflite"
    file.write_bytes(COMPILED.read_bytes())
    file.with_suffix(".json").write_text(text, encoding="utf-8")

    with pytest.raises(UnusableModelError, match="config"):
        Classifier.load(file)


def test_the_shipped_model_knows_an_empty_floor_from_a_garment() -> None:
    classifier = Classifier.load()
    garments = classifier.classify([scene(label, seed=label) for label in range(10)])
    empty = classifier.classify([Image.new("RGB", (300, 400), (150, 120, 90))])

    assert empty[0].garment_score < sorted(p.garment_score for p in garments)[5]
