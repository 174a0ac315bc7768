"""What one photo costs the worker on one core: `python -m tests.bench.bench_photo`.

The photos are those of DATASETS_DIR/clothing-photos where there is one, else drawn ones; the model
is the one that ships. Prints a line for each step: CPU milliseconds of one photo in a batch of
four, as a worker takes them, and of eight, for which there is a target (4 ms), the median over the
batches; and what a forward pass takes for one of so many pictures.
"""

import io
import statistics
import time
from collections.abc import Sequence
from itertools import cycle, islice, pairwise
from random import Random

import numpy as np

from model.common.labels import LABELS
from model.common.pictograms import scene
from model.common.settings import Settings
from model.networks import tensorflow_setup
from model.photos import decode as photo
from model.serving.classifier import AT_ONCE, BATCH, Classifier
from model.serving.worker import THREADS
from tests.bench.lab.measure import cpu_ms

BATCHES = 40
PHOTOS = 64
DRAWN = (400, 533)  # as a photo of a phone is, 400 px wide
ENDINGS = frozenset({".jpg", ".jpeg"})


def photos() -> tuple[str, list[bytes]]:
    """What the photos are, in words, and PHOTOS of them as files."""
    folder = Settings().clothing_photos
    if folder and folder.is_dir():
        found = folder.rglob("*")
        files = sorted(file for file in found if file.suffix.lower() in ENDINGS)
        if files:
            chosen = Random(0).sample(files, min(PHOTOS, len(files)))
            return "clothing photos", [file.read_bytes() for file in chosen]
    return "drawn photos", [drawn(number) for number in range(PHOTOS)]


def drawn(number: int) -> bytes:
    """A drawn garment as a JPEG."""
    file = io.BytesIO()
    scene(number % len(LABELS), number, DRAWN).save(file, "JPEG", quality=87)
    return file.getvalue()


def measure(classifier: Classifier, batch: Sequence[bytes]) -> dict[str, float]:
    """The milliseconds of CPU that each step takes for one of these photos, on average."""
    times = [time.process_time()]
    images = [photo.decode(data) for data in batch]
    times.append(time.process_time())
    for image in images:
        classifier.prepare(image)
    times.append(time.process_time())
    classifier.classify(images)
    times.append(time.process_time())
    decode, prepare, classify = (
        1000 * (end - start) / len(batch) for start, end in pairwise(times)
    )
    # Classifying prepares once more.
    return {
        "decode": decode,
        "prepare": prepare,
        "predict": classify - prepare,
        "all": decode + classify,
    }


def medians(classifier: Classifier, files: Sequence[bytes], size: int) -> dict[str, float]:
    """As `measure`, the medians over BATCHES of so many photos."""
    endless = cycle(files)
    batches = [list(islice(endless, size)) for _ in range(BATCHES)]
    measure(classifier, batches[0])  # which fills the caches
    measured = [measure(classifier, batch) for batch in batches]
    return {step: statistics.median(times[step] for times in measured) for step in measured[0]}


def forward(classifier: Classifier, count: int) -> float:
    """The milliseconds of CPU that so many pictures take in the network, each."""
    side = classifier.card.sides[-1]
    pictures = np.zeros((count, side, side, 3), np.float32)
    return (
        statistics.median(cpu_ms(lambda: classifier.outputs(pictures)) for _ in range(30)) / count
    )


def main() -> None:
    """Print what each step takes."""
    what, files = photos()
    tensorflow_setup.import_tensorflow(threads=THREADS)
    classifier = Classifier.load()
    classifier.warm_up()
    measured = {size: medians(classifier, files, size) for size in (AT_ONCE, BATCH)}
    kilobytes = statistics.mean(map(len, files)) / 1000
    print(f"{len(files)} {what} of {kilobytes:.0f} kB, model {classifier.version}")
    print("ms of CPU for one photo" + "".join(f"{f'of {size}':>8}" for size in measured))
    for step in measured[BATCH]:
        print(f"{step:<23}" + "".join(f"{times[step]:8.2f}" for times in measured.values()))
    print("pictures  ms of CPU for one, forward pass alone")
    for count in range(1, BATCH + 1):
        print(f"{count:<10}{forward(classifier, count):6.2f}")


if __name__ == "__main__":
    main()
