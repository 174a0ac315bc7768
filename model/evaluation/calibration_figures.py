"""The figures of a model's card: reliability diagrams, and the trade-off of the thresholds.

Every function returns a matplotlib Figure, in the style of `model.evaluation.figures`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from model.evaluation.figures import DPI, FAINT, IDLE, INK, LEGEND, RIGHT, WRONG
from model.evaluation.metrics import BINS, Bin, Floats, Measures
from model.evaluation.report import Report

LINES, PALE = "#e5e7eb", "#b9cdf8"
WIDTH = 0.88 / BINS  # of a bar
FEW = 20  # answers
Z = 1.96  # standard normal quantile of a 95% interval


@dataclass(frozen=True, slots=True)
class Curve:
    """Shares by threshold, and the share at the model's own threshold; None if there is none."""

    label: str
    colour: str
    line: str
    shares: Sequence[float | None]
    chosen: float | None


def calibration(photos: Measures, fashion_mnist: Measures) -> Figure:
    """Reliability diagrams (Guo et al. 2017, figure 1) over the histograms of the confidences.

    A bar is the accuracy of the answers in one bin of confidence, with its 95% interval; the red
    line across it is their mean confidence. Bars of fewer than FEW answers are pale.
    """
    layout = ConstrainedLayoutEngine(wspace=0.06)
    figure = Figure(figsize=(11, 6.4), dpi=DPI, layout=layout)
    axes = figure.subplots(2, 2, sharex=True, sharey="row", height_ratios=[3.4, 1])
    named = {"Photos": photos, "Fashion-MNIST": fashion_mnist}
    for (diagram, histogram), (name, found) in zip(axes.T, named.items(), strict=True):
        title = f"{name}: calibration error {100 * found.ece:.1f}%"
        diagram.set_title(title, fontsize=13, color=INK, pad=10)
        _reliability(diagram, found.reliability)
        _histogram(histogram, found.reliability)
    axes[0, 0].set_ylabel("accuracy", fontsize=12, color=INK)
    axes[1, 0].set_ylabel("share of\nanswers", fontsize=12, color=INK)
    _legend(figure, axes[0, 0])
    return figure


def thresholds(report: Report) -> Figure:
    """What the two thresholds of a model trade for what, its own marked.

    Raises ValueError for a report without a trade-off.
    """
    found = report.tradeoff
    if found is None:
        raise ValueError("The report has no trade-off: measure photos of garments and of things.")
    _, photos, things = report.everything()
    figure = Figure(figsize=(11, 5.4), dpi=DPI, layout="constrained")
    left, right = figure.subplots(1, 2)
    title = f"“Sure”: from {100 * report.sure:.0f}% on"
    left.set_title(title, fontsize=13, color=INK, pad=10)
    left.set_xlabel("least probability of the likeliest class", fontsize=12, color=INK)
    said = photos.verdicts
    curves = [
        Curve("sure answers that are right", RIGHT, "-", found.precision, said.sure_accuracy),
        Curve("garments answered “sure”", FAINT, "--", found.sure, said.sure),
    ]
    _curves(left, found.thresholds, curves, report.sure)
    title = f"“None”: below {100 * report.garment:.0f}%"
    right.set_title(title, fontsize=13, color=INK, pad=10)
    right.set_xlabel("least garment score", fontsize=12, color=INK)
    curves = [Curve("garments turned away", WRONG, "-", found.turned_away, said.none)]
    for (what, shares), line in zip(found.others.items(), ("-", ":"), strict=False):
        label = f"other {what} let through"
        curves.append(Curve(label, RIGHT, line, shares, 1.0 - photos.others[what].none))
    label = "things (kinds held out), let through"
    curves.append(Curve(label, FAINT, "--", found.things, 1.0 - things.none))
    _curves(right, found.thresholds, curves, report.garment)
    return figure


def _reliability(axes: Axes, bins: Sequence[Bin]) -> None:
    filled = [(place, one) for place, one in enumerate(bins) if one.count]
    middles = np.array([(place + 0.5) / BINS for place, _ in filled])
    counts = np.array([one.count for _, one in filled])
    accuracy = np.array([one.accuracy for _, one in filled], float)
    confidence = np.array([one.confidence for _, one in filled], float)
    many = counts >= FEW
    axes.bar(middles[many], accuracy[many], WIDTH, color=RIGHT, label="accuracy")
    axes.bar(
        middles[~many], accuracy[~many], WIDTH, color=PALE, label=f"accuracy of fewer than {FEW}"
    )
    low, high = wilson(accuracy, counts)
    axes.vlines(middles, low, high, color=INK, linewidth=1.2, label="its 95% interval")
    edges = middles - WIDTH / 2, middles + WIDTH / 2
    axes.hlines(confidence, *edges, color=WRONG, linewidth=2.5, label="mean confidence")
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1.2, ls="--", label="perfect calibration")
    _style(axes)
    axes.set_ylim(0, 1)


def _histogram(axes: Axes, bins: Sequence[Bin]) -> None:
    counts = np.array([one.count for one in bins])
    axes.bar((np.arange(BINS) + 0.5) / BINS, counts / counts.sum(), WIDTH, color=IDLE)
    _style(axes)
    axes.set(ylim=(0, 1), yticks=[0, 0.5, 1])
    axes.set_xlabel("confidence", fontsize=12, color=INK)


def wilson(shares: Floats, counts: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The 95% score intervals of shares [n], each of `counts` pictures (Wilson 1927)."""
    middle = (shares + Z**2 / (2 * counts)) / (1 + Z**2 / counts)
    spread = np.sqrt(shares * (1 - shares) / counts + Z**2 / (4 * counts**2))
    half = Z * spread / (1 + Z**2 / counts)
    return middle - half, middle + half


def _curves(
    axes: Axes, thresholds: Sequence[float], curves: Sequence[Curve], chosen: float
) -> None:
    """The curves over the thresholds, a line at the chosen one, and what they come to there."""
    axes.axvline(chosen, color=INK, linewidth=1, linestyle=":")
    for curve in curves:
        values = np.array(curve.shares, float)  # None becomes NaN, which is not drawn
        at = "–" if curve.chosen is None else f"{100 * curve.chosen:.1f}%"
        label = f"{curve.label}: {at}"
        axes.plot(thresholds, values, curve.line, color=curve.colour, lw=2, label=label)
        if curve.chosen is not None:
            axes.plot(
                chosen, curve.chosen, "o", color=curve.colour, markersize=8, markeredgecolor="white"
            )
    _style(axes)
    axes.set(ylim=(-0.03, 1.03), yticks=np.linspace(0, 1, 6))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), **LEGEND)


def _legend(figure: Figure, axes: Axes) -> None:
    found = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    # Patches come last by themselves.
    labels = sorted(found, key=lambda label: not label.startswith("accuracy"))
    figure.legend(
        [found[label] for label in labels],
        labels,
        loc="outside lower center",
        ncols=len(labels),
        columnspacing=1.6,
        **LEGEND,
    )


def _style(axes: Axes) -> None:
    axes.set_xlim(0, 1)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, symbol="%"))
    axes.grid(axis="y", color=LINES)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(IDLE)
    axes.tick_params(colors=FAINT)
