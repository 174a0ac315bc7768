"""A served sandbox, and two ways to call it: raw HTTP, and the library that the bot uses."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from bot.sandbox.server import serve
from tests.helpers.bot.sandbox import TOKEN, Sandbox


@dataclass
class Http:
    """A raw client of the server at `url`."""

    url: str
    session: aiohttp.ClientSession

    async def call(self, method: str, **parameters: Any) -> Any:
        """The result of a call that must go well, its parameters as a JSON body."""
        status, body = await self.post(method, json=parameters)
        assert (status, body["ok"]) == (200, True), body
        return body["result"]

    async def refused(self, method: str, **parameters: Any) -> tuple[int, str]:
        """Error code and description of a call that must fail."""
        status, body = await self.post(method, json=parameters)
        assert body["ok"] is False, body
        assert status == body["error_code"]
        return status, body["description"]

    async def post(self, method: str, token: str = TOKEN, **body: Any) -> tuple[int, Any]:
        """HTTP status and JSON of a POST."""
        async with self.session.post(f"{self.url}/bot{token}/{method}", **body) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def served() -> AsyncIterator[tuple[Sandbox, str]]:
    async with serve(Sandbox()) as (sandbox, url):
        yield sandbox, url


@pytest.fixture
def sandbox(served: tuple[Sandbox, str]) -> Sandbox:
    return served[0]


@pytest.fixture
async def http(served: tuple[Sandbox, str]) -> AsyncIterator[Http]:
    async with aiohttp.ClientSession() as session:
        yield Http(served[1], session)


@pytest.fixture
async def bot(served: tuple[Sandbox, str]) -> AsyncIterator[Bot]:
    url = served[1]
    async with Bot(TOKEN, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot") as bot:
        yield bot
