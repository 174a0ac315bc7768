"""What one chart costs, beside a fresh matplotlib figure: python tests/bench/bench_chart.py."""

import io
import statistics
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from isal import isal_zlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from model import png
from model.chart import Chart
from model.pictograms import scene
from model.prediction import Prediction

ROUNDS = 40
PREDICTION = Prediction(
    probabilities=(0.01, 0.0, 0.02, 0.0, 0.01, 0.02, 0.0, 0.9, 0.03, 0.01),
    garment_score=0.9,
    verdict="sure",
    model="bench",
)


def median_ms(action: Callable[[], object]) -> float:
    """Median CPU time of one call, in milliseconds, after one call to warm up."""
    action()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return 1000 * statistics.median(times)


def naive(photo: Image.Image) -> bytes:
    """The same content by a fresh figure for every photo."""
    figure = Figure(figsize=(10, 5.6), dpi=100)
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    left.imshow(photo)
    left.axis("off")
    ranked = PREDICTION.ranked[::-1]
    names = [f"{label.name} {probability:.0%}" for label, probability in ranked]
    right.barh(names, [probability for _, probability in ranked])
    right.set_title(PREDICTION.label.name)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def kept_texts() -> Callable[[], None]:
    """Only the 22 texts of a figure that is kept, blitted one by one."""
    figure = Figure(figsize=(10, 5.6), dpi=100)
    canvas = FigureCanvasAgg(figure)
    texts: list[Text] = []
    for row, (label, probability) in enumerate(PREDICTION.ranked):
        texts.append(figure.text(0.4, 0.1 + 0.07 * row, label.name, size=17))
        texts.append(figure.text(0.9, 0.1 + 0.07 * row, f"{probability:.0%}", size=17))
    texts += [figure.text(0.4, 0.9, "This looks like", size=15), figure.text(0.4, 0.8, "Sneaker")]
    canvas.draw()

    def draw() -> None:
        for text in texts:
            figure.draw_artist(text)

    return draw


def main() -> None:
    """Print the medians and their ratio."""
    photo = scene(7, 1)
    chart = Chart()
    picture = chart.draw(PREDICTION, photo, "en")
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    ours = median_ms(lambda: chart.draw(PREDICTION, photo, "en"))
    fresh = median_ms(lambda: naive(photo))
    pixels = np.asarray(image)
    rows = png.filtered(pixels)
    deflates: dict[str, Callable[[], bytes]] = {
        "zlib": lambda: zlib.compress(rows.data, 1),
        "ISA-L": lambda: isal_zlib.compress(rows.data, png.LEVEL),
    }
    pillows = median_ms(lambda: image.save(io.BytesIO(), "PNG", compress_level=1))
    print(f"Chart.draw            {ours:6.1f} ms of CPU, {len(picture) / 1000:.0f} kB")
    print(f"  of it the PNG       {median_ms(lambda: png.encode(pixels)):6.1f} ms")
    for name, deflate in deflates.items():
        size = len(deflate()) / 1000
        print(f"  its Deflate: {name:<6} {median_ms(deflate):6.1f} ms of CPU, {size:.0f} kB")
    print(f"  the PNG by Pillow   {pillows:6.1f} ms")
    print(f"a fresh figure        {fresh:6.1f} ms: {fresh / ours:.1f} times as much")
    print(f"a kept figure's texts {median_ms(kept_texts()):6.1f} ms")


if __name__ == "__main__":
    main()
