import io
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from model import png


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(1, 40), height=st.integers(1, 40), random=st.randoms(use_true_random=False)
)
def test_pillow_reads_every_pixel_back(width: int, height: int, random: Random) -> None:
    data = random.randbytes(3 * width * height)
    image = Image.frombytes("RGB", (width, height), data)
    read = Image.open(io.BytesIO(png.encode(image)))
    read.verify()  # the checksums
    read = Image.open(io.BytesIO(png.encode(image)))
    assert (read.format, read.mode, read.size) == ("PNG", "RGB", (width, height))
    assert read.tobytes() == data


def test_another_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="RGBA: convert"):
        png.encode(Image.new("RGBA", (2, 2)))
