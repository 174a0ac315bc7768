"""The running bot's parts as fixtures."""

from collections.abc import AsyncIterator

import pytest

from tests.bot.parts import Parts, assembled


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
