"""Generalisation from training photos to others, for a model and its teachers.

`python -m tests.bench.training.bench_learned FILE.keras`, where `train --recipe default --out
FILE.keras` left its other files, prints for each network how many photos of the training and of the
validation split it names rightly, and how often it says what its teachers together say. A wide gap
between the two splits means that more of the same training will not help. It wants DATASETS_DIR.
"""

import sys
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from model.common.labels import LABELS
from model.common.settings import Settings
from model.datasets.sources import clothing_builder, clothing_photos
from model.datasets.sources.clothing_photos import Split
from model.datasets.validation import Validation
from model.training.calibration import softmax
from model.training.config import Recipe

Floats = NDArray[np.float32]


def main() -> None:
    """Print a table, a line for each network."""
    if len(sys.argv) != 2:
        raise SystemExit("Name a file that `train --recipe default --out FILE.keras` wrote.")
    out = Path(sys.argv[1])
    taught = Recipe().from_labels.shares.side
    school = Recipe().teacher_config
    sides = {out: taught, out.with_suffix(".from-labels.keras"): taught}
    teachers = [out.with_suffix(f".teacher-{n + 1}.keras") for n in range(school.networks)]
    sides |= dict.fromkeys(teachers, school.side)
    if missing := [file for file in sides if not file.is_file()]:
        raise SystemExit(f"{missing[0]} is not there: the recipe leaves it next to {out.name}.")
    print("| network | split | right | as the teachers |")
    print("| --- | --- | ---: | ---: |")
    for split in clothing_photos.SPLITS:
        _print(split, sides, teachers)


def _print(split: Split, sides: dict[Path, int], teachers: list[Path]) -> None:
    rows = [row for row in clothing_builder.examples(split, Settings()) if row.garment is not None]
    seen = {side: Validation.of_photos(rows, side) for side in set(sides.values())}
    said = {file: _probabilities(file, seen[side]) for file, side in sides.items()}
    together = np.mean([said[file] for file in teachers], axis=0).argmax(axis=1)
    for file, side in sides.items():
        right, _ = seen[side].accuracies(said[file])
        agreed = (said[file].argmax(axis=1) == together).mean()
        print(f"| {file.stem} | {split} | {100 * right:.1f} % | {100 * agreed:.1f} % |", flush=True)


def _probabilities(file: Path, photos: Validation) -> Floats:
    """What the network says of the ten classes: [n, 10]."""
    network = keras.saving.load_model(file, compile=False)
    return softmax(photos.logits(network)[:, : len(LABELS)])


if __name__ == "__main__":
    main()
