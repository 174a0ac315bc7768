"""Cut-outs: the whole garment and none of its background."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from model.datasets import pasted_bags
from model.datasets.sources.clothing_photos import Row
from tests import drawings

FLOOR, GARMENT = (200, 180, 150), (40, 60, 140)


def row(picture: Image.Image, garment: int = 8) -> Row:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return Row(Path("one.png"), "train", garment, None, file.getvalue())


def test_the_white_paper_around_a_bag_goes() -> None:
    style = drawings.Style(colour=GARMENT, accent=(120, 40, 40))
    drawn = drawings.draw(8, 200, style)
    paper = Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn).convert("RGB")

    found = pasted_bags.cut_out(row(paper))

    cut, wanted = (np.asarray(each.getchannel("A")) > 128 for each in (found, drawn))
    assert 0.85 < cut.sum() / wanted.sum() < 1.1
    pixels = np.asarray(found)
    white = pixels[pixels[..., 3] > 200][:, :3].min(axis=1) >= pasted_bags.WHITE
    assert white.mean() < 0.02
