"""Repair of the embedded Redis's append-only file after a power cut.

A file system may give a file its new length before its new bytes: then it ends in zeros, and Redis
does not start. No command ends so, since each ends with a line break: the zeros can go.
"""

import logging
import os
import shutil
from pathlib import Path

logger = logging.getLogger(__name__)

PIECE = 1024 * 1024  # bytes that are read at once
# A file that begins with a snapshot may end in its checksum of eight bytes, zeros among them.
CHECKSUM = 8


def repair(data_dir: Path) -> None:
    """Cut the zeros off the ends of the files in `data_dir` to which Redis appends.

    A copy of each as it was stays next to it, named .before-repair. Raises OSError.
    """
    for file in (*data_dir.glob("appendonlydir/*.incr.aof"), *data_dir.glob("appendonly.aof")):
        size, end = file.stat().st_size, _end(file)
        if size - end <= (0 if _ends_a_command(file, end) else CHECKSUM):
            continue
        copy = file.with_name(f"{file.name}.before-repair")
        shutil.copy2(file, copy)
        os.truncate(file, end)
        logger.warning(
            "%s ended in %d zeros, as after a power cut. They were cut off; a copy is kept in %s.",
            *(file, size - end, copy),
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
