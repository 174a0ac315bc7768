"""The cost of a chart, next to a fresh matplotlib figure.

`python -m tests.bench.pictures.bench_chart`.
"""

import io
import statistics
import time
from collections.abc import Callable
from functools import partial

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from model.common.chart_elements import encoded
from model.common.prediction import Prediction
from model.serving.chart import Chart
from tests.drawings import scene

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


def _png(picture: Image.Image) -> None:
    picture.save(io.BytesIO(), "PNG", compress_level=1)


def main() -> None:
    """Print the medians and their ratio."""
    portrait = scene(7, 1)
    landscape = portrait.transpose(Image.Transpose.ROTATE_90)
    chart = Chart()
    for name, photo in (("next to a portrait", portrait), ("below a landscape", landscape)):
        picture = chart.picture(PREDICTION, photo, "en")
        ours = median_ms(partial(chart.draw, PREDICTION, photo, "en"))
        jpeg = median_ms(partial(encoded, picture))
        png = median_ms(partial(_png, picture))
        print(f"Chart.draw, {name}: {ours:4.1f} ms of CPU, {len(encoded(picture)) / 1000:.0f} kB")
        print(f"  of it the JPEG       {jpeg:6.1f} ms; a PNG by Pillow {png:.1f} ms")
    fresh = median_ms(lambda: naive(portrait))
    print(f"a fresh figure         {fresh:6.1f} ms: {fresh / ours:.1f} times as much")
    print(f"a kept figure's texts  {median_ms(kept_texts()):6.1f} ms")


if __name__ == "__main__":
    main()
