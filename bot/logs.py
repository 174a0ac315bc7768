"""The bot's logs: as `model.common.logs`, with the secrets that only the bot has."""

from bot.settings import BotSettings
from model.common import logs


def secrets(settings: BotSettings) -> set[str]:
    """The bot's own secrets, on top of those that all programs share."""
    token = settings.telegram_token.get_secret_value()
    plain = {token, token.partition(":")[2], settings.webhook_secret.get_secret_value()}
    return plain | logs.passwords_in(settings.telegram_api_url)


def set_up(settings: BotSettings) -> None:
    """Log to standard error as the settings say; no secret of theirs is in any line."""
    logs.set_up(settings, secrets(settings))
