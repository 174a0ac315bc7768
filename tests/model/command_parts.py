"""What the tests of the command line share, beside the fixtures in conftest.py."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from typer.testing import Result

Run = Callable[..., Result]


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def photo_folder(parent: Path, name: str = "photos") -> Path:
    """Three photos of garments, one of them for training, and one of something else."""
    folder = parent / name
    (folder / "images").mkdir(parents=True)
    rows = [
        ("a", "validation", "Shirt", "T-shirt/top"),
        ("b", "validation", "Coat", ""),
        ("c", "validation", "none", ""),
        ("d", "train", "Dress", ""),
    ]
    for number, (image, *_) in enumerate(rows):
        Image.new("RGB", (40, 50), (60 * number, 90, 120)).save(folder / "images" / f"{image}.jpg")
    with (folder / "labels.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("image", "split", "garment", "also_accepted"), *rows])
    return folder
