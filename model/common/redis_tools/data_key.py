"""DATA_KEY: from the settings, or from a file that `make run` keeps apart from the data."""

import fcntl
import logging
import os
import secrets
from pathlib import Path

from model.common.redis_tools.keyring import Keyring
from model.common.settings import Settings, check_keys

logger = logging.getLogger(__name__)

# In DATA_DIR earlier releases kept a key there.
OLD_FILE = "corrections.key"


def keyring(settings: Settings) -> Keyring:
    """The keyring of DATA_KEY, or of the embedded Redis's key file, which is made if missing.

    With somebody's own Redis the processes may run on different machines, and a file would not
    reach them all. SystemExit with a sentence if there is no usable key.
    """
    if keys := settings.data_keys:
        return Keyring(*keys)
    if not settings.embedded_redis:
        raise SystemExit(
            "DATA_KEY is missing: with REDIS_URL, set the same one for the bot, the workers and "
            "the trainer, such as `openssl rand -hex 32` prints. See .env.example."
        )
    return Keyring(*_in_file(settings.data_dir / OLD_FILE))


def _in_file(old: Path) -> list[str]:
    """The keys in the file; a new one in an empty file, and behind it the key in `old`."""
    file = Path("data.key")
    try:
        file = key_file()
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX)  # several programs start at the same time
            found = opened.read().strip()
            keys = found.split(",") if found else [secrets.token_urlsafe(48)]
            if old.exists():
                keys = list(dict.fromkeys([*keys, old.read_text("ascii").strip()]))
            check_keys(keys)
            if ",".join(keys) != found:
                opened.seek(0)
                opened.write(",".join(keys) + "\n")
                opened.truncate()
                opened.flush()
                os.fsync(opened.fileno())
                logger.warning(
                    "Keep a copy of %s apart from DATA_DIR: without it nobody can read what is "
                    "kept there.",
                    file,
                )
            old.unlink(missing_ok=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise SystemExit(
            f"The key in {file} cannot be used: {error}. Put it back from a copy, or set DATA_KEY "
            "to what `openssl rand -hex 32` prints: what was sealed with the old one can then no "
            "longer be read."
        ) from None
    return keys


def key_file() -> Path:
    """The key's path in the user's configuration folder. Raises RuntimeError without home."""
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "modista" / "data.key"
