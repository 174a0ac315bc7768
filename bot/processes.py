"""`python -m bot.processes` prints which processes of the Procfile `make run` starts."""

from pydantic import ValidationError

from bot.settings import BotSettings, Token
from model.settings import leave


class RunSettings(BotSettings):
    """The bot's settings, where a missing token is no mistake but means the sandbox."""

    telegram_token: Token | None = None  # type: ignore[assignment]


def processes(settings: RunSettings) -> list[str]:
    """Name what to start: no Redis beside somebody's own; the sandbox where there is no token."""
    redis = ["redis"] if settings.embedded_redis else []
    chat = ["bot"] if settings.telegram_token else ["sandbox", "sandbox-bot"]
    return [*redis, "worker", *chat]


def main() -> None:
    """Print the names in one line; a wrong setting ends the program with one line instead."""
    try:
        print(*processes(RunSettings()))
    except ValidationError as error:
        leave(error)


if __name__ == "__main__":
    main()
