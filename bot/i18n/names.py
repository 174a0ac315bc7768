"""People's names, made safe to appear within our sentences.

Markup in them is never interpreted, see `ParseMode`; but a name can contain characters that
reverse, break or cover the line around it.
"""

import unicodedata
from itertools import groupby

# Characters of a name that are shown.
LONGEST = 40
# Marks on one letter: no language needs more, and a hundred of them cover the lines around.
MOST_MARKS = 3
# Joins emoji, and the letters of some scripts: the one invisible character that names need.
JOINER = "\u200d"


def shown(name: str) -> str:
    """The name on one line, of visible characters, cut to LONGEST; "?" if there are none."""
    kept = "".join(" " if each.isspace() else each for each in name if _is_visible(each))
    words = " ".join(_few_marks(kept).strip(JOINER).split())
    return (words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…") or "?"


def _is_visible(character: str) -> bool:
    # Control, format (the marks of direction are), surrogate, private, unassigned.
    hidden = unicodedata.category(character).startswith("C")
    return not hidden or character == JOINER or character.isspace()


def _few_marks(text: str) -> str:
    parts = []
    for is_mark, group in groupby(text, key=_is_mark):
        found = "".join(group)
        parts.append(found[:MOST_MARKS] if is_mark else found)
    return "".join(parts)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Me"}
