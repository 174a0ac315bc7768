import asyncio
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.transport import rate_limiter
from bot.transport.rate_limiter import FIRST, Rates, repeated


class Telegram:
    """Answers each call with the next outcome."""

    def __init__(self, *outcomes: TelegramError | str) -> None:
        self.outcomes = list(outcomes)
        self.calls = 0

    async def __call__(self, *args: Any, **kwargs: Any) -> str:
        self.calls += 1
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, TelegramError):
            raise outcome
        return outcome


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, without their waiting."""
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr("bot.transport.rate_limiter.asyncio.sleep", note)
    return pauses


async def call(rates: Rates, telegram: Telegram, endpoint: str, chat_id: int = 5) -> Any:
    return await rates.process_request(telegram, (), {}, endpoint, {"chat_id": chat_id}, None)


async def test_a_message_is_repeated_after_the_time_that_telegram_asks_for(
    slept: list[float],
) -> None:
    telegram = Telegram(RetryAfter(timedelta(seconds=7)), "sent")
    assert await call(Rates(), telegram, "sendMessage") == "sent"
    assert slept == [7]


async def test_a_message_is_repeated_after_a_network_error(slept: list[float]) -> None:
    telegram = Telegram(NetworkError("Bad Gateway"), NetworkError("Bad Gateway"), "sent")
    assert await call(Rates(), telegram, "sendPhoto") == "sent"
    assert slept == [0.5, 1.0]


async def test_attempts_come_to_an_end(slept: list[float]) -> None:
    telegram = Telegram(*[NetworkError("away")] * 10)
    with pytest.raises(NetworkError, match="away"):
        await repeated(telegram, attempts=3, what="test")
    assert telegram.calls == 3


@pytest.mark.parametrize("error", [BadRequest("chat not found"), TelegramError("odd")])
async def test_a_refusal_is_not_repeated(error: TelegramError) -> None:
    telegram = Telegram(error, "sent")
    with pytest.raises(type(error)):
        await call(Rates(), telegram, "sendMessage")
    assert telegram.calls == 1


async def test_a_courtesy_is_not_repeated() -> None:
    telegram = Telegram(NetworkError("away"), "done")
    with pytest.raises(NetworkError):
        await call(Rates(), telegram, "sendChatAction")


async def test_a_group_that_is_served_too_fast_waits_alone() -> None:
    rates = Rates()
    group = [
        asyncio.create_task(call(rates, Telegram("sent"), "sendMessage", -7)) for _ in range(21)
    ]
    await asyncio.gather(*group[:20])
    assert await call(rates, Telegram("sent"), "sendMessage", -8) == "sent"
    assert await call(rates, Telegram("sent"), "sendMessage", 5) == "sent"
    assert not group[20].done()
    group[20].cancel()


async def test_the_limiters_of_idle_groups_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.transport.rate_limiter.MOST_GROUPS", 2)
    rates = Rates()
    for group in range(-1, -10, -1):
        rates._group(group)  # asked for, never used
    assert len(rates._groups) <= 3


async def test_what_goes_first_does_not_wait_for_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate_limiter, "MESSAGES_PER_SECOND", 5)
    rates, order = Rates(), []

    async def send(name: str, first: bool) -> None:
        async def sent() -> None:
            order.append(name)

        data = {"chat_id": 5}
        await rates.process_request(sent, (), {}, "sendMessage", data, FIRST if first else 1)

    answers = [asyncio.create_task(send("answer", False)) for _ in range(8)]
    await asyncio.sleep(0)
    await asyncio.gather(*answers, *(send("refusal", True) for _ in range(2)))
    # Five at once, and at most one that was about to go.
    assert order.index("refusal") <= 6
    assert order[-1] == "answer"
