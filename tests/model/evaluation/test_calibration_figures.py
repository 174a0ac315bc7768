"""The card's pictures: there, of a sensible size, and with what they are for in them."""

import io
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from PIL import Image

from model.evaluation import calibration_figures
from tests.helpers.reports import CARD, report

REPORT = report()
FASHION_MNIST, PHOTOS, THINGS = REPORT.everything()


def drawn(figure: Figure) -> NDArray[np.uint8]:
    """The picture's pixels, [height, width, 3]."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=60)  # half the size that people get, and quick
    return np.asarray(Image.open(file).convert("RGB"))


def heights(axes: Axes) -> list[float]:
    """Of the bars."""
    return [bar.get_height() for bar in axes.patches if isinstance(bar, Rectangle)]


def test_calibration_shows_both_with_their_errors() -> None:
    figure = calibration_figures.calibration(PHOTOS, FASHION_MNIST)
    pixels = drawn(figure)
    assert pixels.shape[1] > 600
    assert pixels.std() > 20
    titles = [axes.get_title() for axes in figure.axes]
    assert titles[0] == f"Photos: calibration error {100 * PHOTOS.ece:.1f}%"
    assert titles[1] == f"Fashion-MNIST: calibration error {100 * FASHION_MNIST.ece:.1f}%"


def test_calibration_has_a_bar_and_a_mean_confidence_for_every_bin_with_answers() -> None:
    photos = calibration_figures.calibration(PHOTOS, FASHION_MNIST).axes[0]
    filled = [one for one in PHOTOS.reliability if one.count]
    assert sorted(heights(photos)) == pytest.approx(sorted(one.accuracy or 0.0 for one in filled))
    _, means = photos.collections
    assert isinstance(means, LineCollection)
    confidences = [segment[0][1] for segment in means.get_segments()]
    assert confidences == pytest.approx([one.confidence for one in filled])


def test_bars_of_few_answers_are_pale() -> None:
    photos = calibration_figures.calibration(PHOTOS, FASHION_MNIST).axes[0]
    many, few = photos.containers
    counts = [one.count for one in PHOTOS.reliability if one.count]
    assert len(many) == sum(count >= 20 for count in counts)
    assert len(few) == sum(count < 20 for count in counts)


def test_the_histograms_shares_sum_to_one() -> None:
    for axes in calibration_figures.calibration(PHOTOS, FASHION_MNIST).axes[2:]:
        assert sum(heights(axes)) == pytest.approx(1.0)


def test_the_thresholds_of_the_model_are_marked_with_what_they_come_to() -> None:
    figure = calibration_figures.thresholds(REPORT)
    assert drawn(figure).std() > 20
    said = PHOTOS.verdicts
    let_through = [1 - one.none for one in (*PHOTOS.others.values(), THINGS)]
    expected = (
        (CARD.sure, [said.sure_accuracy or 0.0, said.sure]),
        (CARD.garment, [said.none, *let_through]),
    )
    for axes, (threshold, shares) in zip(figure.axes, expected, strict=True):
        points = [line.get_xydata() for line in axes.lines if line.get_marker() == "o"]
        (across, up) = np.concatenate(points).T
        assert set(across) == {threshold}
        assert sorted(up) == pytest.approx(sorted(shares))
        legend = axes.get_legend()
        assert legend is not None
        shown = [text.get_text().rpartition(": ")[2] for text in legend.get_texts()]
        assert sorted(shown) == sorted(f"{100 * share:.1f}%" for share in shares)


def test_without_other_garments_their_curve_is_left_out() -> None:
    assert REPORT.tradeoff is not None
    alone = replace(REPORT, tradeoff=replace(REPORT.tradeoff, others={}))
    labels = [line.get_label() for line in calibration_figures.thresholds(alone).axes[1].lines]
    assert any(str(label).startswith("garments turned away") for label in labels)
    assert not any(str(label).startswith("other") for label in labels)


def test_without_a_trade_off_there_is_nothing_to_draw() -> None:
    with pytest.raises(ValueError, match="no trade-off"):
        calibration_figures.thresholds(replace(REPORT, tradeoff=None))


def test_intervals_of_shares_are_wilsons() -> None:
    # Newcombe 1998, table I: 81 of 263, and 0 of 20.
    low, high = calibration_figures.wilson(np.array([81 / 263, 0.0]), np.array([263, 20]))
    assert low == pytest.approx([0.2553, 0.0], abs=5e-5)
    assert high == pytest.approx([0.3662, 0.1611], abs=5e-5)
