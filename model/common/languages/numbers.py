"""Numbers as people read them, and columns of them."""

from collections.abc import Sequence

from model.common.languages.sentences import say


def number(count: float, language: str) -> str:
    """A count, its thousands set apart."""
    return say(language, "number", number=count)


def percent(share: float | None, language: str) -> str:
    """A share of 0 to 1 with a tenth of a percent, or a dash if there is none."""
    return "–" if share is None else say(language, "percent", percent=100 * share)


def duration(seconds: float, language: str) -> str:
    """A duration in words: 42 s, 3 min 5 s, 2 h 10 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return say(language, "time-seconds", seconds=whole)
    if whole < 3600:
        return say(language, "time-minutes", minutes=whole // 60, seconds=whole % 60)
    return say(language, "time-hours", hours=whole // 3600, minutes=whole % 3600 // 60)


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Columns for a font of one width: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join([f"{first:<{widths[0]}}", *cells]).rstrip())
    return "\n".join(lines)
