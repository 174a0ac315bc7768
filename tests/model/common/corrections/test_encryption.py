"""Values in Redis can be read only with the key, and the key is made once."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from model.common.corrections.encryption import KEY_FILE, Sealer, Unsealable, sealer
from model.common.settings import Settings
from tests.helpers.corrections import KEY

ROOT = Path(__file__).parents[4]
MAKE = """
import sys
from pathlib import Path
from model.common.corrections.encryption import sealer
from model.common.settings import Settings
made = sealer(Settings(_env_file=None, redis_url="", data_dir=Path(sys.argv[1])))
print(made.digest("same"))
"""


def settings(folder: Path, key: str = "", redis_url: str = "") -> Settings:
    return Settings(data_dir=folder, corrections_key=SecretStr(key), redis_url=redis_url)


def test_what_was_sealed_is_opened_and_nothing_of_it_shows() -> None:
    sealed = Sealer(KEY).seal(b"a garment")
    assert b"garment" not in sealed
    assert Sealer(KEY).open(sealed) == b"a garment"
    assert Sealer(KEY).seal(b"a garment") != sealed, "who sees two cannot tell that they are equal"


@pytest.mark.parametrize("change", [lambda b: b[:-1], lambda b: b"A" + b, lambda b: b""])
def test_what_was_changed_cannot_be_opened(change: type) -> None:
    with pytest.raises(Unsealable):
        Sealer(KEY).open(change(Sealer(KEY).seal(b"a garment")))


def test_another_key_opens_nothing_and_gives_other_names() -> None:
    other = Sealer(KEY + "!")
    with pytest.raises(Unsealable):
        other.open(Sealer(KEY).seal(b"a garment"))
    assert other.person(1001) != Sealer(KEY).person(1001)


def test_names_tell_apart_what_differs() -> None:
    names = Sealer(KEY)
    assert names.digest("a", 1) == names.digest("a", 1)
    different: list[tuple[str | int, ...]] = [
        *(("a", 1), ("a", "1"), ("a1",), ("a", "", 1), ("a, 1",), ("person", 1))
    ]
    assert len({names.digest(*parts) for parts in different}) == 6
    assert names.person(1) != names.answer("1")


def test_the_key_of_the_settings_comes_first(tmp_path: Path) -> None:
    chosen = sealer(settings(tmp_path, KEY))
    assert chosen and chosen.person(1) == Sealer(KEY).person(1)
    assert not list(tmp_path.iterdir())


def test_with_somebodys_own_redis_and_no_key_corrections_are_off(tmp_path: Path) -> None:
    assert sealer(settings(tmp_path, redis_url="redis://localhost")) is None
    assert not list(tmp_path.iterdir())


def test_beside_the_embedded_redis_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "not yet there"
    first, second = sealer(settings(folder)), sealer(settings(folder))
    assert first and second
    assert second.open(first.seal(b"same key")) == b"same key"
    [file] = folder.iterdir()
    assert file.name == KEY_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", MAKE, str(tmp_path)], cwd=ROOT, stdout=-1)
        for _ in range(4)
    ]
    names = {process.communicate()[0] for process in running}
    assert len(names) == 1 and len(names.pop()) == 33
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


def test_a_key_that_another_process_makes_meanwhile_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def slower(new: str, file: Path) -> None:
        file.write_text(KEY)
        link(new, file)

    monkeypatch.setattr(os, "link", slower)
    made = sealer(settings(tmp_path))
    assert made and made.person(1) == Sealer(KEY).person(1)
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 40])
def test_a_key_file_that_cannot_be_used_ends_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(SystemExit, match="key"):
        sealer(settings(tmp_path))


def test_a_folder_that_cannot_be_used_ends_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit, match="set CORRECTIONS_KEY"):
        sealer(settings(tmp_path / "file" / "below"))
