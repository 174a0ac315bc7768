"""`python -m bot.launcher.processes`: starts the part of the Procfile that the settings ask for.

honcho starts the processes and ends them all when one ends, or on Ctrl-C. Where one is killed or
crashes, `model.common.supervisor` starts it again.
"""

import os
import sys
from pathlib import Path

from honcho.environ import parse_procfile
from pydantic import ValidationError

from bot.launcher.manager import ProcessManager
from bot.sandbox.settings import SandboxSettings
from bot.settings import BotSettings, Token
from model.common.redis_tools.data_key import keyring
from model.common.settings import leave

PROCFILE = Path(__file__).parents[2] / "Procfile"


class RunSettings(BotSettings, SandboxSettings):
    """The bot's settings and the sandbox's. A missing token is fine: it means the sandbox."""

    telegram_token: Token | None = None  # type: ignore[assignment]


def processes(settings: RunSettings) -> list[str]:
    """Name what to start: no Redis if `REDIS_URL` is set; the sandbox if there is no token."""
    redis = ["redis"] if settings.embedded_redis else []
    chat = ["bot"] if settings.telegram_token else ["sandbox", "sandbox-bot"]
    return [*redis, "worker", "trainer", *chat]


def commands(settings: RunSettings) -> dict[str, str]:
    """The Procfile's command lines of what to start."""
    found = parse_procfile(PROCFILE.read_text(encoding="utf-8")).processes
    return {name: found[name] for name in processes(settings)}


def main() -> None:
    """Run them; a wrong setting ends the program with one line instead."""
    try:
        settings = RunSettings()
    except ValidationError as error:
        leave(error)
    if settings.webhook_url and settings.telegram_token is None:
        raise SystemExit(
            "WEBHOOK_URL is set, but not TELEGRAM_TOKEN: the sandbox would post there. Set the "
            "token, or leave WEBHOOK_URL empty. See .env.example."
        )
    keyring(settings)  # made here, before several programs want it
    # For the Procfile's own line, which a shell reads.
    os.environ["SANDBOX_PORT"] = str(settings.sandbox_port)
    sys.exit(ProcessManager().run(commands(settings)))


if __name__ == "__main__":
    main()
