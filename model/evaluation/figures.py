"""The exercise's figures: the data, the training and the network's predictions.

Every function returns a matplotlib Figure; `Figure.savefig` writes it. Nothing here keeps state:
figures are made by their own class, not by pyplot.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpecFromSubplotSpec
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from model.common.labels import NAMES

RIGHT, WRONG, IDLE = "#2563eb", "#dc2626", "#c4c9d1"
INK, FAINT = "#1f2937", "#6b7280"
BLUES = LinearSegmentedColormap.from_list("confusion", ["#f4f6fa", "#93b4f5", "#1e3a8a"])
LEGEND: dict[str, Any] = {"frameon": False, "fontsize": 11, "labelcolor": INK}
DPI = 120
GRID = 5  # pictures a side, where there are many
COUNT = GRID * GRID


def sample(image: NDArray[np.uint8], label: int) -> Figure:
    """One image uint8 [28, 28] with its name, and the scale of its values as trained on: 0 to 1."""
    figure = Figure(figsize=(6, 5), dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    shown = axes.imshow(image / 255.0, cmap="binary", vmin=0, vmax=1)
    axes.set_title(NAMES[label], fontsize=14, color=INK, pad=10)
    _bare(axes)
    bar = figure.colorbar(shown, ax=axes, ticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
    _label(bar, "pixel value")
    return figure


def named_images(images: NDArray[np.uint8], labels: NDArray[np.int64]) -> Figure:
    """The first 25 of images uint8 [n, 28, 28], each over its name."""
    figure = Figure(figsize=(9, 9.6), dpi=DPI, layout="constrained")
    axes = figure.subplots(GRID, GRID)
    for place, image, label in zip(axes.flat, images, labels, strict=False):
        place.imshow(image, cmap="binary", vmin=0, vmax=255)
        place.set_xlabel(NAMES[label], fontsize=12, color=INK)
    for place in axes.flat:
        _bare(place)
    return figure


def loss(
    training: Sequence[float],
    test: Sequence[float],
    names: tuple[str, str] = ("training images", "test images"),
) -> Figure:
    """The loss of each epoch, on the training images and the test images, or what `names` say."""
    figure = Figure(figsize=(8, 5), dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    epochs = range(1, len(training) + 1)
    axes.plot(epochs, training, color=RIGHT, marker="o", linewidth=2, label=names[0])
    axes.plot(epochs, test, color=FAINT, marker="o", linewidth=2, ls="--", label=names[1])
    axes.set_xlabel("epoch", fontsize=12, color=INK)
    axes.set_ylabel("loss (cross-entropy)", fontsize=12, color=INK)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(axis="y", color="#e5e7eb")
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=FAINT)
    axes.legend(**LEGEND)
    return figure


def predictions(
    images: NDArray[np.uint8],
    labels: NDArray[np.int64],
    probabilities: NDArray[np.floating],
) -> Figure:
    """The first 25 of images uint8 [n, 28, 28], each with the bars of its probabilities [n, 10].

    Under each stand the predicted name, its percent and the true name, blue where they agree and
    red where not. The bar of a wrong prediction is red, that of the true class always blue.
    """
    figure = Figure(figsize=(17, 13.2), dpi=DPI)
    grid = figure.add_gridspec(
        GRID, GRID, left=0.02, right=0.985, top=0.985, bottom=0.085, wspace=0.16, hspace=0.3
    )
    shown = zip(range(COUNT), images, labels, probabilities, strict=False)
    for number, image, label, chances in shown:
        cell = GridSpecFromSubplotSpec(1, 2, grid[number], wspace=0.06)
        _predicted(figure.add_subplot(cell[0]), image, int(label), chances)
        _bars(figure.add_subplot(cell[1]), int(label), chances)
    key = "     ".join(f"{index} {name}" for index, name in enumerate(NAMES))
    figure.text(0.5, 0.018, key, ha="center", fontsize=13, color=FAINT)
    return figure


def confusion(counts: Sequence[Sequence[int]], of: str = "") -> Figure:
    """Counts [true, predicted] as a table, each cell shaded by its share of the true class.

    `of` names the pictures, above it.
    """
    figure = Figure(figsize=(9.5, 8), dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(of, fontsize=14, color=INK, pad=10)
    table = np.array(counts)
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    shown = axes.imshow(shares, cmap=BLUES, vmin=0, vmax=1)
    for (true, predicted), count in np.ndenumerate(table):
        if count:
            colour = "white" if shares[true, predicted] > 0.65 else INK
            axes.text(predicted, true, f"{count:,}", ha="center", va="center", color=colour)
    for true, row in enumerate(table):
        if not row.any():
            axes.text(4.5, true, "not in these pictures", ha="center", va="center", color=FAINT)
    ticks = range(len(NAMES))
    axes.set_xticks(ticks, NAMES, rotation=45, ha="right", rotation_mode="anchor")
    axes.set_yticks(ticks, NAMES)
    axes.set_xlabel("predicted", fontsize=12, color=FAINT)
    axes.set_ylabel("true", fontsize=12, color=FAINT)
    axes.tick_params(length=0, labelcolor=INK)
    axes.spines[:].set_visible(False)
    # White lines between the cells.
    axes.set_xticks(np.arange(len(NAMES) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(NAMES) + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=2)
    axes.tick_params(which="minor", length=0)
    bar = figure.colorbar(shown, ax=axes, format=PercentFormatter(1.0, symbol="%"), shrink=0.8)
    _label(bar, "share of the true class")
    return figure


def _label(bar: Colorbar, text: str) -> None:
    bar.outline.set_visible(False)
    bar.ax.tick_params(color=FAINT, labelcolor=FAINT)
    bar.set_label(text, color=FAINT)


def _predicted(
    axes: Axes, image: NDArray[np.uint8], label: int, chances: NDArray[np.floating]
) -> None:
    likeliest = int(np.argmax(chances))
    axes.imshow(image, cmap="binary", vmin=0, vmax=255)
    axes.set_anchor("E")
    _bare(axes)
    axes.set_xlabel(
        f"{NAMES[likeliest]} {100 * chances[likeliest]:.0f}%\n({NAMES[label]})",
        fontsize=11.5,
        color=RIGHT if likeliest == label else WRONG,
        linespacing=1.25,
    )


def _bars(axes: Axes, label: int, chances: NDArray[np.floating]) -> None:
    likeliest = int(np.argmax(chances))
    bars = axes.bar(range(len(NAMES)), chances, color=IDLE, width=0.8)
    bars[likeliest].set_color(WRONG)
    bars[label].set_color(RIGHT)
    axes.set_ylim(0, 1)
    axes.set_box_aspect(1)
    axes.set_anchor("W")
    axes.set_xticks(range(len(NAMES)))
    axes.set_yticks([])
    axes.tick_params(length=0, labelsize=9, labelcolor=FAINT)
    names = axes.get_xticklabels()
    names[likeliest].set(color=WRONG, fontweight="bold")
    names[label].set(color=RIGHT, fontweight="bold")
    axes.spines[["top", "left", "right"]].set_visible(False)
    axes.spines["bottom"].set_color(IDLE)


def _bare(axes: Axes) -> None:
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_color(IDLE)
