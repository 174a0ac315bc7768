from collections.abc import AsyncIterator

import pytest

from model.common.corrections.book import CorrectionBook
from model.common.corrections.store import CorrectionStore
from model.common.redis_tools.connection import AsyncClient, Client
from tests.helpers.redis import connect_async


@pytest.fixture
def store(client: Client) -> CorrectionStore:
    return CorrectionStore(client)


@pytest.fixture
async def connection(redis_url: str) -> AsyncIterator[AsyncClient]:
    async with connect_async(redis_url) as connection:
        yield connection


@pytest.fixture
async def book(connection: AsyncClient) -> CorrectionBook:
    return CorrectionBook(connection)
