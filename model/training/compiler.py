"""Compiles a Keras model to LiteRT, and checks that both give the same answers."""

import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from PIL import Image
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from model.common.labels import LABELS
from model.common.registry.serving_config import Kind, Precision, ServingConfig
from model.common.settings import Settings
from model.common.stderr import silenced
from model.datasets import labelled_pictures
from model.datasets.labelled_pictures import Labelled
from model.serving.classifier import Classifier, Prepared, UnusableModelError, grouped
from model.serving.compiled_network import Branch, Floats
from model.training.flatbuffer import packed, unpacked

# By how much a logit of the compiled network may differ from Keras's. Both add up the same
# products, in another order; of float16 each weight is rounded to eleven binary digits.
LARGEST_DIFFERENCE: dict[Precision, float] = {"float32": 0.001, "float16": 0.25}
# What int8 may lose of the accuracy, as a share: its logits differ, and are not compared.
ACCURACY_LOST = 0.003
ONLY = "serving_default"  # the branch of a model with one input
BATCH = 64  # pictures that Keras is shown at a time


class UncompilableError(Exception):
    """The model cannot be compiled, or its compiled form is another; str() says why."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A network's compiled form, and how it compares with Keras's.

    `config` is the network's, with what was found out about the compiled form. `difference` is the
    largest of any logit. `accuracies`: by kind, which shares of the garments Keras and the
    compiled form name rightly.
    """

    content: bytes
    config: ServingConfig
    pictures: int
    difference: float
    accuracies: dict[Kind, tuple[float, float]]

    def write_next_to(self, path: Path) -> None:
        """Write FILE.tflite and the config next to FILE.keras."""
        path.with_suffix(".tflite").write_bytes(self.content)
        self.config.write_next_to(path)

    def __str__(self) -> str:
        """The figures for people."""
        accuracies = ", ".join(
            f"{100 * after:.2f} % of {kind} pictures named rightly (by Keras {100 * before:.2f} %)"
            for kind, (before, after) in self.accuracies.items()
        )
        size = f"{self.config.precision}, {len(self.content) / 1e6:.1f} MB"
        difference = f"no logit differs by more than {self.difference:.2g}"
        return f"{size}; of {self.pictures} pictures tried, {accuracies}; {difference}"


class KerasNetwork:
    """A Keras model behind the classifier's interface for networks: one branch, or several.

    Raises UncompilableError if it is something else.
    """

    def __init__(self, model: keras.Model) -> None:
        if isinstance(model, keras.Sequential) or not isinstance(model.input, dict):
            inputs, outputs = ({ONLY: end} for end in (_only(model.inputs), _only(model.outputs)))
        else:
            inputs, outputs = model.input, model.output
        if not (
            isinstance(outputs, dict)
            and inputs.keys() == outputs.keys()
            and all(_rank(each) == 4 for each in inputs.values())
            and all(_rank(each) == 2 for each in outputs.values())
        ):
            raise UncompilableError("It does not turn pictures into one answer each.")
        self.branches = {
            name: Branch(*inputs[name].shape[1:], outputs=outputs[name].shape[-1])  # type: ignore[misc]
            for name in inputs
        }
        self._calls = {name: _call(inputs[name], outputs[name]) for name in inputs}

    def outputs(self, branch: str, images: Floats) -> Floats:
        """What a branch says of images [n, height, width, channels]: [n, k]."""
        starts = range(0, len(images), BATCH)
        call = self._calls[branch]
        return np.concatenate([call(images[n : n + BATCH])["outputs"].numpy() for n in starts])

    def frozen(self, branch: str) -> Any:
        """The branch as a concrete function whose weights are constants.

        As variables they would be lost if the converter takes several functions.
        """
        call = self._calls[branch]
        constant = convert_variables_to_constants_v2(call.get_concrete_function())
        frozen = tf.function(
            lambda images: {"outputs": constant(images)[0]}, input_signature=call.input_signature
        )
        return frozen.get_concrete_function()


def _call(inputs: Any, outputs: Any) -> Any:
    """A branch as a function of images."""
    model = keras.Model(inputs, outputs)
    takes = tf.TensorSpec((None, *inputs.shape[1:]), tf.float32, name="images")
    return tf.function(
        lambda images: {"outputs": model(images, training=False)}, input_signature=[takes]
    )


def load(path: Path) -> keras.Model:
    """The model in FILE.keras. Raises UncompilableError.

    In safe mode: a file that would run code of its own is refused.
    """
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:
        raise UncompilableError("It is not a Keras model that can be loaded.") from error


def compiled(
    model: keras.Model,
    config: ServingConfig,
    held_back: Iterable[Labelled],
    *,
    precision: Precision = "float32",
    calibration: Iterable[Image.Image] = (),
) -> Compiled:
    """The model's compiled form, compared with it on pictures held back from training.

    For int8, whose numbers have 256 steps, `calibration` are some hundreds of pictures by which the
    steps are chosen, of both kinds if the model has two branches. Raises UncompilableError where
    the model cannot be served, or the compiled form says too different things.
    """
    network = KerasNetwork(model)
    try:
        reference = Classifier(network, config)
    except UnusableModelError as error:
        raise UncompilableError(str(error)) from error
    shown = [reference.prepare(picture) for picture in calibration]
    if precision == "int8" and {each.kind for each in shown} < reference.kinds:
        raise UncompilableError(
            "int8 is chosen by pictures, photos and small ones: set DATASETS_DIR, see "
            "docs/models/data.md."
        )
    try:
        content = _converted(network, reference, precision, shown)
    # Whatever the converter raises at an operation that it does not know.
    except Exception as error:
        raise UncompilableError(f"It cannot be compiled: {error}"[:1000]) from error
    config = replace(config, precision=precision, parameters=model.count_params())
    return _compared(reference, content, config, held_back)


def of_file(path: Path, settings: Settings, *, precision: Precision | None = None) -> Compiled:
    """FILE.keras compiled with the config next to it, compared on what `settings` has of data sets.

    With the config's own precision if none is asked for. Raises UncompilableError, and
    UnavailableError of either data set.
    """
    try:
        config = ServingConfig.next_to(path)
    except ValueError as error:
        raise UncompilableError("The config next to it is not a model's.") from error
    precision = precision or config.precision
    done = compiled(
        load(path),
        config,
        labelled_pictures.held_back(settings),
        precision=precision,
        calibration=labelled_pictures.to_calibrate(settings) if precision == "int8" else (),
    )
    origin = sha256(path.read_bytes()).hexdigest()
    return replace(done, config=replace(done.config, compiled_from=origin))


def _converted(
    network: KerasNetwork, shower: Classifier, precision: Precision, shown: Sequence[Prepared]
) -> bytes:
    signatures = {name: network.frozen(name) for name in network.branches}

    def representative() -> Iterator[tuple[str, dict[str, Floats]]]:
        for each in shown:
            yield shower.branch(each.kind), {"images": each.pixels[None]}

    # The converter writes to stderr, warns of an interpreter that it uses itself, and of ours.
    unwarned = warnings.catch_warnings(action="ignore")
    with TemporaryDirectory(prefix="modista-compiling-") as folder, silenced(), unwarned:
        tf.saved_model.save(tf.Module(), folder, signatures=signatures)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, list(signatures))
        if precision != "float32":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if precision == "float16":
            converter.target_spec.supported_types = [tf.float16]
        if precision == "int8":
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
            converter.representative_dataset = representative
        return packed(unpacked(converter.convert()))


def _compared(
    reference: Classifier, content: bytes, config: ServingConfig, held_back: Iterable[Labelled]
) -> Compiled:
    """Both forms on the same pictures. Raises UncompilableError if they differ too much."""
    try:
        candidate = Classifier.of(content, config)
    except UnusableModelError as error:
        raise UncompilableError(str(error)) from error
    pictures, accepted = [], []
    for picture, classes in held_back:
        pictures.append(reference.prepare(picture))
        accepted.append([label.index in classes for label in LABELS])
    right = np.array(accepted, bool)
    differences: list[float] = []
    hits: dict[Kind, list[NDArray[np.bool_]]] = {}
    for kind, places, pixels in grouped(pictures):
        # As they lie: a hair's difference may decide which way a photo is turned.
        outputs = [each.outputs_as_they_lie(kind, pixels) for each in (reference, candidate)]
        differences.append(float(np.abs(outputs[0] - outputs[1]).max()))
        likeliest = [each[:, : len(LABELS)].argmax(axis=1) for each in outputs]
        shown = right[places].any(axis=1)
        found = np.stack([right[places, each][shown] for each in likeliest])
        if shown.any():
            hits.setdefault(kind, []).append(found)
    # [2, n]: by Keras and by the compiled form.
    accuracies = {
        kind: tuple(np.concatenate(parts, axis=1).mean(axis=1)) for kind, parts in hits.items()
    }
    done = Compiled(content, config, len(pictures), max(differences), accuracies)
    # Not a number is not within any bound.
    if not done.difference <= LARGEST_DIFFERENCE.get(config.precision, math.inf):
        raise UncompilableError(f"The compiled form gives other answers: {done}.")
    if any(before - after > ACCURACY_LOST for before, after in accuracies.values()):
        raise UncompilableError(f"The compiled form is right less often: {done}.")
    return done


def _only(tensors: Sequence[Any]) -> Any:
    return tensors[0] if len(tensors) == 1 else tensors


def _rank(tensor: Any) -> int:
    """How many dimensions an end of a model has; 0 if it is several tensors."""
    return len(tensor.shape) if isinstance(tensor, keras.KerasTensor) else 0
