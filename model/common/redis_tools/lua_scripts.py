"""Loads the Lua scripts that Redis runs, each as a whole or not at all.

Each is a file with its keys, its arguments and what it returns on top, in the folder `lua` of the
package that calls it. A line `-- include NAME` stands for the text of another file there.
"""

import re
from functools import cache
from pathlib import Path

INCLUDE = re.compile(r"^-- include (\w+)$", re.MULTILINE)


@cache
def lua_script(module_file: str, name: str) -> str:
    """The script `name` for a module, which gives its own `__file__`."""
    file = Path(module_file).with_name("lua") / f"{name}.lua"
    text = file.read_text(encoding="utf-8")
    return INCLUDE.sub(lambda include: lua_script(module_file, include[1]).rstrip(), text)
