import io
from random import Random

import numpy as np
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
    encoded = png.encode(np.frombuffer(data, np.uint8).reshape(height, width, 3))
    read = Image.open(io.BytesIO(encoded))
    read.verify()  # the checksums
    read = Image.open(io.BytesIO(encoded))
    assert (read.format, read.mode, read.size) == ("PNG", "RGB", (width, height))
    assert read.tobytes() == data
