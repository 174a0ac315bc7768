"""The key of the settings, or one that is made once and kept apart from the data."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from model.common.redis_tools.data_key import OLD_FILE, key_file, keyring
from model.common.redis_tools.keyring import Keyring
from model.common.settings import Settings
from tests.helpers.redis import KEY

ROOT = Path(__file__).parents[4]
OTHER = "another key of 32 characters or more"
MAKE = """
from model.common.redis_tools.data_key import keyring
from model.common.settings import Settings
print(keyring(Settings(_env_file=None, redis_url="", data_key="")).digest("same"))
"""


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATA_KEY")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def settings(folder: Path, key: str = "", redis_url: str = "") -> Settings:
    return Settings(data_dir=folder / "data", data_key=SecretStr(key), redis_url=redis_url)


def test_the_key_of_the_settings_comes_first(tmp_path: Path) -> None:
    assert keyring(settings(tmp_path, KEY)).person(1) == Keyring(KEY).person(1)
    assert not list(tmp_path.iterdir())


def test_several_keys_stand_with_commas_between(tmp_path: Path) -> None:
    both = keyring(settings(tmp_path, f"{OTHER} , {KEY}"))
    assert both.open(Keyring(KEY).seal(b"a", "there"), "there") == b"a"
    assert Keyring(OTHER).open(both.seal(b"a", "there"), "there") == b"a"


def test_the_name_of_before_is_still_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRECTIONS_KEY", KEY)
    assert Settings(data_dir=tmp_path).data_keys == [KEY]
    monkeypatch.setenv("DATA_KEY", OTHER)
    assert Settings(data_dir=tmp_path).data_keys == [OTHER]


def test_with_somebodys_own_redis_a_key_is_asked_for_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"^DATA_KEY is missing: .*openssl rand -hex 32"):
        keyring(settings(tmp_path, redis_url="redis://localhost"))
    assert not list(tmp_path.iterdir())


def test_for_the_embedded_redis_a_key_is_made_once_apart_from_the_data_for_its_owner_alone(
    tmp_path: Path,
) -> None:
    first, second = keyring(settings(tmp_path)), keyring(settings(tmp_path))
    assert second.open(first.seal(b"same key", "there"), "there") == b"same key"
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [key_file()]
    assert key_file() == tmp_path / "config" / "modista" / "data.key"
    assert stat.S_IMODE(key_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file().parent.stat().st_mode) == 0o700


def test_processes_that_start_together_agree_on_the_key() -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", MAKE], cwd=ROOT, stdout=-1) for _ in range(4)
    ]
    names = {process.communicate()[0] for process in running}
    assert len(names) == 1 and len(names.pop()) == 33


def test_the_key_of_an_earlier_release_moves_out_of_the_data(tmp_path: Path) -> None:
    """A new one seals from then on; what the old one sealed is read, and people's names stay."""
    old = tmp_path / "data" / OLD_FILE
    old.parent.mkdir()
    old.write_text(KEY + "\n")
    both = keyring(settings(tmp_path))
    assert both.open(Keyring(KEY).seal(b"a", "there"), "there") == b"a"
    assert both.person(1) == Keyring(KEY).person(1)
    assert not old.exists() and KEY not in key_file().read_text().split(",")[0]
    assert keyring(settings(tmp_path)).person(1) == Keyring(KEY).person(1)


@pytest.mark.parametrize("content", [b"short", b"\xff" * 40])
def test_a_key_file_that_cannot_be_used_ends_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    key_file().parent.mkdir(parents=True)
    key_file().write_bytes(content)
    with pytest.raises(SystemExit, match=r"^The key in .* or set DATA_KEY to .*"):
        keyring(settings(tmp_path))
    assert key_file().read_bytes() == content


def test_a_folder_that_cannot_be_used_ends_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("")
    with pytest.raises(SystemExit, match="set DATA_KEY"):
        keyring(settings(tmp_path))
