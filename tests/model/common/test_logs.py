import asyncio
import gc
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.common import logs
from model.common.settings import Settings
from tests.helpers.logs import caught

PASSWORD = 'p@ss/w"rd\\ ü'
QUOTED = quote(PASSWORD, safe="")
KEY = "the-key-that-seals-what-people-let-us-keep"

Begin = Callable[..., io.StringIO]


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Sets the logs up; everything that is written from then on."""
    with ExitStack() as stack:

        def begin(**settings: Any) -> io.StringIO:
            stream = stack.enter_context(caught())
            values: dict[str, Any] = {
                "_env_file": None,
                "redis_url": f"redis://:{QUOTED}@127.0.0.1:6379/0",
                "data_key": KEY,
                "log_level": "DEBUG",
            }
            logs.set_up(Settings(**values | settings))
            return stream

        yield begin


def fail() -> None:
    raise RuntimeError(f"no way to redis://:{QUOTED}@127.0.0.1, key {KEY}\nof two lines")


def hidden_in(text: str) -> None:
    spellings = (PASSWORD, QUOTED, KEY, repr(PASSWORD)[1:-1], json.dumps(PASSWORD)[1:-1])
    for spelling in spellings:
        assert spelling not in text


class Careless:
    def __del__(self) -> None:
        fail()


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_leaves_in_any_way(begin: Begin, form: str) -> None:
    output = begin(log_format=form)
    log = logging.getLogger("model.somewhere")
    log.debug("the password is %s, as bytes %r", PASSWORD, PASSWORD.encode())
    log.info("in a structure %s", {"key": KEY, "password": PASSWORD})
    log.info("next to the message", extra={"password": PASSWORD, "more": {"url": QUOTED}})
    log.info({"a dictionary": PASSWORD})
    try:
        fail()
    except RuntimeError:
        log.exception("it failed with %s", KEY, stack_info=True)
    warnings.warn(f"beware of {KEY}", stacklevel=1)
    try:
        fail()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    Careless()
    gc.collect()
    text = output.getvalue()
    assert text.count("Traceback") == 4
    assert text.count(logs.HIDDEN) >= 10
    hidden_in(text)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_log_call_that_is_wrong_shows_where_and_not_what(begin: Begin, form: str) -> None:
    output = begin(log_format=form)
    logging.getLogger("model").info("%d photos", KEY)
    text = output.getvalue()
    assert "test_logs.py:" in text and "TypeError" in text
    hidden_in(text)


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="hiden[]"), min_size=1, max_size=12),
    st.text(st.characters(codec="utf-8"), max_size=12),
)
def test_whatever_the_secret_is_it_is_hidden_in_every_spelling(secret: str, around: str) -> None:
    redact = logs.Redactor([secret, ""])
    url = quote(secret, safe="")
    for text in (secret, url, repr(secret)[1:-1], json.dumps(secret)[1:-1]):
        assert text not in redact(around + text).replace(logs.HIDDEN, "")


@pytest.mark.parametrize(
    ("url", "password"),
    [
        ("redis://:se%40cret@host:6379/0", "se@cret"),
        ("redis://user:secret@host", "secret"),
        ("rediss://host?password=sec%2Fret", "sec/ret"),
        ("unix://:secret@/run/redis.sock", "secret"),
        ("unix:///run/redis.sock?db=1&password=secret", "secret"),
    ],
)
def test_the_password_is_found_wherever_redis_would_look_for_it(url: str, password: str) -> None:
    assert password in logs.passwords_in(url)
    assert "" in logs.passwords_in("redis://host:6379/0")


def test_text_is_one_line_a_record(begin: Begin) -> None:
    output = begin()
    log = logging.getLogger("model.serving.worker")
    log.info("two\nlines, a bell \a, and \r\x1b[2K\u2028a disguise")
    try:
        fail()
    except RuntimeError:
        log.exception("a traceback")
    lines = output.getvalue().splitlines()
    assert len(lines) == 2
    assert "two\\nlines" in lines[0] and lines[0].isprintable()
    assert "Traceback" in lines[1] and "of two lines" in lines[1]


def test_a_photos_id_is_in_each_record_about_it(begin: Begin) -> None:
    output = begin()
    log = logging.getLogger("model.serving.worker")
    log.info("before")
    with logs.about("u42-1f3a9c04"):
        log.info("photo received")
        log.info("photo answered job=%s", "u42-1f3a9c04")
        with logs.about("u43-00000000", "u44-00000000"):
            log.info("a batch")
        log.info("after the batch")
    log.info("after")
    ends = [line.partition(": ")[2] for line in output.getvalue().splitlines()]
    assert ends == [
        "before",
        "photo received job=u42-1f3a9c04",
        "photo answered job=u42-1f3a9c04",
        "a batch job=u43-00000000,u44-00000000",
        "after the batch job=u42-1f3a9c04",
        "after",
    ]


async def test_tasks_are_about_the_photo_that_they_began_with(begin: Begin) -> None:
    output = begin()

    async def work(name: str) -> None:
        with logs.about(name):
            await asyncio.sleep(0)
            await asyncio.create_task(tell(name))

    async def tell(name: str) -> None:
        logging.getLogger("model").info("I am %s's", name[:3])

    await asyncio.gather(*(work(f"u{number}-aaaaaaaa") for number in range(10, 20)))
    for line in output.getvalue().splitlines():
        assert line.endswith(f"job={line.partition('I am ')[2][:3]}-aaaaaaaa")


def test_json_has_the_fields_that_are_promised(begin: Begin) -> None:
    output = begin(log_format="JSON")
    log = logging.getLogger("model.serving.worker")
    with logs.about("u42-1f3a9c04"):
        log.warning("größer als %d", 5)
        with suppress(RuntimeError):
            try:
                fail()
            except RuntimeError:
                log.exception("it failed")
                raise
    log.info("alone", extra={"job": "u43-00000000"})
    first, second, third = map(json.loads, output.getvalue().splitlines())
    assert first.keys() == {"time", "level", "logger", "job", "message"}
    assert first["level"] == "WARNING" and first["logger"] == "model.serving.worker"
    assert first["job"] == "u42-1f3a9c04" and first["message"] == "größer als 5"
    assert first["time"].endswith("+00:00")
    assert "Traceback" in second["exc_info"]
    assert third["job"] == "u43-00000000"


def test_at_debug_only_our_own_code_speaks(begin: Begin) -> None:
    output = begin()
    for name in ("telegram.ext.Application", "PIL.TiffImagePlugin", "redis", "httpx", "asyncio"):
        logging.getLogger(name).debug("what somebody wrote")
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org")
    logging.getLogger("tornado.access").info("200 POST /")
    logging.getLogger("telegram.ext.Application").info("started")
    logging.getLogger("bot.app").debug("ready")
    logging.getLogger("__main__").debug("begun")
    assert [line.partition(": ")[2] for line in output.getvalue().splitlines()] == [
        "started",
        "ready",
        "begun",
    ]


@pytest.mark.parametrize(("level", "lines"), [("INFO", 3), ("WARNING", 2), ("ERROR", 1)])
def test_the_level_counts_for_all(begin: Begin, level: str, lines: int) -> None:
    output = begin(log_level=level)
    for name in ("model.serving.worker", "httpcore"):
        for number in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
            logging.getLogger(name).log(number, "said")
    ours = [line for line in output.getvalue().splitlines() if "model.serving.worker" in line]
    assert len(ours) == lines
