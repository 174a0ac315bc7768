"""The Lua scripts that Redis runs, each as a whole or not at all; in a folder for each subject.

Each is a file with its keys, its arguments and what it returns on top. A line
`-- include FOLDER/NAME` stands for the text of another file.
"""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
INCLUDE = re.compile(r"^-- include ([\w/]+)$", re.MULTILINE)


@cache
def lua_script(name: str) -> str:
    """A script by its folder and name, such as "photos/submit"."""
    text = (FOLDER / f"{name}.lua").read_text(encoding="utf-8")
    return INCLUDE.sub(lambda include: lua_script(include[1]).rstrip(), text)
