"""`python -m tests.faults.lab.stand_in HOW`: a worker that is slow, or fails on marked photos.

Everything but the classifier is the real worker's. HOW is
- "poison": the process kills itself while it predicts a photo with a red corner, and while a
  file that ends in MARK is decoded;
- "slow=SECONDS": a batch takes so long.
"""

import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from unittest.mock import patch

from PIL import Image

from model.common import logs
from model.common.prediction import Prediction
from model.common.settings import Settings
from model.photos.decoder import Decoder
from model.serving import worker
from model.serving.chart import Chart

MARK = b"a photo that kills its worker"
decode = Decoder.decode


class Classifier:
    """Knows one garment, and what HOW says."""

    version = "stand-in"
    batch_size = 8

    def __init__(self, how: str) -> None:
        self._how = how

    def warm_up(self) -> None:
        """There is nothing to warm up."""

    def classify(self, images: Sequence[Image.Image]) -> list[Prediction]:
        """A sneaker each."""
        if self._how == "poison" and any(map(_red, images)):
            os.kill(os.getpid(), signal.SIGKILL)
        if self._how.startswith("slow="):
            time.sleep(float(self._how.removeprefix("slow=")))
        sneaker = tuple(float(index == 7) for index in range(10))
        one = Prediction(
            probabilities=sneaker, garment_score=1.0, verdict="sure", model=self.version
        )
        return [one] * len(images)


def _red(image: Image.Image) -> bool:
    pixel = image.getpixel((image.width - 2, image.height - 2))
    return isinstance(pixel, tuple) and pixel[0] > 200 and max(pixel[1:3]) < 80


def main() -> None:
    """Serve like a worker."""
    how = sys.argv[1]
    settings = Settings()
    logs.set_up(settings)
    classifier = Classifier(how)
    with patch.object(Decoder, "decode", deadly if how == "poison" else decode):
        worker.serve(settings, lambda: nullcontext((classifier, Chart())))


def deadly(decoder: Decoder, data: bytes) -> Image.Image:
    """Decode a photo, unless it is marked: then the worker dies while it waits for it."""
    if data.endswith(MARK):
        os.kill(os.getpid(), signal.SIGKILL)
    return decode(decoder, data)


if __name__ == "__main__":
    main()
