"""Texts about a retraining's outcome: figures before and after, and the reason."""

import html
from typing import NamedTuple

from bot.i18n.model_text import learned
from bot.i18n.numbers import aligned, duration, number, percent
from bot.i18n.sentences import say
from bot.retraining.progress_text import class_name, title
from model.common.retraining.job_slot import Snapshot
from model.common.retraining.messages import Figures, Outcome
from model.common.retraining.verdict import Change, losses, rises, rows


class Figure(NamedTuple):
    """The ids of a figure's names, in a sentence and in a table."""

    name: str
    short: str


FIGURES = {
    "fashion_mnist": Figure("figure-fashion-mnist", "figure-fashion-mnist-short"),
    "photos": Figure("figure-photos", "figure-photos-short"),
    "corrections": Figure("figure-corrections", "figure-corrections-short"),
    "fashion_mnist_ece": Figure("figure-fashion-mnist-ece", "figure-fashion-mnist-ece-short"),
    "photos_ece": Figure("figure-photos-ece", "figure-photos-ece-short"),
    "photos_auroc": Figure("figure-photos-auroc", "figure-photos-auroc-short"),
    "shoes_auroc": Figure("figure-shoes-auroc", "figure-shoes-auroc-short"),
    "things": Figure("figure-things", "figure-things-short"),
    "things_auroc": Figure("figure-things-auroc", "figure-things-auroc-short"),
}
MARKS = {"gained": "▲", "lost": "▼", "": ""}
# What was counted, by the figure that it is behind.
COUNTED = {
    "fashion_mnist": "counted-fashion-mnist",
    "photos": "counted-photos",
    "things": "counted-things",
    "corrections": "counted-corrections",
}


def ending(snapshot: Snapshot, language: str) -> str:
    """The final text of the message that showed the retraining's progress."""
    lines = [title(snapshot.job, language)]
    if (outcome := snapshot.outcome) is None:
        return "\n".join([*lines, say(language, "retrain-gone")])
    lines.append(headline(outcome, language, snapshot.cancelled_by or ""))
    if outcome.seconds:
        lines.append(say(language, "retrain-took", time=duration(outcome.seconds, language)))
    if outcome.verdict == "cancelled":
        lines.append(reason(outcome, language))
    return "\n".join(lines)


def headline(outcome: Outcome, language: str, name: str = "") -> str:
    """The outcome in a few words. `name` is the name of the person who cancelled it."""
    return say(language, f"retrain-{outcome.verdict}", version=outcome.version or "", name=name)


def verdict(outcome: Outcome, language: str) -> str:
    """The figures of the old and the new model side by side, and the reason; HTML."""
    lines = [f"<b>{html.escape(headline(outcome, language))}</b>"]
    lines += _learned(outcome, language)
    if outcome.new:
        lines.append(f"<pre>{html.escape(table(outcome, language))}</pre>")
        lines += _measured(outcome.new, language)
    if outcome.missing:
        names = ", ".join(say(language, COUNTED[name]) for name in outcome.missing)
        lines.append(say(language, "retrain-missing", names=names))
    if outcome.split_by == "pictures":
        lines.append(say(language, "retrain-few-people"))
    lines.append(html.escape(reason(outcome, language)))
    return "\n".join(lines)


def reason(outcome: Outcome, language: str) -> str:
    """Why the model was promoted, or why nothing changed, with what rose and fell in numbers."""
    said = say(
        language,
        f"reason-{outcome.reason}",
        detail=outcome.detail or "–",
        gained=", ".join(_figure(name, language) for name in outcome.gained),
        lost="; ".join(_change(each, language) for each in losses(outcome)),
    )
    return " ".join([said, *(f"{_capital(_change(each, language))}." for each in rises(outcome))])


def _change(change: Change, language: str) -> str:
    """That a figure fell or rose: from what, to what, and how much of that could be lost."""
    if change.numbers is None:
        return say(language, "retrain-worse", name=_name(change, language))
    before, after, count, allowed = change.numbers
    if not count:
        shown = [percent(share, language) for share in (before, after)]
        points = say(language, "number", number=round(100 * allowed, 1))
        values = {"name": _name(change, language), "before": shown[0], "after": shown[1]}
        return say(language, "retrain-change-share", allowed=points, **values)
    right = say(language, "retrain-right")
    return say(
        language,
        "retrain-fell" if change.fell else "retrain-rose",
        what=right if change.label is None else class_name(change.label, language),
        before=number(int(before), language),
        after=number(int(after), language),
        count=number(int(count), language),
        on=say(language, COUNTED[change.figure]) if change.figure in COUNTED else change.figure,
        allowed=int(allowed),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def table(outcome: Outcome, language: str) -> str:
    """A line for each figure: its value before and after, and whether that is a gain or a loss."""
    lines = [["", say(language, "retrain-old"), say(language, "retrain-new"), ""]]
    for row in rows(outcome):
        cells = [percent(row.before, language), percent(row.after, language)]
        lines.append([say(language, FIGURES[row.figure].short), *cells, MARKS[row.mark]])
    return aligned(lines)


def _learned(outcome: Outcome, language: str) -> list[str]:
    found = learned(outcome.trained_on, language)
    return [say(language, "retrain-learned", sources=", ".join(found))] if found else []


def _measured(figures: Figures, language: str) -> list[str]:
    found = [
        f"{number(count, language)} {say(language, what)}"
        for name, what in COUNTED.items()
        if (count := figures.counts.get(name))
    ]
    return [say(language, "retrain-measured", on=", ".join(found))] if found else []


def _name(change: Change, language: str) -> str:
    said = _figure(change.figure, language)
    return said if change.label is None else f"{said} ({class_name(change.label, language)})"


def _figure(name: str, language: str) -> str:
    """A figure, for people; one that we have no name for as it is."""
    return say(language, FIGURES[name].name) if name in FIGURES else name
