"""Compiling: what LiteRT says of pictures is what Keras says, or the model is refused."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

from model.common.registry.serving_config import Precision, ServingConfig
from model.common.settings import Settings
from model.datasets import labelled_pictures
from model.datasets.labelled_pictures import Labelled, drawn
from model.networks.architectures import NETWORKS
from model.serving.classifier import Classifier
from model.training import compiler
from model.training.compiler import UncompilableError
from tests.helpers.models import tiny

BOTH = ServingConfig(version="a", photo_shapes=((24, 24), (28, 20)), small_shape=(16, 16))


BRANCHES: dict[str, tuple[int | None, ...]] = {"photo": (None, None, 3), "small": (16, 16, 1)}


def two_branches() -> keras.Model:
    """Photos of any size in colour, small pictures in grey; two networks in one."""
    keras.utils.set_random_seed(3)
    inputs = {name: keras.Input(shape, name=name) for name, shape in BRANCHES.items()}
    outputs = {}
    for name, pictures in inputs.items():
        features = keras.layers.Conv2D(8, 3, strides=2, padding="same")(pictures)
        features = keras.layers.ReLU()(keras.layers.BatchNormalization()(features))
        pooled = keras.layers.GlobalAveragePooling2D()(features)
        outputs[name] = keras.layers.Dense(11)(pooled)
    return keras.Model(inputs, outputs)


@cache
def pictures() -> list[Labelled]:
    """A few, of every size."""
    return list(drawn(range(0, 60, 5)))


def images() -> list[Image.Image]:
    return [picture for picture, _ in pictures()]


NETWORKS_WITH_CONFIGS: dict[str, tuple[Callable[[], keras.Model], ServingConfig]] = {
    "two branches": (two_branches, BOTH),
    "one branch": (tiny, BOTH),
    "ann": (NETWORKS["ann"], ServingConfig(version="a")),
}


@pytest.mark.parametrize("name", NETWORKS_WITH_CONFIGS)
@pytest.mark.parametrize("precision", ["float32", "float16", "int8"])
def test_the_compiled_form_says_what_keras_says(name: str, precision: Precision) -> None:
    build, config = NETWORKS_WITH_CONFIGS[name]
    model = build()
    # The accuracy of a network that has not learned is no matter.
    held_back = ((picture, frozenset[int]()) for picture, _ in pictures())

    done = compiler.compiled(model, config, held_back, precision=precision, calibration=images())

    assert done.config.precision == precision
    assert done.config.parameters == model.count_params()
    reference = Classifier(compiler.KerasNetwork(model), config)
    compiled = Classifier.of(done.content, done.config)
    for expected, found in zip(
        reference.classify(images()), compiled.classify(images()), strict=True
    ):
        within = {"float32": 1e-4, "float16": 0.01, "int8": 0.08}[precision]
        assert found.probabilities == pytest.approx(expected.probabilities, abs=within)
        assert found.garment_score == pytest.approx(expected.garment_score, abs=within)


def test_a_compiled_form_that_says_something_else_is_refused_with_the_figures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    honest = compiler._converted

    def other(_: Any, *arguments: Any) -> bytes:
        keras.utils.set_random_seed(9)
        return honest(compiler.KerasNetwork(tiny()), *arguments)

    monkeypatch.setattr(compiler, "_converted", other)
    with pytest.raises(UncompilableError, match=r"other answers: float32, .*no logit differs by"):
        compiler.compiled(tiny(), BOTH, pictures())


def test_int8_that_is_right_less_often_is_refused_with_the_figures() -> None:
    model = tiny()
    reference = Classifier(compiler.KerasNetwork(model), BOTH)
    # What Keras says counts as right; steps chosen by a black picture cannot follow it.
    held_back = [
        (picture, frozenset({said.label.index}))
        for picture, said in zip(images(), reference.classify(images()), strict=True)
    ]
    black = [Image.new("RGB", size) for size in ((200, 300), (16, 16))]

    with pytest.raises(
        UncompilableError, match=r"right less often: int8, .*\(by Keras 100\.00 %\)"
    ):
        compiler.compiled(model, BOTH, held_back, precision="int8", calibration=black)


def test_int8_wants_pictures_of_both_kinds() -> None:
    photos = [image for image in images() if max(image.size) > 64]
    for calibration in ([], photos):
        with pytest.raises(UncompilableError, match="DATASETS_DIR"):
            compiler.compiled(tiny(), BOTH, pictures(), precision="int8", calibration=calibration)


def sequential(*shape: int | None, outputs: int = 10) -> keras.Model:
    return keras.Sequential(
        [keras.Input(shape), keras.layers.Flatten(), keras.layers.Dense(outputs, "softmax")]
    )


def two_inputs() -> keras.Model:
    inputs = [keras.Input((28, 28, 1)), keras.Input((28, 28, 1))]
    together = keras.layers.Flatten()(keras.layers.Concatenate()(inputs))
    return keras.Model(inputs, keras.layers.Dense(10)(together))


def other_names() -> keras.Model:
    pictures = keras.Input((28, 28, 1))
    flat = keras.layers.Flatten()(pictures)
    return keras.Model({"photo": pictures}, {"answer": keras.layers.Dense(10)(flat)})


def never_a_number() -> keras.Model:
    model = sequential(28, 28, 1)
    model.set_weights([np.full_like(weight, np.nan) for weight in model.get_weights()])
    return model


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: sequential(28, 28, 1, outputs=5), "ten classes"),
        (lambda: sequential(784), "one answer each"),
        (lambda: sequential(28, 28, 4), "ten classes"),
        (two_inputs, "one answer each"),
        (other_names, "one answer each"),
        (never_a_number, "other answers"),
        (NETWORKS["litenet"], "photo_shapes"),
    ],
)
def test_a_model_that_cannot_serve_is_refused(
    build: Callable[[], keras.Model], sentence: str
) -> None:
    with pytest.raises(UncompilableError, match=sentence):
        compiler.compiled(build(), ServingConfig(version="a"), pictures())


def test_a_file_is_compiled_beside_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.keras"
    model = NETWORKS["ann"]()
    model.save(file)

    monkeypatch.setattr(labelled_pictures, "held_back", lambda _: pictures())
    compiler.of_file(file, Settings(datasets_dir=None)).write_next_to(file)

    classifier = Classifier.load(file.with_suffix(".tflite"))
    assert (classifier.version, classifier.config.parameters) == ("a", model.count_params())
    pixels = np.random.default_rng(0).random((3, 28, 28, 1)).astype(np.float32)
    assert np.exp(classifier.outputs("photo", pixels)) == pytest.approx(
        np.asarray(model(pixels)), abs=1e-5
    )


@pytest.mark.parametrize("content", [b"", b"not a zip"])
def test_what_is_no_keras_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.keras"
    file.write_bytes(content)
    with pytest.raises(UncompilableError, match="not a Keras model"):
        compiler.of_file(file, Settings(datasets_dir=None))
