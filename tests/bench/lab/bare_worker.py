"""What stands beside the worker in `bench_worker`: the floor, and the exercise's own way."""

import io
import statistics
from itertools import cycle

import numpy as np
from PIL import Image

from model.common.labels import LABELS
from model.common.prediction import Prediction
from model.common.registry.serving_config import SHIPPED
from model.networks import tensorflow_setup
from model.serving import chart
from model.serving.worker import THREADS
from tests.bench.bench_photo import photos
from tests.bench.lab.measure import cpu_ms

SIDE = 128  # px, of the pictures that the network sees of a photo


class Beside:
    """The floor and the exercise's way, each as CPU milliseconds of one photo."""

    def __init__(self) -> None:
        tensorflow_setup.import_tensorflow(threads=THREADS)
        import keras  # noqa: PLC0415 - after its start was made quiet
        import tensorflow as tf  # noqa: PLC0415

        self._files = cycle(photos()[1])
        self._network = keras.saving.load_model(SHIPPED, compile=False)
        self._pictures = np.random.default_rng(0).random((8, SIDE, SIDE, 3), np.float32)
        self._call = tf.function(
            lambda images: self._network(images, training=False),
            input_signature=[tf.TensorSpec((None, SIDE, SIDE, 3), tf.float32)],
        )
        predicted = Prediction(
            probabilities=(0.01, 0.0, 0.02, 0.0, 0.01, 0.02, 0.0, 0.9, 0.03, 0.01),
            garment_score=0.9,
            verdict="sure",
            model="bench",
        )
        charts = [chart.Chart().draw(predicted, _opened(next(self._files)), "en") for _ in range(8)]
        self._charts = cycle([_opened(drawn) for drawn in charts])

    def floor(self, batches: dict[int, int]) -> dict[str, float]:
        """Decoding, forward passes in batches of these sizes, JPEGs: each for one photo."""
        total = sum(size * number for size, number in batches.items())
        passes = (number * self._pass(size) for size, number in batches.items() if number)
        return {
            "decode": cpu_ms(lambda: _opened(next(self._files)), 64),
            "forward": sum(passes) / total,
            "jpeg": cpu_ms(lambda: chart.encoded(next(self._charts)), 64),
        }

    def exercise(self) -> float:
        """The exercise's own way."""
        return cpu_ms(self._handler, 4)

    def _pass(self, size: int) -> float:
        pictures = self._pictures[:size]
        return statistics.median(cpu_ms(lambda: self._call(pictures).numpy()) for _ in range(12))

    def _handler(self) -> None:
        from matplotlib import pyplot as plt  # noqa: PLC0415 - as it stands in the exercise

        image = Image.open(io.BytesIO(next(self._files))).convert("RGB").resize((SIDE, SIDE))
        pixels = np.asarray(image, np.float32)[np.newaxis] / 255.0
        [logits] = self._network.predict(pixels, verbose=0)
        exponents = np.exp(logits[: len(LABELS)] - logits.max())
        figure = plt.figure(figsize=(10, 5.6))
        plt.bar([label.name for label in LABELS], exponents / exponents.sum())
        plt.savefig(io.BytesIO(), format="png")
        plt.close(figure)


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")
