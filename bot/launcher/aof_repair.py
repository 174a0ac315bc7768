"""Repair of the embedded Redis's append-only file after a power cut.

A file system may give a file its new length before its new bytes: then it ends in zeros, or in what
lay there before, and Redis does not start. No command ends in zeros, since each ends with a line
break, and what was acknowledged is on the disk: such an end can go.
"""

import logging
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

logger = logging.getLogger(__name__)

PIECE = 1024 * 1024  # bytes that are read at once
# A file that begins with a snapshot may end in its checksum of eight bytes, zeros among them.
CHECKSUM = 8
# Bytes at the end that are cut off if they are no commands. Before more, a person has to look.
MOST_CUT_OFF = 64 * 1024
# What redis-check-aof says of bytes that do not begin as a command does; Redis 7 the last of these.
NO_COMMAND = re.compile(r"Expected prefix|Expected \\r|format error")


def repair(data_dir: Path, server: str) -> None:
    """Cut off what no command is at the ends of the files in `data_dir` to which Redis appends.

    A copy of each as it was stays next to it, named .before-repair. Raises OSError, and SystemExit
    with a sentence where a file is damaged further from its end. `server` is a redis-server.
    """
    files = (*data_dir.glob("appendonlydir/*.incr.aof"), *data_dir.glob("appendonly.aof"))
    for file in files:
        _cut_zeros(file)
        _cut_what_is_no_command(file, server)


def _cut_zeros(file: Path) -> None:
    size, end = file.stat().st_size, _end(file)
    if size - end > (0 if _ends_a_command(file, end) else CHECKSUM):
        _cut(file, end, f"{size - end} zeros")


def _cut_what_is_no_command(file: Path, server: str) -> None:
    """Ask redis-check-aof, which every redis-server is if it is called so."""
    checked = subprocess.run(  # noqa: S603 - our own server and file
        ["redis-check-aof", str(file)],  # noqa: S607 - its name alone: see `executable`
        executable=server,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    said = checked.stdout.decode(errors="replace")
    found = re.search(r"\bok_up_to=(\d+)", said)
    # A command that is only begun is what Redis itself leaves out.
    if checked.returncode == 0 or found is None or not NO_COMMAND.search(said):
        return
    size, end = file.stat().st_size, int(found[1])
    if size - end <= MOST_CUT_OFF:
        _cut(file, end, f"{size - end} bytes that are no command")
        return
    name = shlex.quote(str(file))
    raise SystemExit(
        f"{file} is damaged at byte {end} of {size}, and Redis does not start with it. Put it back "
        f"from a copy; or lose what follows: cp {name} {name}.damaged && truncate -s {end} {name}"
    )


def _cut(file: Path, end: int, what: str) -> None:
    copy = file.with_name(f"{file.name}.before-repair")
    shutil.copy2(file, copy)
    os.truncate(file, end)
    logger.warning(
        "%s ended in %s, as after a power cut. They were cut off; a copy is kept in %s.",
        *(file, what, copy),
    )


def _ends_a_command(file: Path, end: int) -> bool:
    with file.open("rb") as opened:
        opened.seek(max(0, end - 2))
        return opened.read(2) == b"\r\n"


def _end(file: Path) -> int:
    """The number of bytes before the zeros at the end."""
    with file.open("rb") as opened:
        end = opened.seek(0, os.SEEK_END)
        while end:
            begin = max(0, end - PIECE)
            opened.seek(begin)
            piece = opened.read(end - begin).rstrip(b"\0")
            if piece:
                return begin + len(piece)
            end = begin
    return 0
