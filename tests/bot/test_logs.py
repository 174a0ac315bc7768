import io
import logging
import sys
import warnings
from collections.abc import Iterator

import pytest

from bot import logs
from bot.settings import BotSettings
from model.common.logs import HIDDEN
from tests.helpers.logs import caught

SECRET = "AAF-secret_part"
TOKEN = f"123456:{SECRET}"
PASSWORD = "p@ss/word"
QUOTED = "p%40ss%2Fword"
WEBHOOK_SECRET = "only-telegram-and-we-know-this-word"


@pytest.fixture
def output() -> Iterator[io.StringIO]:
    """Everything that the log writes, at DEBUG."""
    settings = {
        "_env_file": None,
        "telegram_token": TOKEN,
        "telegram_api_url": "https://somebody:apisecret@api.telegram.org",
        "webhook_url": "https://bot.example/",
        "webhook_secret": WEBHOOK_SECRET,
        "redis_url": f"redis://:{QUOTED}@127.0.0.1:6379/0",
        "log_level": "DEBUG",
    }
    with caught() as stream:
        logs.set_up(BotSettings(**settings))  # type: ignore[arg-type]
        yield stream


def fail() -> None:
    url = f"https://api.telegram.org/bot{TOKEN}/getMe"
    raise RuntimeError(f"no answer from {url}")


def test_no_secret_leaves_in_any_way(output: io.StringIO) -> None:
    log = logging.getLogger("bot.somewhere.deep")
    log.debug("calling https://api.telegram.org/bot%s/getMe", TOKEN)
    log.info("as bytes %r, and %s", TOKEN.encode(), {"secret": SECRET})
    log.warning("in a URL: redis://:%s@host, plain: %s", QUOTED, PASSWORD)
    log.warning("the others: %s, %s", WEBHOOK_SECRET, "https://somebody:apisecret@host")
    log.error("quoted %s", TOKEN.replace(":", "%3A"))
    try:
        fail()
    except RuntimeError:
        log.exception("It failed with %s", TOKEN, stack_info=True)
    warnings.warn(f"beware of {TOKEN}", stacklevel=1)
    try:
        fail()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    text = output.getvalue()
    assert text.count("Traceback") == 2
    assert text.count(HIDDEN) >= 10
    for secret in (TOKEN, SECRET, PASSWORD, QUOTED, WEBHOOK_SECRET, "apisecret"):
        assert secret not in text


def test_requests_are_not_logged_but_what_we_say_is(output: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org")
    logging.getLogger("httpcore.http11").debug("send_request_headers.started")
    logging.getLogger("telegram.ext.Application").debug("Processing update with all its words")
    logging.getLogger("bot.app").debug("ready")
    text = output.getvalue()
    assert "bot.app: ready" in text
    assert "HTTP Request" not in text
    assert "send_request_headers" not in text
    assert "Processing update" not in text
