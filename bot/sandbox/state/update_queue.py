"""The queue of updates that wait for the bot, with the Bot API's offset semantics."""

import asyncio
import time
from contextlib import suppress
from copy import deepcopy
from itertools import count
from typing import Any

from telegram import Update

from bot.sandbox.bot_api.api_errors import ApiError, bad_request, conflict
from bot.sandbox.bot_api.request import Json

EPOCH = 1_735_689_600  # 2025-01-01, Unix seconds
MAX_TIMEOUT = 50  # seconds, as on Telegram's servers
MAX_LIMIT = 100

# The kinds that exist. Those in ASKED_FOR come only to a bot that names them.
KINDS = frozenset(Update.ALL_TYPES)
ASKED_FOR = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

TERMINATED = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


def first_number() -> int:
    """Where a counter starts: the milliseconds since 2025, so that no restart repeats a number."""
    return int((time.time() - EPOCH) * 1000)


class Updates:
    """Updates in order, until the bot confirms them with a higher offset."""

    def __init__(self) -> None:
        self.pending: list[Json] = []
        self.allowed: frozenset[str] = KINDS - ASKED_FOR
        self.arrived = asyncio.Event()  # for the webhook's delivery; a new webhook sets it, too
        self._ids = count(first_number())
        self._poll: asyncio.Future[None] | None = None

    def add(self, kind: str, content: Json) -> None:
        """Queue an update, unless the bot did not ask for its kind."""
        if kind not in self.allowed:
            return
        self.pending.append({"update_id": next(self._ids), kind: deepcopy(content)})
        self.arrived.set()
        self.end_poll()

    def allow(self, kinds: list[Any]) -> None:
        """Take the bot's choice of kinds; an empty one means all but those to be asked for."""
        for kind in kinds:
            if not isinstance(kind, str) or kind not in KINDS:
                raise bad_request(f'unknown update type "{kind}" in allowed_updates')
        self.allowed = frozenset(kinds) if kinds else KINDS - ASKED_FOR

    def confirm(self, offset: int) -> None:
        """Forget the updates before `offset`; a negative one keeps only the last -offset."""
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:  # noqa: ASYNC109 - the Bot API's word
        """Wait up to `timeout` seconds for updates. Raises ApiError 409 when another poll comes."""
        self.end_poll(conflict(TERMINATED))
        self.confirm(offset)
        if not self.pending and timeout > 0:
            self._poll = asyncio.get_running_loop().create_future()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._poll, min(timeout, MAX_TIMEOUT))
        return self.pending[: limit if 0 < limit <= MAX_LIMIT else MAX_LIMIT]

    @property
    def polled(self) -> bool:
        """Whether a poll waits."""
        return self._poll is not None and not self._poll.done()

    def end_poll(self, error: ApiError | None = None) -> None:
        """End a waiting poll, with an error or, without one, with what there is."""
        if self._poll is None or self._poll.done():
            return
        if error is None:
            self._poll.set_result(None)
        else:
            self._poll.set_exception(error)
