"""`python -m bot.launcher.processes`: what `make run` starts of the Procfile, by the settings.

It becomes honcho, which starts the processes and ends them all when one ends, or on Ctrl-C. Where
one is killed or crashes, `bot.launcher.supervisor` starts it again.
"""

import os
import sys

from pydantic import ValidationError

from bot.sandbox.settings import SandboxSettings
from bot.settings import BotSettings, Token
from model.common.settings import leave


class RunSettings(BotSettings, SandboxSettings):
    """The bot's settings and the sandbox's. A missing token is no mistake: it means the sandbox."""

    telegram_token: Token | None = None  # type: ignore[assignment]


def processes(settings: RunSettings) -> list[str]:
    """Name what to start: no Redis if `REDIS_URL` is set; the sandbox if there is no token."""
    redis = ["redis"] if settings.embedded_redis else []
    chat = ["bot"] if settings.telegram_token else ["sandbox", "sandbox-bot"]
    return [*redis, "worker", "trainer", *chat]


def command(settings: RunSettings) -> list[str]:
    """The command line of honcho. It is not to read `.env`: our settings do, in their own way."""
    honcho = [sys.executable, "-m", "honcho", "--env", os.devnull]
    return [*honcho, "start", *processes(settings)]


def main() -> None:
    """Become honcho; a wrong setting ends the program with one line instead."""
    try:
        settings = RunSettings()
    except ValidationError as error:
        leave(error)
    if settings.webhook_url and settings.telegram_token is None:
        raise SystemExit(
            "WEBHOOK_URL is set, but not TELEGRAM_TOKEN: the sandbox would post there. Set the "
            "token, or leave WEBHOOK_URL empty. See .env.example."
        )
    # For the Procfile's own line, which a shell reads.
    os.environ["SANDBOX_PORT"] = str(settings.sandbox_port)
    os.execv(sys.executable, command(settings))  # noqa: S606 - our own list, no shell


if __name__ == "__main__":
    main()
