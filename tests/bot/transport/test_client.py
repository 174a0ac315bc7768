"""The connection to Telegram, as the polling sees it."""

import ssl
from collections.abc import Sequence
from typing import Any

import pytest
from telegram import Update
from telegram.error import NetworkError
from telegram.ext import ExtBot

from bot.settings import BotSettings
from bot.transport.client import connect
from tests.helpers.bot.running import Parts


@pytest.fixture
def polls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many updates each poll brings."""
    coming: list[int] = []

    async def get_updates(_bot: Any, *_: Any, **__: Any) -> tuple[Update, ...]:
        return tuple(Update(number) for number in range(coming.pop(0)))

    monkeypatch.setattr(ExtBot, "get_updates", get_updates)
    return coming


async def test_it_is_flooded_once_polls_have_been_full_for_a_while(
    polls: list[int], settings: BotSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = 0.0
    monkeypatch.setattr("bot.transport.client.monotonic", lambda: clock)
    bot = connect(settings)
    polls += [100, 100, 100, 99, 100]
    seen = []
    for clock in (0.0, 9.0, 11.0, 12.0, 13.0):  # noqa: B007 - the clock's closure reads it
        await bot.get_updates()
        seen.append(bot.flooded())
    assert seen == [False, False, True, False, False]


async def test_a_polls_updates_are_handed_over_before_the_library_has_them(
    polls: list[int], settings: BotSettings
) -> None:
    bot, received = connect(settings), []

    async def receive(updates: Sequence[Update]) -> None:
        received.append([update.update_id for update in updates])

    bot.hand_over(receive)
    polls += [2, 0]
    assert len(await bot.get_updates()) == 2
    assert received == [[0, 1]]
    await bot.get_updates()
    assert received == [[0, 1]]


@pytest.fixture
def settings(parts: Parts) -> BotSettings:
    return parts.settings


def test_both_connections_know_the_certificates_from_one_reading(
    settings: BotSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    create, made = ssl.create_default_context, []

    def count(*args: Any, **kwargs: Any) -> ssl.SSLContext:
        made.append(create(*args, **kwargs))
        return made[-1]

    monkeypatch.setattr(ssl, "create_default_context", count)
    connect(settings)
    assert len(made) == 1
    assert made[0].verify_mode == ssl.CERT_REQUIRED


@pytest.mark.parametrize("where", ["polling", "keeping"])
async def test_an_error_that_nobody_expected_does_not_make_it_poll_at_once_for_ever(
    polls: list[int],
    settings: BotSettings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    where: str,
) -> None:
    async def unexpected(*_: Any, **__: Any) -> Any:
        raise ValueError("unexpected")

    bot = connect(settings)
    polls.append(1)
    if where == "polling":
        monkeypatch.setattr(ExtBot, "get_updates", unexpected)
    else:
        bot.hand_over(unexpected)
    with pytest.raises(NetworkError):
        await bot.get_updates()
    assert "unexpected" in caplog.text
