"""`/retrain` of the shipped network on twenty corrections, from the start to the verdict."""

import time
from itertools import pairwise

from model.common.retraining.messages import RetrainJob, RetrainProgress
from model.common.settings import Settings
from model.datasets.sources import fashion_mnist
from model.retraining import pipeline
from tests.bench.lab.measure import Measure
from tests.bench.training.bench_retraining import kept, upside_down


def measures() -> list[Measure]:
    """Its seconds and CPU, and where they go."""
    folder = Settings().clothing_photos
    if folder is None or not folder.is_dir() or not (folder.parent / fashion_mnist.FOLDER).is_dir():
        print("DATASETS_DIR is not set to a folder with both data sets: /retrain is not measured.")
        return []
    begun: dict[str, tuple[float, float]] = {}

    def report(progress: RetrainProgress) -> None:
        begun.setdefault(progress.stage, (time.process_time(), time.monotonic()))

    with kept(upside_down) as (settings, client):
        job = RetrainJob(id="bench", user_name="bench")
        outcome, _ = pipeline.run(job, settings, client, report)
    print(f"the verdict: {outcome.verdict}, {outcome.reason}")
    begun["end"] = time.process_time(), time.monotonic()
    stages = list(begun)
    taken = {
        stage: [after - before for before, after in zip(begun[stage], begun[then], strict=True)]
        for stage, then in pairwise(stages)
    }
    cpu, wall = (sum(each[kind] for each in taken.values()) for kind in (0, 1))
    return [
        Measure.shown("CPU of /retrain of the shipped network", cpu, "s"),
        Measure.shown("seconds of it, on an idle machine of two cores", wall, "s"),
        *(Measure.shown(f"CPU of its stage: {name}", each[0], "s") for name, each in taken.items()),
    ]
