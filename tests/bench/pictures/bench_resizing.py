"""A photo's two reductions, by the library and by Pillow.

`python -m tests.bench.pictures.bench_resizing`. One is for the network, one for the chart; the
photos are those of `bench_photo`. Prints CPU milliseconds of one photo, medians over rounds in
which both take turns.
"""

from collections.abc import Callable, Sequence
from functools import partial
from unittest.mock import patch

from PIL import Image

from model.common.registry.serving_config import COMPILED, ServingConfig
from model.photos import resizing
from model.photos.decode import decode
from model.serving.chart_layout import LEFT
from tests.bench.bench_photo import photos
from tests.bench.lab.measure import alternating, cpu_ms

ROUNDS = 9
CONFIG = ServingConfig.next_to(COMPILED)

Way = Callable[[Image.Image], Image.Image]


def for_network(image: Image.Image) -> Image.Image:
    """As the network that ships sees it."""
    height, width = CONFIG.shape_for((image.height, image.width))
    return resizing.stretched(image, (width, height))


def for_chart(image: Image.Image) -> Image.Image:
    """As large as it stands next to the bars."""
    scale = min(LEFT.photo[0] / image.width, LEFT.photo[1] / image.height)
    return resizing.resized(image, (round(image.width * scale), round(image.height * scale)), "box")


def ms(way: Way, library: object, images: Sequence[Image.Image]) -> float:
    """CPU milliseconds of one picture."""

    def each() -> None:
        for image in images:
            way(image)

    with patch.object(resizing, "VECTORISED", library):
        return cpu_ms(each) / len(images)


def main() -> None:
    """Print what each costs."""
    what, files = photos()
    images = [decode(file) for file in files]
    sides = {
        f"for the {name}, {of}": partial(ms, way, library, images)
        for name, way in (("network", for_network), ("chart", for_chart))
        for of, library in (("cykooz-resizer", resizing.VECTORISED), ("Pillow", None))
    }
    print(f"{what}: ms of CPU for one")
    for name, value in alternating(sides, ROUNDS).items():
        print(f"{name:<30}{value:6.2f}")


if __name__ == "__main__":
    main()
