"""The languages: one Fluent file for each, with everything that is said in it.

A new language is a new file here. Bot, workers and the shell read the same: `sentences` says
them, `labels` takes the names of the classes from it, the chart its words.
"""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
DEFAULT = "en"
LANGUAGES = (DEFAULT, *sorted({path.stem for path in FOLDER.glob("*.ftl")} - {DEFAULT}))
# A message in one line. What needs Fluent itself, with its plurals, is for `sentences`.
PLAIN = re.compile(r"^([a-z][a-z0-9-]*) = (\S.*)$", re.MULTILINE)


def text(language: str) -> str:
    """The language's file."""
    return (FOLDER / f"{language}.ftl").read_text(encoding="utf-8")


@cache
def words(language: str, prefix: str) -> dict[str, str]:
    """Messages whose ids begin so, by the rest of their ids; English where we do not speak it."""
    spoken = language if language in LANGUAGES else DEFAULT
    return {
        name.removeprefix(prefix): value
        for name, value in PLAIN.findall(text(spoken))
        if name.startswith(prefix)
    }
