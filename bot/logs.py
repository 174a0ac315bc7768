"""Logging for the bot: one line a record, and no secret in any of them."""

import logging
import sys
from collections.abc import Iterable
from types import TracebackType
from urllib.parse import quote, unquote, urlsplit

from bot.settings import BotSettings

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
HIDDEN = "[hidden]"
# At INFO httpx logs every request's URL, and the URL holds the token.
CHATTY = ("httpx", "httpcore")


class RedactingFormatter(logging.Formatter):
    """Hides secrets in the finished text: message, arguments, traceback and stack alike."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__(FORMAT)
        # The longest first: a token goes before the secret within it.
        self._secrets = sorted(set(secrets), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """Write the record as it may leave the program."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text


def secrets(settings: BotSettings) -> set[str]:
    """Gather what must never appear: the token and Redis's password, also as a URL has them."""
    token = settings.telegram_token.get_secret_value()
    plain = {token, token.partition(":")[2]}
    if password := urlsplit(settings.redis_url).password:
        plain |= {password, unquote(password)}
    return plain | {quote(secret, safe="") for secret in plain}


def set_up(settings: BotSettings) -> None:
    """Log to standard error at LOG_LEVEL; also what would end the program as a traceback."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(secrets(settings)))
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _log_uncaught


def _log_uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    logging.getLogger(__name__).critical(
        "The bot ends: nobody expected this error.", exc_info=(kind, error, traceback)
    )
