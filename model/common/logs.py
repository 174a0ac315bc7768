"""Logging for all processes: one line per record, with its photo's id and without secrets.

`about` says which photo the code inside it works on; all records made there carry its id, so that
`grep u42-1f3a9c04` over the logs of all processes shows the way of one photo.
"""

import json
import logging
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from pythonjsonlogger.json import JsonFormatter

from model.common.settings import Settings

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

logger = logging.getLogger(__name__)

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# The JSON object's keys, from the record's attributes.
FIELDS = {"levelname": "level", "name": "logger", "job": "job", "message": "message"}
HIDDEN = "[hidden]"
# DEBUG is for our own code. There libraries write down messages, names and what photos' files hold.
OURS = ("bot", "model", "__main__")
# At INFO these write every request's URL, and Telegram's holds the token.
CHATTY = ("httpx", "httpcore", "tornado.access")
# Line breaks, and other characters that could make one line look like two.
_ESCAPED = {code: repr(chr(code))[1:-1] for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}

_jobs: ContextVar[str] = ContextVar("jobs", default="")


@contextmanager
def about(*jobs: str) -> Iterator[None]:
    """Records logged inside, also by tasks started there, carry the ids of these photos."""
    token = _jobs.set(",".join(jobs))
    try:
        yield
    finally:
        _jobs.reset(token)


def add_job(record: logging.LogRecord) -> bool:
    """A filter that keeps every record and gives it its `job`: what `about` said, or "".

    One that was logged with `extra={"job": …}` keeps its own.
    """
    if not hasattr(record, "job"):
        record.job = _jobs.get()
    return True


class Redactor:
    """Hides secrets in a text, whether plain, URL-encoded or in a repr."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spellings = {spelling for secret in secrets for spelling in _spellings(secret)}
        # The longest first: a token goes before the secret within it.
        self._spellings = sorted(spellings - {""}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text with HIDDEN in each secret's place."""
        for spelling in self._spellings:
            text = text.replace(spelling, HIDDEN)
        return text


class TextFormatter(logging.Formatter):
    """One line a record, traceback included; ` job=…` at its end unless the message has the id."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__(FORMAT)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """The record as it may leave the program."""
        text = self._redact(super().format(record)).translate(_ESCAPED)
        job = getattr(record, "job", "")
        return f"{text} job={job}" if job and job not in text else text


class JsonLines(JsonFormatter):
    """One JSON object a line: time (UTC), level, logger, job, message, exc_info, stack_info."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__(
            list(FIELDS), rename_fields=FIELDS, timestamp="time", json_ensure_ascii=False
        )
        self._redact = redact

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """The fields as they may leave the program."""
        return {name: self._cleaned(value) for name, value in log_data.items()}

    def _cleaned(self, value: object) -> object:
        # Before JSON spells them in its own way.
        plain = value is None or isinstance(value, int | float | datetime)
        return value if plain else self._redact(str(value))


class Lines(logging.StreamHandler[Any]):
    """Writes to standard error."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Name the call that cannot be logged. The default would print what it was called with."""
        error = sys.exc_info()[0]
        name = error.__name__ if error else "an error"
        sys.stderr.write(f"{name} in a log call at {record.pathname}:{record.lineno}\n")


def set_up(settings: Settings, secrets: Iterable[str] = ()) -> None:
    """Log to standard error at LOG_LEVEL, in LOG_FORMAT, also what ends the program or a thread.

    Hides the settings' secrets, and `secrets`.
    """
    keys = settings.data_key.get_secret_value(), *settings.data_keys
    redact = Redactor({*passwords_in(settings.redis_url), *keys, *secrets})
    handler = Lines()
    handler.setFormatter(
        JsonLines(redact) if settings.log_format == "json" else TextFormatter(redact)
    )
    handler.addFilter(add_job)
    level = logging.getLevelNamesMapping()[settings.log_level]
    logging.basicConfig(level=max(level, logging.INFO), handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    sys.unraisablehook = _log_unraisable
    threading.excepthook = _log_in_thread


def passwords_in(url: str) -> set[str]:
    """The password in a URL, before its host or in its query, as it is there and as it is meant."""
    parts = urlsplit(url)
    options = [part.partition("=") for part in parts.query.split("&")]
    raw = [value for name, _, value in options if name == "password"]
    read = parse_qs(parts.query).get("password", [])
    found = parts.password or "", *raw, *read
    return {each for password in found for each in (password, unquote(password))}


def _spellings(secret: str) -> set[str]:
    written = {secret, repr(secret)[1:-1], repr(secret.encode())[2:-1], json.dumps(secret)[1:-1]}
    return written | {quote(secret, safe=""), quote(secret)}


def _log_uncaught(_kind: type, error: BaseException, _traceback: TracebackType | None) -> None:
    if not isinstance(error, KeyboardInterrupt):
        logger.critical("unexpected error: the program ends", exc_info=error)


def _log_in_thread(args: threading.ExceptHookArgs) -> None:
    if not isinstance(args.exc_value, SystemExit | None):
        name = args.thread.name if args.thread else "?"
        logger.error("unexpected error: the thread %s ends", name, exc_info=args.exc_value)


def _log_unraisable(args: "UnraisableHookArgs") -> None:
    if args.exc_value is not None:
        problem = args.err_msg or "ignored"
        logger.warning("an error that could not be raised: %s", problem, exc_info=args.exc_value)
