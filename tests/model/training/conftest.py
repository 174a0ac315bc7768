"""Pictures of each kind that the photo branch learns from."""

import io
from pathlib import Path

import pytest
from PIL import Image

from model.datasets.sources.clothing_photos import Row
from model.training.photo_features import Examples


def row(garment: int | None, colour: str, size: tuple[int, int] = (30, 40)) -> Row:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return Row(Path(f"{colour}.png"), "train", garment, None, file.getvalue())


@pytest.fixture
def examples() -> Examples:
    return Examples(
        clothes=[row(0, "red"), row(0, "green"), row(1, "blue", (90, 40)), row(None, "pink")],
        things=[row(None, "white")],
        bags=[row(8, "brown")],
        pasted=[row(8, "black")],
    )
