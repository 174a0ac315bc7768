from collections.abc import AsyncIterator

import pytest
import redis
import redis.asyncio

from model.common.corrections.book import CorrectionBook
from model.common.corrections.encryption import Sealer
from model.common.corrections.store import CorrectionStore
from model.common.redis_tools.connection import connect_async
from tests.helpers.corrections import KEY


@pytest.fixture
def sealer() -> Sealer:
    return Sealer(KEY)


@pytest.fixture
def store(client: redis.Redis, sealer: Sealer) -> CorrectionStore:
    return CorrectionStore(client, sealer)


@pytest.fixture
async def connection(redis_url: str) -> AsyncIterator[redis.asyncio.Redis]:
    async with connect_async(redis_url) as connection:
        yield connection


@pytest.fixture
async def book(connection: redis.asyncio.Redis, sealer: Sealer) -> CorrectionBook:
    return CorrectionBook(connection, sealer)
