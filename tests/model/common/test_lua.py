"""Every Lua script is one that Redis takes, and says on top what it wants and gives."""

import pytest

from model.common.lua import FOLDER, INCLUDE, lua_script
from tests.helpers.redis import Client

FILES = sorted(
    file.relative_to(FOLDER).with_suffix("").as_posix() for file in FOLDER.rglob("*.lua")
)


def test_there_are_scripts() -> None:
    assert len(FILES) > 30 and len({name.partition("/")[0] for name in FILES}) == 7


@pytest.mark.parametrize("name", FILES)
def test_redis_takes_it(name: str, client: Client) -> None:
    script = lua_script(name)
    assert not INCLUDE.search(script)
    assert client.script_load(script)
    assert "{{" not in script


@pytest.mark.parametrize("name", FILES)
def test_it_says_what_it_takes(name: str) -> None:
    text = (FOLDER / f"{name}.lua").read_text()
    top = text.split("\n\n")[0].splitlines() + text.splitlines()[:40]
    assert top[0].startswith("-- ")
    # These have no keys of their own.
    if name not in ("dead_letters/shared", "intake/note_refused", "photos/number"):
        assert any("KEYS" in line for line in top if line.startswith("--"))


def test_what_is_included_stands_once() -> None:
    script = lua_script("photos/bury")
    assert script.count("local function field_of") == script.count("local function keep") == 1
