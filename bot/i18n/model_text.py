"""Texts about models: which one serves, its training data and its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from model.common.languages.sentences import say
from model.common.registry.entry import ModelEntry, ModelRefusal, Promotion
from model.common.registry.registry import Registry
from model.common.retraining.outcome_text import sources

# In the order in which they are told.
ACCURACIES = ("fashion_mnist", "photos", "corrections")
ERRORS = ("fashion_mnist_ece", "photos_ece")


@dataclass(frozen=True, slots=True)
class Stand:
    """The registry's state: all models, the current one, and a rollback's target.

    `aside` has until when each is kept that was set aside, in Unix seconds; `doubted` the last
    promotion against a doubt of each that had one.
    """

    entries: list[ModelEntry]
    current: str
    before: str | None
    refused: dict[str, ModelRefusal]
    aside: dict[str, float]
    doubted: dict[str, Promotion]

    @classmethod
    def of(cls, registry: Registry) -> "Stand":
        """Look; it asks Redis several times."""
        before = registry.before()
        return cls(
            registry.models(),
            registry.current(),
            before[0] if before else None,
            registry.refused(),
            registry.aside(),
            registry.doubted(),
        )


def description(
    entry: ModelEntry, language: str, *, since: float, doubted: Promotion | None = None
) -> str:
    """One model in full: its name, since when it serves, its training data and its figures.

    `doubted` is its promotion, if something spoke against that.
    """
    name = {"version": entry.version, "network": entry.network or "?"}
    if since:
        lines = [say(language, "model-serves", **name, since=moment(since))]
    else:
        lines = [say(language, "model-ships", **name)]
    if doubted:
        lines.append(_against(doubted, language))
    if base := entry.trained_on.get("base"):
        lines.append(say(language, "model-base", base=str(base)))
    if learned := sources(entry.trained_on, language):
        lines += ["", say(language, "model-learned")]
        lines += [f"• {source}" for source in learned]
    lines.append("")
    if figures := _percents(entry, language, (*ACCURACIES, *ERRORS)):
        lines.append(say(language, "model-figures"))
        lines += [f"• {figure}" for figure in figures]
    else:
        lines.append(say(language, "model-unmeasured"))
    return "\n".join(lines)


def listing(stand: Stand, language: str) -> str:
    """Every model in two lines: its name and state, and its figures."""
    lines = [say(language, "models")]
    for entry in stand.entries:
        words = [entry.version]
        if entry.created_at:
            words.append(say(language, "models-made", date=moment(entry.created_at)))
        if entry.version in stand.refused:
            words.append(say(language, "models-refused"))
        if entry.shipped:
            words.append(say(language, "models-ships"))
        if until := stand.aside.get(entry.version):
            words.append(say(language, "models-aside", date=moment(until)))
        if promotion := stand.doubted.get(entry.version):
            words.append(_against(promotion, language))
        mark = "▶️" if entry.version == stand.current else "•"
        lines += ["", f"{mark} {', '.join(words)}"]
        figures = _percents(entry, language, ACCURACIES)
        lines.append(", ".join(figures) or say(language, "model-unmeasured"))
    return "\n".join(lines)


def _against(promotion: Promotion, language: str) -> str:
    return say(language, f"models-against-{promotion.doubt}", name=promotion.by)


def moment(seconds: float) -> str:
    """A time of Unix as every language reads it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _percents(entry: ModelEntry, language: str, names: Sequence[str]) -> list[str]:
    return [
        say(language, f"model-figure-{name}", percent=round(100 * entry.figures[name], 1))
        for name in names
        if name in entry.figures
    ]
