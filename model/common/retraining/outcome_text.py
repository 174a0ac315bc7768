"""The outcome of a retraining in words: figures before and after, and the reason."""

from collections.abc import Mapping

from model.common.labels import LABELS, NONE_OF_THESE
from model.common.languages.numbers import aligned, number, percent
from model.common.languages.sentences import say
from model.common.retraining.messages import Outcome

# The figures that are told, in their order: fields of `messages.Figures`.
FIGURES = (
    "fashion_mnist",
    "photos",
    "corrections",
    "fashion_mnist_ece",
    "photos_ece",
    "photos_auroc",
    "shoes_auroc",
    "things",
    "things_auroc",
)
# Of them those that count pictures.
COLLECTIONS = ("fashion_mnist", "photos", "things", "corrections")


def headline(outcome: Outcome, language: str, name: str = "") -> str:
    """The outcome in a few words. `name` is the name of the person who cancelled it."""
    return say(language, f"retrain-{outcome.verdict}", version=outcome.version or "", name=name)


def learned(outcome: Outcome, language: str) -> str:
    """What the new model was trained on; empty if it was not."""
    found = sources(outcome.trained_on, language)
    return say(language, "retrain-learned", sources=", ".join(found)) if found else ""


def sources(trained_on: Mapping[str, object], language: str) -> list[str]:
    """How many pictures of each source a model learned from."""
    return [
        say(language, f"model-source-{source}", count=count)
        for source in ("fashion_mnist", "photos", "things", "corrections")
        if isinstance(count := trained_on.get(source), int) and count
    ]


def table(outcome: Outcome, language: str) -> str:
    """A line for each figure that either model has; empty if nothing was measured.

    It has the figure before and after, and whether that is a gain or a loss.
    """
    rows = [["", say(language, "retrain-old"), say(language, "retrain-new"), ""]]
    for figure in FIGURES:
        shares = [getattr(each, figure, None) for each in (outcome.old, outcome.new)]
        if shares == [None, None]:
            continue
        lost = any(name.partition(":")[0] == figure for name in outcome.lost)
        mark = "▲" if figure in outcome.gained else "▼" if lost else ""
        cells = [percent(share, language) for share in shares]
        rows.append([say(language, f"figure-short-{figure}"), *cells, mark])
    return aligned(rows) if len(rows) > 1 else ""


def remarks(outcome: Outcome, language: str) -> list[str]:
    """How many pictures were measured on, and by what the new model could not be judged."""
    lines = []
    counts = outcome.new.counts if outcome.new else {}
    if on := [
        f"{number(count, language)} {say(language, f'counted-{name}')}"
        for name in COLLECTIONS
        if (count := counts.get(name))
    ]:
        lines.append(say(language, "retrain-measured", on=", ".join(on)))
    if outcome.missing:
        names = ", ".join(say(language, f"counted-{name}") for name in outcome.missing)
        lines.append(say(language, "retrain-missing", names=names))
    if outcome.split_by == "pictures":
        lines.append(say(language, "retrain-few-people"))
    return lines


def reason(outcome: Outcome, language: str) -> str:
    """Why the model was promoted, or why nothing changed, with what rose and fell in numbers."""
    said = say(
        language,
        f"reason-{outcome.reason}",
        detail=outcome.detail or "–",
        gained=", ".join(_figure(name, language) for name in outcome.gained),
        lost="; ".join(_change(outcome, name, language) for name in outcome.lost),
    )
    rises = (
        _change(outcome, name, language) for name in outcome.changes if name not in outcome.lost
    )
    return " ".join([said, *(f"{rise[:1].upper()}{rise[1:]}." for rise in rises)])


def class_name(index: int, language: str) -> str:
    """One of the ten classes, or none of them."""
    if index == NONE_OF_THESE:
        return say(language, "retrain-none-of-these")
    return LABELS[index].in_language(language)


def _change(outcome: Outcome, name: str, language: str) -> str:
    """That a figure, or a class of it, fell or rose, and how much of it could be lost."""
    figure, _, label = name.partition(":")
    known = label.isdigit() and int(label) < len(LABELS)
    garment = class_name(int(label) if known else NONE_OF_THESE, language) if label else ""
    said = _figure(figure, language)
    named = f"{said} ({garment})" if garment else said
    numbers = outcome.changes.get(name, [])
    if len(numbers) != 4:
        return say(language, "retrain-worse", name=named)
    before, after, count, allowed = numbers
    if not count:  # shares, not pictures
        return say(
            language,
            "retrain-change-share",
            name=named,
            before=percent(before, language),
            after=percent(after, language),
            allowed=number(round(100 * allowed, 1), language),
        )
    return say(
        language,
        "retrain-fell" if after < before else "retrain-rose",
        what=garment or say(language, "retrain-right"),
        before=number(int(before), language),
        after=number(int(after), language),
        count=number(int(count), language),
        on=say(language, f"counted-{figure}") if figure in COLLECTIONS else figure,
        allowed=int(allowed),
    )


def _figure(name: str, language: str) -> str:
    """A figure, for people; one that we have no name for as it is."""
    return say(language, f"figure-{name}") if name in FIGURES else name
