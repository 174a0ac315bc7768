"""`python -m bot`: serve the bot until Ctrl-C."""

import asyncio

from pydantic import ValidationError

from bot import logs
from bot.lifecycle import run
from bot.settings import BotSettings
from model.common import health
from model.common.settings import leave


def main() -> None:
    """Settings, logs, run."""
    try:
        settings = BotSettings()  # type: ignore[call-arg]  # filled from the environment
    except ValidationError as error:
        leave(error)
    logs.set_up(settings)
    health.end_when_hung()
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
