"""A loaded network with its calibration: images → predictions."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.common.labels import LABELS
from model.common.prediction import Prediction
from model.common.registry.serving_config import SHIPPED, ModelCard
from model.networks.test_time_augmentation import outputs
from model.photos.stretching import stretched

Floats = NDArray[np.float32]

# At most so many pictures go through the network at a time: more are no quicker.
BATCH = 8
# Photos that a worker answers together. On one thread more are no cheaper, but 30 MB larger, and
# the first of them would wait for the last: tests/bench/bench_photo.py.
AT_ONCE = 4


class UnusableModelError(Exception):
    """The file holds no network that we can serve; str() says why, in a sentence."""


class Classifier:
    """Answers for images, in batches.

    In: Pillow images of any size and mode RGB (see `model.photos.decode`). Out: one `Prediction`
    for each, its probabilities calibrated by the network's card. The network is traced once for
    each side in the card, for any number of pictures: a trace for one number is no quicker.
    `parameters` counts the network's weights.
    """

    batch_size = BATCH

    def __init__(self, network: Any, card: ModelCard) -> None:
        import tensorflow as tf  # noqa: PLC0415 - seconds to import, and only serving needs it

        self.card = card
        self.parameters = int(network.count_params())
        _, height, width, self._channels = network.input_shape
        # (height, width) of the squares, or of the one shape that the network takes.
        self._shapes = (
            [(side, side) for side in card.sides] if height is None else [(height, width)]
        )
        temperatures = dict(enumerate(card.temperatures))
        self._temperatures = {s: temperatures.get(n, 1.0) for n, s in enumerate(self._shapes)}
        self._calls = {
            shape: tf.function(
                partial(outputs, network, mirrored=shape[0] in card.mirrored),
                input_signature=[tf.TensorSpec((None, *shape, self._channels), tf.float32)],
            )
            for shape in self._shapes
        }

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """The network in `path` (default: the one that ships), with the card beside it.

        Raises UnusableModelError where the file is missing or holds something else.
        """
        import keras  # noqa: PLC0415 - brings TensorFlow in

        path = path or SHIPPED
        if not path.is_file():
            raise UnusableModelError(f"There is no model {path}: train one, or name another file.")
        try:
            # Safe mode: a file that would run code of its own is refused.
            network = keras.saving.load_model(path, compile=False, safe_mode=True)
        except Exception as error:
            raise UnusableModelError(f"{path} is not a Keras model that can be loaded.") from error
        shape, outputs = network.input_shape, network.output_shape[-1]
        if len(shape) != 4 or outputs not in (len(LABELS), len(LABELS) + 1):
            raise UnusableModelError(f"{path} is not a classifier of images into our ten classes.")
        try:
            card = ModelCard.beside(path)
        except (TypeError, ValueError) as error:
            raise UnusableModelError(f"The card beside {path} is not one of a model.") from error
        if None in shape[1:] and not card.sides:
            raise UnusableModelError(f"{path} takes pictures of any size: its card lacks `sides`.")
        return cls(network, card)

    @property
    def version(self) -> str:
        """The name under which answers from this model are known."""
        return self.card.version

    def warm_up(self) -> None:
        """Trace the network and run it in every shape that a worker asks for, once.

        The first photos do not wait then: a shape's first run takes twice its time, or more.
        """
        for height, width in self._shapes:
            for count in range(1, AT_ONCE + 1):
                self.outputs(np.zeros((count, height, width, self._channels), np.float32))

    def classify(self, images: Sequence[Image.Image]) -> list[Prediction]:
        """One prediction for each image, in their order."""
        prepared = [self.prepare(image) for image in images]
        probabilities = np.zeros((len(images), len(LABELS)), np.float32)
        scores = np.zeros(len(images), np.float32)
        for shape in {pixels.shape for pixels in prepared}:
            places = [place for place, pixels in enumerate(prepared) if pixels.shape == shape]
            alike = np.stack([prepared[place] for place in places])
            probabilities[places], scores[places] = self.probabilities(alike)
        return [
            Prediction(
                probabilities=tuple(float(p) for p in row),
                garment_score=float(score),
                verdict=self.card.verdict(float(row.max()), float(score)),
                model=self.version,
            )
            for row, score in zip(probabilities, scores, strict=True)
        ]

    def predict_arrays(self, images: NDArray[np.uint8]) -> tuple[Floats, Floats]:
        """As `probabilities`, of raw pixels uint8 [n, h, w] (grey) or [n, h, w, 3]."""
        return self.probabilities(
            np.stack([self.prepare(Image.fromarray(pixels).convert("RGB")) for pixels in images])
        )

    def prepare(self, image: Image.Image) -> Floats:
        """An RGB image as the network wants it: [height, width, channels] in [0, 1].

        The sides are stretched to fit: nothing of the garment is cut off. A grey network was
        trained on garments that are light on black, so a picture with a light border is inverted.
        """
        # The smallest shape that holds the picture: blown up further it would cost more and show
        # nothing more.
        large = self._shapes[-1]
        height, width = next((s for s in self._shapes if min(s) >= max(image.size)), large)
        size = (width, height)
        if self._channels == 3:
            return np.asarray(stretched(image, size), np.float32) / 255.0
        grey = np.asarray(stretched(image.convert("L"), size), np.float32)
        border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
        if np.median(border) > 127.0:
            grey = 255.0 - grey
        return grey[..., None] / np.float32(255.0)

    def probabilities(self, images: Floats) -> tuple[Floats, Floats]:
        """Prepared images [n, height, width, channels] → ([n, 10] summing to 1, garment score [n]).

        A network that does not say whether there is a garment is taken at its likeliest class's
        probability.
        """
        outputs = self.outputs(images)
        if outputs.shape[1] == len(LABELS):
            logits = np.log(np.clip(outputs, 1e-9, 1.0))
        else:
            logits = outputs[:, : len(LABELS)]
        scaled = logits / self._temperatures[images.shape[1:3]]
        exponents = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        probabilities = exponents / exponents.sum(axis=1, keepdims=True)
        if outputs.shape[1] == len(LABELS):
            return probabilities, probabilities.max(axis=1)
        garment = outputs[:, -1] / self.card.garment_temperature + self.card.garment_bias
        return probabilities, (1.0 / (1.0 + np.exp(-garment))).astype(np.float32)

    def outputs(self, images: Floats) -> Floats:
        """The network's own outputs, [n, 10] or [n, 11], for any number of prepared images."""
        call = self._calls[images.shape[1:3]]
        starts = range(0, len(images), BATCH)
        return np.concatenate([call(images[start : start + BATCH]).numpy() for start in starts])
