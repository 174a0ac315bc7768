"""The baselines of `bench_worker`: the floor, and the exercise's own way."""

import io
import os
import time
from itertools import cycle

import numpy as np
from PIL import Image

from model.common.chart_elements import encoded
from model.common.labels import LABELS
from model.common.prediction import Prediction
from model.common.registry.serving_config import COMPILED, SHIPPED, ServingConfig
from model.networks import tensorflow_setup
from model.serving import chart
from model.serving.compiled_network import CompiledNetwork
from tests.bench.bench_photo import photos
from tests.bench.lab.measure import cpu_ms


class Baselines:
    """The floor and the exercise's way, each as CPU milliseconds of one photo."""

    def __init__(self) -> None:
        # The exercise's handler has as many threads as a worker.
        os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
        tensorflow_setup.import_tensorflow()
        import keras  # noqa: PLC0415 - after its start was made quiet

        self._files = cycle(photos()[1])
        self._network = keras.saving.load_model(SHIPPED, compile=False)
        if isinstance(self._network.input, dict):
            self._network = keras.Model(self._network.input["photo"], self._network.output["photo"])
        self._compiled = CompiledNetwork(COMPILED.read_bytes())
        self._branch = next(iter(sorted(self._compiled.branches)))  # photo, or the only one
        self._height, self._width = ServingConfig.next_to(COMPILED).photo_shapes[0]
        self._picture = np.full((1, self._height, self._width, 3), 0.5, np.float32)
        predicted = Prediction(
            probabilities=(0.01, 0.0, 0.02, 0.0, 0.01, 0.02, 0.0, 0.9, 0.03, 0.01),
            garment_score=0.9,
            verdict="sure",
            model="bench",
        )
        charts = [chart.Chart().draw(predicted, _opened(next(self._files)), "en") for _ in range(8)]
        self._charts = cycle([_opened(drawn) for drawn in charts])

    def floor(self) -> dict[str, float]:
        """Decoding, the compiled network's forward pass, the chart's file: each for one photo."""
        return {
            "decode": cpu_ms(lambda: _opened(next(self._files)), 64),
            "forward": cpu_ms(lambda: self._compiled.outputs(self._branch, self._picture), 64),
            "jpeg": cpu_ms(lambda: encoded(next(self._charts)), 64),
        }

    def floor_at(self, per_second: float, photos: int) -> float:
        """The same sum, for photos that come one by one at a given rate.

        A core that was idle works with cold caches, for any program.
        """
        started, used = time.monotonic(), 0.0
        for number in range(photos):
            time.sleep(max(0.0, started + number / per_second - time.monotonic()))
            used += cpu_ms(self._one)
        return used / photos

    def _one(self) -> None:
        _opened(next(self._files))
        self._compiled.outputs(self._branch, self._picture)
        encoded(next(self._charts))

    def exercise(self) -> float:
        """The exercise's own way."""
        return cpu_ms(self._handler, 4)

    def _handler(self) -> None:
        from matplotlib import pyplot as plt  # noqa: PLC0415 - as it stands in the exercise

        image = (
            Image.open(io.BytesIO(next(self._files)))
            .convert("RGB")
            .resize((self._width, self._height))
        )
        pixels = np.asarray(image, np.float32)[np.newaxis] / 255.0
        [logits] = self._network.predict(pixels, verbose=0)
        exponents = np.exp(logits[: len(LABELS)] - logits.max())
        figure = plt.figure(figsize=(10, 5.6))
        plt.bar([label.name for label in LABELS], exponents / exponents.sum())
        plt.savefig(io.BytesIO(), format="png")
        plt.close(figure)


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")
