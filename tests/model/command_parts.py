"""What the tests of the command line share, beside the fixtures in conftest.py."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from typer.testing import Result

from tests.model.folder_parts import write_folder

Run = Callable[..., Result]


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def photo_folder(parent: Path, name: str = "photos") -> Path:
    """Three photos of garments, one of them for training, and one of something else."""
    labels = [
        ("validation", "Shirt", "T-shirt/top"),
        ("validation", "Coat", ""),
        ("validation", "none", ""),
        ("train", "Dress", ""),
    ]
    photos = (Image.new("RGB", (40, 50), (60 * number, 90, 120)) for number in range(len(labels)))
    return write_folder(
        parent / name, [(*label, photo) for label, photo in zip(labels, photos, strict=True)]
    )
