"""Every Lua script is one that Redis takes, and says on top what it wants and gives."""

from pathlib import Path

import pytest

from model.common.redis_tools.lua_scripts import INCLUDE, lua_script
from tests.helpers.redis import Client

ROOT = Path(__file__).parents[4]
FILES = sorted([*ROOT.glob("model/**/lua/*.lua"), *ROOT.glob("bot/**/lua/*.lua")])
INCLUDED = {name for file in FILES for name in INCLUDE.findall(file.read_text())}
FOLDERS = {file.parent for file in FILES}


def test_there_are_scripts() -> None:
    assert len(FILES) > 30 and len(FOLDERS) == 3


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_redis_takes_it(file: Path, client: Client) -> None:
    script = lua_script(str(file.parent.with_name("any.py")), file.stem)
    assert not INCLUDE.search(script)
    assert client.script_load(script)
    assert "{{" not in script


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_it_says_what_it_takes(file: Path) -> None:
    top = file.read_text().split("\n\n")[0].splitlines() + file.read_text().splitlines()[:40]
    assert top[0].startswith("-- ")
    if file.stem not in (
        "dead_letters",
        "note_refused",
        "number",
    ):  # these have no keys of their own
        assert any("KEYS" in line for line in top if line.startswith("--"))


def test_what_is_included_stands_once(client: Client) -> None:
    script = lua_script(str(ROOT / "model/common/queue/dead_letters.py"), "bury")
    assert script.count("local function field_of") == script.count("local function keep") == 1
