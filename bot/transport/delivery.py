"""The loop that sends a message until Telegram has it, or never will."""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable
from itertools import count

from redis.asyncio import Redis
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.transport.http import UnconfirmedError
from bot.transport.outage import Outage
from bot.transport.rate_limiter import may_have_arrived, retry_seconds
from model.common.queue import keys

log = logging.getLogger(__name__)

# After this long a message that Telegram has not accepted is useless.
KEEP_TRYING_SECONDS = 24 * 3600
# Telegram will never take such a message, however often it is sent.
REFUSED: tuple[type[TelegramError], ...] = (Forbidden, BadRequest, ChatMigrated)
# Times that a message is sent whose outcome stays unknown.
MOST_UNKNOWN = 2
# Seconds for which the number of unknown outcomes is kept: longer than anybody tries to send.
REMEMBERED = 2 * 24 * 3600


class UnknownOutcomes:
    """The number of messages whose delivery is unknown; it survives a restart."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def note(self, name: str) -> int:
        """Count one more for the message of this name; how many there were."""
        async with self._redis.pipeline(transaction=True) as transaction:
            transaction.incr(keys.UNKNOWN + name)
            transaction.expire(keys.UNKNOWN + name, REMEMBERED)
            times, _ = await transaction.execute()
        return int(times)


def unchanged(error: TelegramError) -> bool:
    """Whether Telegram refuses an edit because the message is like that already."""
    return "not modified" in error.message.lower()


async def deliver(
    send: Callable[[], Awaitable[object]],
    *,
    what: str,
    outage: Outage,
    give_up_at: float = math.inf,
    refused: tuple[type[TelegramError], ...] = REFUSED,
    unknown: Callable[[], Awaitable[int]] | None = None,
    most_cut_off: int = MOST_UNKNOWN,
    retried: Callable[[], None] = lambda: None,
) -> Exception | None:
    """Await `send()` until Telegram has the message; the error if it never will.

    `what` names the message in the log, where an error that nobody expected has its traceback. An
    error that passes is waited out until `give_up_at` (Unix time in seconds). Where nobody knows
    whether Telegram took the message, it is sent once more and then counts as sent: `unknown` notes
    such an outcome and returns how many there were, by default in memory. `most_cut_off` is how
    often it is sent if the connection is cut each time.
    """
    in_memory = count(1)
    for attempt in count():
        try:
            await send()
        except RetryAfter as error:
            if time.time() + retry_seconds(error) > give_up_at:
                return error
            retried()
            await asyncio.sleep(retry_seconds(error))
        except refused as error:
            return error
        except TelegramError as error:
            if may_have_arrived(error):
                times = await unknown() if unknown else next(in_memory)
                cut_off = not isinstance(error, TimedOut | UnconfirmedError)
                most = most_cut_off if cut_off else MOST_UNKNOWN
                if times >= most:
                    log.warning("%s counts as sent; Telegram did not confirm: %s", what, error)
                    return None
            if time.time() > give_up_at:
                return error
            retried()
            await outage.wait(error, attempt)
        except Exception as error:
            log.exception("%s cannot be sent.", what)
            return error
        else:
            outage.over()
            return None
    raise AssertionError("count() does not end")
