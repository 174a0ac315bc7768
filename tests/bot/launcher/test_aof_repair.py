"""Zeros at the end of Redis's file, as a power cut leaves them, cost nothing that was kept."""

import logging
import subprocess
from pathlib import Path

import pytest

from bot.launcher import redis_server
from bot.launcher.aof_repair import CHECKSUM, MOST_CUT_OFF, PIECE, repair
from tests.bot.launcher.test_redis_server import Start, data_dir, start, wait_for
from tests.helpers.redis import connect

__all__ = ["data_dir", "start"]

SERVER = redis_server.executable()
SET = b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\nv\0\r\n"


def appended(folder: Path, content: bytes) -> Path:
    file = folder / "appendonlydir" / "appendonly.aof.1.incr.aof"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("zeros", [1, CHECKSUM + 1, 4096, PIECE, 2 * PIECE + 1])
def test_zeros_are_cut_off_and_a_copy_is_kept(
    tmp_path: Path, zeros: int, caplog: pytest.LogCaptureFixture
) -> None:
    file = appended(tmp_path, SET + bytes(zeros))
    with caplog.at_level(logging.WARNING):
        repair(tmp_path, SERVER)
    assert file.read_bytes() == SET
    assert Path(f"{file}.before-repair").read_bytes() == SET + bytes(zeros)
    assert f"ended in {zeros} zeros" in caplog.text


@pytest.mark.parametrize("junk", [b"junk", b"\xff" * MOST_CUT_OFF, b"*1\r\n?4\r\nPING\r\n"])
def test_an_end_that_is_no_command_is_cut_off(
    tmp_path: Path, junk: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    file = appended(tmp_path, SET + junk)
    repair(tmp_path, SERVER)
    assert file.read_bytes() == SET
    assert Path(f"{file}.before-repair").read_bytes() == SET + junk
    assert f"ended in {len(junk)} bytes that are no command" in caplog.text


def test_what_is_damaged_further_from_its_end_is_left_to_a_person(tmp_path: Path) -> None:
    damaged = SET + b"junk" + SET * MOST_CUT_OFF
    file = appended(tmp_path, damaged)
    with pytest.raises(SystemExit, match=f"damaged at byte {len(SET)} of") as said:
        repair(tmp_path, SERVER)
    assert file.read_bytes() == damaged
    subprocess.run(str(said.value).rpartition(": ")[2], shell=True, check=True)
    assert file.read_bytes() == SET
    repair(tmp_path, SERVER)


@pytest.mark.parametrize("content", [SET, b"", SET[:-2], b"REDIS0009\xff1234567\0"])
def test_a_file_that_is_whole_is_left_alone(tmp_path: Path, content: bytes) -> None:
    file = appended(tmp_path, content)
    repair(tmp_path, SERVER)
    assert file.read_bytes() == content
    assert list(file.parent.iterdir()) == [file]


def test_redis_starts_again_with_all_that_it_had(data_dir: Path, start: Start) -> None:
    with connect(f"unix://{data_dir}/redis.sock") as client:
        first = start(data_dir)
        wait_for(client)
        client.set("kept", "yes")
        first.kill()
        first.wait()
        files = [*data_dir.glob("appendonlydir/*.incr.aof"), *data_dir.glob("appendonly.aof")]
        with files[0].open("ab") as file:
            file.write(b"junk" + bytes(5000))
        start(data_dir)
        wait_for(client)
        assert client.get("kept") == b"yes"
