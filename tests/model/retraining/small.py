"""A whole retraining in small: a tiny network, drawn data, a few steps."""

from functools import cache
from pathlib import Path

import keras
from PIL import Image

from model.common.registry.entry import ModelEntry
from model.common.registry.serving_config import ServingConfig
from model.common.retraining.messages import Outcome, RetrainJob, RetrainProgress
from model.common.settings import Settings
from model.datasets.labelled_pictures import drawn
from model.retraining import pipeline
from model.training import compiler
from model.training.config import Shares, Tuning
from model.training.loop import Schedule
from tests.drawings import scene
from tests.helpers.models import tiny
from tests.helpers.redis import Client

JOB = RetrainJob(id="r1", user_name="Ada")
SHARES = Shares(
    garment_photos=3,
    other_photos=1,
    pasted=2,
    things=1,
    empty=1,
    plain=4,
    source_side=24,
    side=16,
    plain_side=8,
)
SCHEDULE = Schedule(epochs=2, steps=3, learning_rate=3e-4, warm_up=1, ema_momentum=0.99)
SMALL = Tuning(schedule=SCHEDULE, photos=12, things=2, small=10, views=2, batch=16)


def tiny_model(folder: Path) -> ModelEntry:
    """A network of the shipped one's kind, and its entry; the file is tiny.keras."""
    keras.utils.set_random_seed(0)
    model = tiny()
    model.save(folder / "tiny.keras")
    config = ServingConfig(
        version="tiny-1", network="tiny", photo_shapes=((16, 16),), small_shape=(8, 8)
    )
    compiled = compiler.compiled(model, config, drawn(range(0, 40, 5)))
    (folder / "tiny.tflite").write_bytes(compiled.content)
    values = compiled.config.as_json()
    return ModelEntry(version="tiny-1", network="tiny", config=values, figures={"photos": 0.5})


@cache
def photo(label: int, seed: int, size: tuple[int, int]) -> Image.Image:
    """A garment in its place, drawn once for all tests."""
    return scene(label, seed, size)


def run(
    settings: Settings, client: Client, job: RetrainJob = JOB
) -> tuple[Outcome, list[bytes], list[RetrainProgress]]:
    seen: list[RetrainProgress] = []
    outcome, album = pipeline.run(job, settings, client, seen.append)
    return outcome, album, seen
