"""The running bot's parts as fixtures."""

from collections.abc import AsyncIterator

import pytest

from tests.helpers.bot.corrections import Correcting, correcting
from tests.helpers.bot.running import Parts, assembled
from tests.helpers.bot.webhook import Posting, posting


@pytest.fixture
async def parts(redis_url: str) -> AsyncIterator[Parts]:
    """The sandbox is up; the bot and the worker are not yet."""
    async with assembled(redis_url) as parts:
        yield parts


@pytest.fixture
async def served(parts: Parts) -> AsyncIterator[Parts]:
    """Everything is up."""
    async with parts.worker.working(), parts.bot():
        yield parts


@pytest.fixture
async def idle(redis_url: str) -> AsyncIterator[Correcting]:
    """Answers can be corrected; neither the bot nor the worker is running yet."""
    async with correcting(redis_url) as both:
        yield both


@pytest.fixture
async def chat(idle: Correcting) -> AsyncIterator[Correcting]:
    """Answers can be corrected, and everything is up."""
    async with idle.parts.worker.working(), idle.parts.bot():
        yield idle


@pytest.fixture
async def quiet(redis_url: str) -> AsyncIterator[Posting]:
    """The sandbox is up; the bot to which it will post is not yet."""
    async with posting(redis_url) as both:
        yield both


@pytest.fixture
async def posted(quiet: Posting) -> AsyncIterator[Posting]:
    """Everything is up, and updates are posted to the bot."""
    async with quiet.parts.worker.working(), quiet.parts.bot():
        yield quiet
