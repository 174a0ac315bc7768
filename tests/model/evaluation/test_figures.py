"""The pictures: there, of a sensible size, and with what they are for in them."""

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from model.common.labels import NAMES
from model.evaluation import figures

BLUE, RED = (0x25, 0x63, 0xEB), (0xDC, 0x26, 0x26)
GENERATOR = np.random.default_rng(0)
IMAGES = GENERATOR.integers(0, 256, (30, 28, 28), dtype=np.uint8)
LABELS = np.arange(30) % 10


def drawn(figure: Figure) -> NDArray[np.uint8]:
    """The picture's pixels, [height, width, 3]."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=60)  # half the size that people get, and quick
    return np.asarray(Image.open(file).convert("RGB"))


def count(pixels: NDArray[np.uint8], colour: tuple[int, int, int]) -> int:
    return int((pixels == colour).all(axis=-1).sum())


def texts(figure: Figure) -> list[str]:
    """Every text in the figure, axis labels included."""
    return [artist.get_text() for artist in figure.findobj() if hasattr(artist, "get_text")]


def certain(classes: NDArray[np.int64]) -> NDArray[np.float32]:
    rows: NDArray[np.float32] = np.eye(len(NAMES), dtype=np.float32)[classes]
    return rows


def test_the_sample_has_its_name_and_a_scale_from_0_to_1() -> None:
    figure = figures.sample(IMAGES[0], 7)
    pixels = drawn(figure)
    assert pixels.shape == (300, 360, 3)
    assert "Sneaker" in texts(figure)
    assert {"0.0", "1.0"} <= set(texts(figure)) and "255" not in texts(figure)
    assert "pixel value" in texts(figure)


def test_25_images_stand_over_their_names() -> None:
    figure = figures.named_images(IMAGES, LABELS)
    assert drawn(figure).std() > 20
    assert len([axes for axes in figure.axes if axes.images]) == 25
    assert [axes.get_xlabel() for axes in figure.axes[:10]] == list(NAMES)


def test_the_loss_has_a_point_for_each_epoch() -> None:
    figure = figures.loss([0.5, 0.4, 0.35], [0.45, 0.41, 0.4])
    assert count(drawn(figure), BLUE) > 100
    training, test = figure.axes[0].lines
    assert np.array_equal(training.get_xdata(), [1, 2, 3])
    assert np.array_equal(test.get_ydata(), [0.45, 0.41, 0.4])


def test_one_epoch_alone_is_drawn_too() -> None:
    assert count(drawn(figures.loss([0.5], [0.4])), BLUE) > 5


def test_right_predictions_are_blue_alone() -> None:
    pixels = drawn(figures.predictions(IMAGES, LABELS, certain(LABELS)))
    assert min(pixels.shape[:2]) > 700
    assert count(pixels, BLUE) > 500
    assert count(pixels, RED) == 0


def test_a_wrong_prediction_is_red_beside_the_blue_true_one() -> None:
    probabilities = certain(LABELS)
    probabilities[3] = 0.0
    probabilities[3, [3, 9]] = 0.4, 0.6
    figure = figures.predictions(IMAGES, LABELS, probabilities)
    assert count(drawn(figure), RED) > 100
    under = [axes.xaxis.label for axes in figure.axes if axes.images]
    assert len(under) == 25
    assert under[3].get_text() == "Ankle boot 60%\n(Dress)"
    assert under[3].get_color() == figures.WRONG
    assert under[0].get_text() == "T-shirt/top 100%\n(T-shirt/top)"
    assert under[0].get_color() == figures.RIGHT


def test_the_confusion_shows_every_count_that_is_not_none() -> None:
    counts = np.zeros((10, 10), int)
    np.fill_diagonal(counts, 90)
    counts[6, 0] = 10
    figure = figures.confusion(counts.tolist())
    shown = [artist.get_text() for artist in figure.axes[0].texts]
    assert shown.count("90") == 10
    assert shown.count("10") == 1
    assert len(shown) == 11
    assert set(NAMES) <= set(texts(figure))
    assert min(drawn(figure).shape[:2]) > 400


def test_a_class_that_never_occurred_does_not_divide_by_zero() -> None:
    with np.errstate(all="raise"):
        drawn(figures.confusion(np.zeros((10, 10), int).tolist()))


@pytest.mark.parametrize("number", [1, 24])
def test_fewer_images_leave_places_empty(number: int) -> None:
    few = figures.predictions(IMAGES[:number], LABELS[:number], certain(LABELS[:number]))
    assert len([axes for axes in few.axes if axes.images]) == number
    assert drawn(few).std() > 0
