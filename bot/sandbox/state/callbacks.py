"""Presses of inline buttons, from the press until the bot's answer."""

import asyncio
import secrets
from dataclasses import dataclass

from bot.sandbox.bot_api.api_errors import bad_request


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """The bot's answer to a press."""

    text: str | None = None
    show_alert: bool = False


class CallbackQueries:
    """The presses that wait for answerCallbackQuery."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[CallbackAnswer]] = {}

    def open(self) -> tuple[str, asyncio.Future[CallbackAnswer]]:
        """A new query's id, and where its answer will be."""
        query_id = str(secrets.randbits(62))
        self._waiting[query_id] = asyncio.get_running_loop().create_future()
        return query_id, self._waiting[query_id]

    def answer(self, query_id: str, answer: CallbackAnswer) -> None:
        """Give the bot's answer; 400 for a query that is unknown, answered, or given up."""
        waiting = self._waiting.pop(query_id, None)
        if waiting is None or waiting.done():
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        waiting.set_result(answer)

    def expire(self, query_id: str) -> None:
        """Nobody waits any more."""
        self._waiting.pop(query_id, None)
