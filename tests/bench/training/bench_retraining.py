"""Retraining on good and on poisoned corrections.

`python -m tests.bench.training.bench_retraining [NAME…]` retrains the shipped model on each batch
of corrections below, in a Redis of its own, and prints a line for each: the verdict, the figures of
the old and the new model, in percent. It wants DATASETS_DIR with both data sets. Ends with 1
where a poisoned batch got through.
"""

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from PIL import Image
from pydantic import SecretStr

from bot.launcher import redis_server
from model.common.corrections.store import CorrectionStore, KeptCorrection
from model.common.labels import NAMES, NONE_OF_THESE
from model.common.queue import keys
from model.common.retraining.messages import Figures, Outcome, RetrainJob
from model.common.settings import Settings
from model.datasets import held_back
from model.datasets.pasted_bags import PASTED
from model.datasets.sources import clothing_photos
from model.networks import tensorflow_setup
from model.photos import decode
from tests.drawings import scene
from tests.helpers.redis import KEY, Client, connect

PEOPLE = 6  # who made the corrections of a batch, in turn
SHORTER_SIDE = 160  # px, as thumbnails are kept
CLASSES = len(NAMES)
Corrected = list[tuple[int, bytes]]


def upside_down(_: Settings) -> Corrected:
    """Twenty drawn trousers hung upside down: a new kind of photo, rightly labelled."""
    label = NAMES.index("Trouser")
    return [(label, _jpeg(scene(label, n, (160, 200)).rotate(180))) for n in range(20)]


def on_their_side(_: Settings) -> Corrected:
    """Twenty drawn bags turned by a quarter, rightly labelled."""
    label = NAMES.index("Bag")
    return [(label, _jpeg(scene(label, n, (160, 200)).rotate(90, expand=True))) for n in range(20)]


def pasted_bags(settings: Settings) -> Corrected:
    """Twenty bags that no training saw, on floors, rightly labelled."""
    rows = [row for row in held_back.bags_kept_back(settings) if row.category == PASTED]
    label = NAMES.index("Bag")
    return [(label, _thumbnail(decode.decode(row.read()))) for row in rows[:20]]


def swapped_photos(settings: Settings) -> Corrected:
    """Forty photos, each labelled as the class after its own."""
    return [((label + 1) % CLASSES, data) for label, data in _photos(settings, 40)]


def swapped_drawings(_: Settings) -> Corrected:
    """Forty drawn garments, each labelled as the class after its own."""
    drawn = ((n % CLASSES, n) for n in range(40))
    return [((label + 1) % CLASSES, _jpeg(scene(label, n, (160, 200)))) for label, n in drawn]


def one_class(settings: Settings) -> Corrected:
    """Forty photos of one class, all labelled as another."""
    shirts = _photos(settings, 40, only="T-shirt/top")
    return [(NAMES.index("Dress"), data) for _, data in shirts]


def one_class_by_one_person(settings: Settings) -> Corrected:
    """The same, all by one person."""
    return one_class(settings)


def nothing(settings: Settings) -> Corrected:
    """Forty photos of garments, all labelled "none of these"."""
    return [(NONE_OF_THESE, data) for _, data in _photos(settings, 40)]


GOOD: tuple[Callable[[Settings], Corrected], ...] = (upside_down, on_their_side, pasted_bags)
POISONED = (swapped_photos, swapped_drawings, one_class, one_class_by_one_person, nothing)
ALONE = (one_class_by_one_person,)  # one person's, the others by PEOPLE in turn


def main() -> None:
    """Run the batches named on the command line, or all; print a table."""
    tensorflow_setup.import_tensorflow()
    chosen = sys.argv[1:]
    got_through = []
    print("| batch | verdict | Fashion-MNIST | photos | corrections |")
    print("| --- | --- | --- | --- | --- |")
    for batch in (*GOOD, *POISONED):
        if chosen and batch.__name__ not in chosen:
            continue
        outcome = _retrained(batch)
        print(_line(batch.__name__, outcome), flush=True)
        if batch in POISONED and outcome.verdict == "promoted":
            got_through.append(batch.__name__)
    if got_through:
        raise SystemExit(f"Poisoned corrections got through: {', '.join(got_through)}.")


def _retrained(batch: Callable[[Settings], Corrected]) -> Outcome:
    from model.retraining import pipeline  # noqa: PLC0415 - brings TensorFlow in

    with kept(batch) as (settings, client):
        started, cpu = time.monotonic(), time.process_time()
        job = RetrainJob(id="bench", user_name="bench")
        outcome, _ = pipeline.run(job, settings, client, lambda _: None)
        took = time.monotonic() - started, time.process_time() - cpu
        print(f"{batch.__name__}: {took[0]:.0f} s, {took[1]:.0f} s of CPU", file=sys.stderr)
        return outcome


def _line(name: str, outcome: Outcome) -> str:
    why = outcome.reason + (f" ({', '.join(outcome.lost)})" if outcome.lost else "")
    figures = [
        f"{_percent(outcome.old, each)} → {_percent(outcome.new, each)}"
        for each in ("fashion_mnist", "photos", "corrections")
    ]
    return f"| {name} | {outcome.verdict}: {why} | {' | '.join(figures)} |"


def _percent(figures: Figures | None, name: str) -> str:
    value = getattr(figures, name, None)
    return "–" if value is None else f"{100 * value:.1f}"


def _photos(settings: Settings, count: int, only: str | None = None) -> Corrected:
    """Photos of the training split with their classes, as thumbnails."""
    folder = settings.clothing_photos
    if folder is None:
        raise SystemExit("DATASETS_DIR is not set: name the folder of the data sets.")
    rows = clothing_photos.rows(folder, split="train")
    shown = [(row.garment, row) for row in rows if row.garment is not None]
    if only is not None:
        shown = [(label, row) for label, row in shown if NAMES[label] == only]
    chosen = Random(1).sample(shown, count)
    return [(label, _thumbnail(decode.decode(row.read()))) for label, row in chosen]


def _thumbnail(image: Image.Image) -> bytes:
    scale = SHORTER_SIDE / min(image.size)
    return _jpeg(image.resize((round(image.width * scale), round(image.height * scale))))


def _jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()


@contextmanager
def kept(batch: Callable[[Settings], Corrected]) -> Iterator[tuple[Settings, Client]]:
    """An empty Redis that holds these corrections alone, ended with the block."""
    with _server() as socket:
        settings = Settings(redis_url=f"unix://{socket}", data_key=SecretStr(KEY))
        client = connect(settings.redis_url)
        store = CorrectionStore(client)
        people = 1 if batch in ALONE else PEOPLE
        for number, (label, thumbnail) in enumerate(batch(settings)):
            person = f"person {number % people}"
            client.hset(keys.CONSENT, person, "yes")
            correction = KeptCorrection(
                id=f"c{number}",
                label=label,
                predicted=NONE_OF_THESE,
                model="",
                person=person,
                date=float(number),
            )
            store.keep(correction, thumbnail)
        yield settings, client


@contextmanager
def _server() -> Iterator[Path]:
    """The socket of an empty Redis, ended with the block."""
    with TemporaryDirectory(prefix="modista-") as folder:
        socket = Path(folder) / "redis.sock"
        process = subprocess.Popen(redis_server.command(socket), stdout=subprocess.DEVNULL)
        try:
            while not socket.exists():
                time.sleep(0.05)
            yield socket
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
