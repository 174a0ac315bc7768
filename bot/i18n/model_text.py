"""Texts about models: which one serves, its training data and its figures."""

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.i18n.messages import say
from model.common.registry.registry import ModelEntry, ModelRefusal

SOURCES = {
    "fashion_mnist": "model-source-fashion-mnist",
    "photos": "model-source-photos",
    "things": "model-source-things",
    "corrections": "model-source-corrections",
}
FIGURES = {
    "fashion_mnist": "model-figure-fashion-mnist",
    "photos": "model-figure-photos",
    "corrections": "model-figure-corrections",
}
ERRORS = {
    "fashion_mnist_ece": "model-error-fashion-mnist",
    "photos_ece": "model-error-photos",
}


def description(entry: ModelEntry, language: str, *, since: float) -> str:
    """One model in full: its name, since when it serves, its training data and its figures."""
    name = {"version": entry.version, "network": entry.network or "?"}
    if since:
        lines = [say(language, "model-serves", **name, since=moment(since))]
    else:
        lines = [say(language, "model-ships", **name)]
    if base := entry.trained_on.get("base"):
        lines.append(say(language, "model-base", base=str(base)))
    if sources := _counts(entry, language):
        lines += ["", say(language, "model-learned")]
        lines += [f"• {source}" for source in sources]
    lines.append("")
    if figures := [*_percents(entry, language, FIGURES), *_percents(entry, language, ERRORS)]:
        lines.append(say(language, "model-figures"))
        lines += [f"• {figure}" for figure in figures]
    else:
        lines.append(say(language, "model-unmeasured"))
    return "\n".join(lines)


def listing(
    entries: Iterable[ModelEntry], current: str, refused: dict[str, ModelRefusal], language: str
) -> str:
    """Every model in two lines: its name and state, and its figures."""
    lines = [say(language, "models")]
    for entry in entries:
        words = [entry.version]
        if entry.created_at:
            words.append(say(language, "models-made", date=moment(entry.created_at)))
        if entry.version in refused:
            words.append(say(language, "models-refused"))
        if entry.shipped:
            words.append(say(language, "models-ships"))
        mark = "▶️" if entry.version == current else "•"
        lines += ["", f"{mark} {', '.join(words)}"]
        lines.append(
            ", ".join(_percents(entry, language, FIGURES)) or say(language, "model-unmeasured")
        )
    return "\n".join(lines)


def moment(seconds: float) -> str:
    """A time of Unix as every language reads it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _counts(entry: ModelEntry, language: str) -> list[str]:
    return [
        say(language, message, count=number)
        for source, message in SOURCES.items()
        if isinstance(number := entry.trained_on.get(source), int) and number
    ]


def _percents(entry: ModelEntry, language: str, messages: dict[str, str]) -> list[str]:
    return [
        say(language, message, percent=round(100 * entry.figures[figure], 1))
        for figure, message in messages.items()
        if figure in entry.figures
    ]
