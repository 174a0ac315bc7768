"""The worker's cost of one photo on one core: `python -m tests.bench.bench_photo`.

The photos are those of DATASETS_DIR/clothing-photos where there is one, else drawn ones; the model
is the one that ships. Prints a line for each step: CPU milliseconds of one photo alone and in a
batch of four, as a worker takes them, the median over the batches; and what a forward pass takes in
each shape that the network is shown, always the same and in turn with the others.
"""

import io
import statistics
import time
from collections.abc import Sequence
from itertools import cycle, islice, pairwise
from random import Random

import numpy as np

from model.common.labels import LABELS
from model.common.registry.serving_config import Shape
from model.common.settings import Settings
from model.photos import decode as photo
from model.serving.classifier import BATCH, Classifier
from tests.bench.lab.measure import cpu_ms
from tests.drawings import scene

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
    """As `measure`, the medians over BATCHES of `photos` photos."""
    endless = cycle(files)
    batches = [list(islice(endless, size)) for _ in range(BATCHES)]
    measure(classifier, batches[0])  # which fills the caches
    measured = [measure(classifier, batch) for batch in batches]
    return {step: statistics.median(times[step] for times in measured) for step in measured[0]}


def forward(classifier: Classifier, *shapes: Shape) -> float:
    """The milliseconds of CPU that a picture takes in the network, of these shapes in turn."""
    pictures = [np.zeros((1, *shape, 3), np.float32) for shape in shapes]

    def each() -> None:
        for picture in pictures:
            classifier.outputs("photo", picture)

    each()
    return statistics.median(cpu_ms(each) for _ in range(30)) / len(shapes)


def main() -> None:
    """Print what each step takes."""
    what, files = photos()
    classifier = Classifier.load()
    classifier.warm_up()
    measured = {size: medians(classifier, files, size) for size in (1, BATCH)}
    kilobytes = statistics.mean(map(len, files)) / 1000
    print(f"{len(files)} {what} of {kilobytes:.0f} kB, model {classifier.version}")
    print("ms of CPU for one photo" + "".join(f"{f'of {size}':>8}" for size in measured))
    for step in measured[BATCH]:
        print(f"{step:<23}" + "".join(f"{times[step]:8.2f}" for times in measured.values()))
    print("shape      ms of CPU for one, forward pass alone")
    shapes = classifier.config.photo_shapes
    for shape in shapes:
        print(f"{shape[0]:>3} × {shape[1]:<5}{forward(classifier, shape):6.2f}")
    print(f"in turn    {forward(classifier, *shapes):6.2f}")


if __name__ == "__main__":
    main()
